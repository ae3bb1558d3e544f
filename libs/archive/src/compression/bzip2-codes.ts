import { DamageError } from '@icecore/bytes';
import { type BitReader } from './bit-reader.ts';

const longestCode = 20;

/** Canonical Huffman codes, limits aligned to 20 bits so that one look at the input finds the length. */
export interface CodeTable {
  readonly shortest: number;
  /** By length: the first 20-bit value that no code of this length or shorter begins. */
  readonly limits: Uint32Array;
  /** By length: the code minus this is the place in `symbols`. */
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
}

/** Reads the code lengths of `symbolCount` symbols, each told as steps from the one before. */
export function readCodeTable(bits: BitReader, symbolCount: number): CodeTable {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.take(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) throw new DamageError('malformed', `a bzip2 code is ${length} bits long`);
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return codeTable(lengths);
}

export function readSymbol(bits: BitReader, table: CodeTable): number {
  const value = bits.peek(longestCode);
  let length = table.shortest;
  while (value >= table.limits[length]!) {
    length += 1;
    if (length > longestCode) throw new DamageError('malformed', 'bits that are no bzip2 code');
  }
  bits.skip(length);
  return table.symbols[(value >>> (longestCode - length)) - table.bases[length]!]!;
}

function codeTable(lengths: Uint8Array): CodeTable {
  const limits = new Uint32Array(longestCode + 1);
  const bases = new Int32Array(longestCode + 1);
  const symbols = new Uint16Array(lengths.length);
  let placed = 0;
  let code = 0;
  for (let length = 1; length <= longestCode; length++) {
    bases[length] = code - placed;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      symbols[placed++] = symbol;
      code += 1;
    }
    limits[length] = code * 2 ** (longestCode - length);
    if (limits[length]! > 2 ** longestCode) throw new DamageError('malformed', 'more bzip2 codes than their lengths allow');
    code *= 2;
  }
  return { shortest: lengths.reduce((a, b) => Math.min(a, b), longestCode), limits, bases, symbols };
}
