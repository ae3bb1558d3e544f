import { isDamageError } from '@icecore/bytes';
import fc from 'fast-check';
import { decompressLz4Block } from './lz4.ts';

/** A small compressor: the longest match that an exhaustive look back finds, else literals. */
function compress(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let literals: number[] = [];
  const extend = (length: number): number[] => (length < 15 ? [] : [...new Array<number>(Math.floor((length - 15) / 255)).fill(255), (length - 15) % 255]);
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    let distance = 0;
    for (let back = 1; back <= at && back < 65536; back++) {
      let match = 0;
      while (at + match < bytes.length - 5 && bytes[at + match] === bytes[at + match - back]) match += 1;
      if (match > length) [length, distance] = [match, back];
    }
    if (length < 4) literals.push(bytes[at++]!);
    else {
      out.push((Math.min(15, literals.length) << 4) | Math.min(15, length - 4), ...extend(literals.length), ...literals, distance & 255, distance >> 8, ...extend(length - 4));
      literals = [];
      at += length;
    }
  }
  out.push(Math.min(15, literals.length) << 4, ...extend(literals.length), ...literals);
  return Uint8Array.from(out);
}

describe('an LZ4 block', () => {
  it('gives what was compressed', () => {
    const repetitive = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 90 })), { maxLength: 8 });
    fc.assert(
      fc.property(repetitive, (parts) => {
        const bytes = Buffer.concat(parts.flatMap(([part, times]) => new Array<Uint8Array>(times).fill(part)));
        const block = compress(bytes);
        expect(Buffer.from(decompressLz4Block(block, bytes.length)).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['literals alone', [0x30, 1, 2, 3], 3, [1, 2, 3]],
    ['a match that overlaps itself', [0x11, 7, 1, 0, 0x00], 6, [7, 7, 7, 7, 7, 7]],
    ['a long run of literals', [0xf0, 1, ...new Array<number>(16).fill(9)], 16, new Array<number>(16).fill(9)],
  ])('of %s is read', (_, block, size, bytes) => {
    expect([...decompressLz4Block(Uint8Array.from(block), size)]).toEqual(bytes);
  });

  it.each([
    ['gives too little', [0x10, 1], 2],
    ['gives too much', [0x20, 1, 2], 1],
    ['is cut in literals', [0x30, 1], 3],
    ['is cut in a length', [0xf0, 255], 300],
    ['is cut in an offset', [0x10, 1, 1], 9],
    ['points before its start', [0x10, 1, 2, 0, 0], 5],
    ['points nowhere', [0x10, 1, 0, 0, 0], 5],
  ])('that %s is refused', (_, block, size) => {
    expect(() => decompressLz4Block(Uint8Array.from(block), size)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('of random bytes gives its size or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(300), (block, size) => {
        try {
          expect(decompressLz4Block(block, size)).toHaveLength(size);
        } catch (error) {
          expect(isDamageError(error)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
