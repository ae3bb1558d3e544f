import { at, type ByteSource, DamageError } from '@icecore/bytes';
import { BitReader } from './bit-reader.ts';
import { blockBytes, readBlock } from './bzip2-block.ts';
import { Cursor } from './cursor.ts';

/** More than a block can take: 900,000 codes of 20 bits, its tables and its selectors. */
const longestBlock = 4 << 20;
/** Bytes of a block for each step of the level. */
const blockUnit = 100_000;
const blockMagic = 0x314159265359;
const endMagic = 0x177245385090;

/** The expanded bytes of all streams of a bzip2 file. */
export async function* bunzip2(source: ByteSource): AsyncGenerator<Uint8Array> {
  const cursor = new Cursor(source);
  let work = new Uint32Array(0);
  while (!cursor.atEnd) {
    const head = await cursor.peek(4);
    const level = (head[3] ?? 0) - 0x30;
    if (head[0] !== 0x42 || head[1] !== 0x5a || head[2] !== 0x68 || level < 1 || level > 9) {
      throw new DamageError('malformed', 'no bzip2 stream begins here', { offset: cursor.offset });
    }
    cursor.skip(4);
    if (work.length < level * blockUnit) work = new Uint32Array(level * blockUnit);
    yield* streamBytes(cursor, work.subarray(0, level * blockUnit));
  }
}

/** Blocks are not aligned to bytes: `shift` is how many bits of the cursor's next byte are taken already. */
async function* streamBytes(cursor: Cursor, work: Uint32Array): AsyncGenerator<Uint8Array> {
  let combined = 0;
  for (let shift = 0; ; ) {
    const place = { offset: cursor.offset };
    const bits = new BitReader(await cursor.peek(longestBlock), shift);
    const magic = await at(place, () => bits.take(24) * 2 ** 24 + bits.take(24));
    if (magic === endMagic) {
      const stated = await at(place, () => bits.takeWord());
      if (stated !== combined) throw new DamageError('malformed', 'the bzip2 stream does not match its CRC', place);
      bits.align();
      cursor.skip(bits.position / 8);
      return;
    }
    if (magic !== blockMagic) throw new DamageError('malformed', 'no bzip2 block begins here', place);
    const block = await at(place, () => readBlock(bits, work));
    yield* placedBytes(blockBytes(block), place.offset);
    combined = (((combined << 1) | (combined >>> 31)) ^ block.crc) >>> 0;
    cursor.skip(bits.position >>> 3);
    shift = bits.position & 7;
  }
}

async function* placedBytes(chunks: Generator<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const step = await at({ offset }, () => chunks.next());
    if (step.done === true) return;
    yield step.value;
  }
}
