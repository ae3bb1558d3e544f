import { DamageError } from '@icecore/bytes';
import { type BitReader } from './bit-reader.ts';
import { type CodeTable, readCodeTable, readSymbol } from './bzip2-codes.ts';

const symbolsPerSelector = 50;
const outputBytes = 1 << 18;

/** A block after its Huffman and move-to-front stages. */
export interface Block {
  /** CRC of the block's expanded bytes, as the block states it. */
  readonly crc: number;
  /** By position: the last column's byte in the low 8 bits, the next position above. A view on the work space. */
  readonly links: Uint32Array;
  readonly first: number;
}

/** Reads a block whose magic is taken already. `work` has as many places as the stream's block size has bytes. */
export function readBlock(bits: BitReader, work: Uint32Array): Block {
  const crc = bits.takeWord();
  if (bits.take(1) === 1) throw new DamageError('unsupported', 'a bzip2 block of the randomised kind, given up in 1997');
  const first = bits.take(24);
  const bytes = readUsedBytes(bits);
  const { tables, selectors } = readTables(bits, bytes.length + 2);
  const length = readBytes(bits, bytes, tables, selectors, work);
  if (first >= length) throw new DamageError('malformed', `a bzip2 block of ${length} bytes begins at ${first}`);
  const links = work.subarray(0, length);
  link(links);
  return { crc, links, first };
}

/** The expanded bytes of a block: the links followed, runs of four and a count made whole. Throws at the end where the CRC differs. */
export function* blockBytes(block: Block): Generator<Uint8Array> {
  const { links } = block;
  let output = new Uint8Array(outputBytes);
  let used = 0;
  let crc = 0xffffffff;
  let run = 0;
  let previous = -1;
  let position = links[block.first]! >>> 8;
  for (let left = links.length; left > 0; left--) {
    const linked = links[position]!;
    const byte = linked & 0xff;
    position = linked >>> 8;
    let copies = 1;
    let value = byte;
    if (run === 4) {
      copies = byte;
      value = previous;
      run = 0;
      previous = -1;
    } else {
      run = byte === previous ? run + 1 : 1;
      previous = byte;
    }
    if (used + copies > output.length) {
      yield output.subarray(0, used);
      output = new Uint8Array(outputBytes);
      used = 0;
    }
    for (; copies > 0; copies--) {
      output[used++] = value;
      crc = (crc << 8) ^ crcTable[(crc >>> 24) ^ value]!;
    }
  }
  if (used > 0) yield output.subarray(0, used);
  if (~crc >>> 0 !== block.crc) throw new DamageError('malformed', 'a bzip2 block does not match its CRC');
}

function readUsedBytes(bits: BitReader): Uint8Array {
  const rows = bits.take(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.take(16);
    for (let column = 0; column < 16; column++) if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  if (used.length === 0) throw new DamageError('malformed', 'a bzip2 block uses no byte at all');
  return Uint8Array.from(used);
}

function readTables(bits: BitReader, symbolCount: number): { tables: CodeTable[]; selectors: Uint8Array } {
  const tableCount = bits.take(3);
  if (tableCount < 2 || tableCount > 6) throw new DamageError('malformed', `a bzip2 block has ${tableCount} code tables`);
  const selectors = new Uint8Array(bits.take(15));
  const order = [0, 1, 2, 3, 4, 5];
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.take(1) === 1) place += 1;
    if (place >= tableCount) throw new DamageError('malformed', `a bzip2 block selects code table ${place} of ${tableCount}`);
    const [table = 0] = order.splice(place, 1);
    order.unshift(table);
    selectors[i] = table;
  }
  return { tables: Array.from({ length: tableCount }, () => readCodeTable(bits, symbolCount)), selectors };
}

/** Symbols 0 and 1 are the digits of a run's length, those after are places in the move-to-front list, the last ends the block. */
function readBytes(bits: BitReader, bytes: Uint8Array, tables: readonly CodeTable[], selectors: Uint8Array, target: Uint32Array): number {
  const list = Uint8Array.from(bytes);
  const endOfBlock = bytes.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  for (const selector of selectors) {
    const table = tables[selector]!;
    for (let i = 0; i < symbolsPerSelector; i++) {
      const symbol = readSymbol(bits, table);
      if (symbol <= 1) {
        run += weight << symbol;
        weight *= 2;
        if (length + run > target.length) throw new DamageError('malformed', 'a bzip2 block holds more bytes than its size');
        continue;
      }
      target.fill(list[0]!, length, length + run);
      length += run;
      run = 0;
      weight = 1;
      if (symbol === endOfBlock) return length;
      if (length >= target.length) throw new DamageError('malformed', 'a bzip2 block holds more bytes than its size');
      const byte = list[symbol - 1]!;
      list.copyWithin(1, 0, symbol - 1);
      list[0] = byte;
      target[length++] = byte;
    }
  }
  throw new DamageError('malformed', 'a bzip2 block does not end');
}

/** Undoes the Burrows-Wheeler transform: at the place a byte has in sorted order, writes where it came from. */
function link(links: Uint32Array): void {
  const places = new Uint32Array(257);
  for (const byte of links) places[byte + 1]! += 1;
  for (let i = 1; i < 257; i++) places[i]! += places[i - 1]!;
  for (let i = 0; i < links.length; i++) {
    const byte = links[i]! & 0xff;
    links[places[byte]!++]! |= i << 8;
  }
}

/** CRC-32 with the most significant bit first, polynomial 0x04c11db7. */
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});
