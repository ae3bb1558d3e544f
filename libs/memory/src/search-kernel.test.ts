import fc from 'fast-check';
import { createLiteralKernel, type LiteralHit, type LiteralKernelOptions, maxLiteralBufferBytes, maxLiteralPatternBytes, maxLiteralPatternCount } from './search-kernel.ts';

type Found = readonly [offset: number, pattern: number][];

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const wide = (text: string): Uint8Array => Buffer.from(text, 'utf16le');
const bothForms = (text: string): Uint8Array[] => [ascii(text), wide(text)];

/** Finds in a buffer that is exactly as long as the bytes, the rest of the kernel's memory being `noise`. */
function find(
  patterns: readonly Uint8Array[],
  bytes: Uint8Array,
  scanLength = bytes.length,
  options: Partial<LiteralKernelOptions> & { readonly noise?: Uint8Array } = {},
): Found {
  const { noise = new Uint8Array(0), ignoreCase = false } = options;
  const kernel = createLiteralKernel(patterns, { bufferBytes: bytes.length + noise.length, ignoreCase });
  kernel.buffer.set(bytes);
  kernel.buffer.set(noise, bytes.length);
  return listed(kernel.find(scanLength, bytes.length));
}

function listed(hits: readonly LiteralHit[]): Found {
  return hits.map(({ offset, pattern }) => [offset, pattern]);
}

function findNaively(patterns: readonly Uint8Array[], bytes: Uint8Array, scanLength: number, ignoreCase = false): Found {
  const fold = (byte: number): number => (ignoreCase && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
  const found: [number, number][] = [];
  for (let offset = 0; offset < scanLength; offset++) {
    for (const [index, pattern] of patterns.entries()) {
      if (offset + pattern.length > bytes.length) continue;
      if (pattern.every((byte, i) => fold(byte) === fold(bytes[offset + i]!))) found.push([offset, index]);
    }
  }
  return found;
}

describe('literal search', () => {
  it('finds a literal in ASCII and in UTF-16LE, in the order of the memory', () => {
    const memory = Buffer.concat([ascii('..key=RANDOM_1432_KEY;'), wide('RANDOM_1432_KEY'), ascii('RANDOM_1432_KEY')]);
    expect(find(bothForms('RANDOM_1432_KEY'), memory)).toEqual([[6, 0], [22, 1], [52, 0]]);
  });

  it('orders matches of both forms where the wide one is noticed last', () => {
    const memory = Buffer.concat([wide('aaaaZ'), ascii('aaaaZ')]);
    expect(find([ascii('aaaaZ'), wide('aaaaZ'), ascii('Z')], memory)).toEqual([[0, 1], [8, 2], [10, 0], [14, 2]]);
  });

  const text = ascii('needle in hay, needle');
  it.each([
    { title: 'a match at the first byte', scan: 1, available: 21, expected: [[0, 0]] },
    { title: 'a match that ends with the bytes', scan: 21, available: 21, expected: [[0, 0], [15, 0]] },
    { title: 'no match that lacks its last byte', scan: 20, available: 20, expected: [[0, 0]] },
    { title: 'a match that starts with the last byte to scan', scan: 16, available: 21, expected: [[0, 0], [15, 0]] },
    { title: 'no match that starts in the look-ahead', scan: 15, available: 21, expected: [[0, 0]] },
    { title: 'nothing where nothing is to scan', scan: 0, available: 21, expected: [] },
  ])('finds $title', ({ scan, available, expected }) => {
    const kernel = createLiteralKernel([ascii('needle')], { bufferBytes: text.length });
    kernel.buffer.set(text);
    expect(listed(kernel.find(scan, available))).toEqual(expected);
  });

  it('finds a match at every offset around the block and strip edges', () => {
    const length = 3 * 32768;
    for (const patterns of [bothForms('needle'), manyPatterns('needle')]) {
      const kernel = createLiteralKernel(patterns, { bufferBytes: length });
      for (const edge of [16, 32, 64, 32768, 65536, length - 8]) {
        for (let offset = Math.max(0, edge - 9); offset <= Math.min(edge + 9, length - 6); offset++) {
          kernel.buffer.set(ascii('needle'), offset);
          expect(listed(kernel.find(length, length))).toEqual([[offset, 0]]);
          kernel.buffer.fill(0, offset, offset + 6);
        }
      }
    }
  });

  it('finds pieces and their seams once each, as one buffer would', () => {
    const memory = ascii('abcab'.repeat(400));
    const kernel = createLiteralKernel([ascii('cababc')], { bufferBytes: 100 + 5 });
    const found: number[] = [];
    for (let start = 0; start < memory.length; start += 100) {
      const piece = memory.subarray(start, start + 105);
      kernel.buffer.set(piece);
      for (const [offset] of listed(kernel.find(Math.min(100, piece.length), piece.length))) found.push(start + offset);
    }
    expect(found).toEqual(findNaively([ascii('cababc')], memory, memory.length).map(([offset]) => offset));
    expect(found.length).toBe(399);
  });

  it('gives every one of more matches than its result area holds', () => {
    const length = 300_000;
    const patterns = [ascii('A'), ascii('AAA')];
    const found = find(patterns, new Uint8Array(length).fill(0x41));
    expect(found.length).toBe(2 * length - 2);
    expect(found.every(([offset, pattern], i) => offset === i >> 1 && pattern === (i & 1) || i >= 2 * (length - 2))).toBe(true);
    expect(found.slice(-3)).toEqual([[length - 3, 1], [length - 2, 0], [length - 1, 0]]);
  });

  it('gives every match of 64 patterns that all match everywhere', () => {
    const length = 2000;
    const patterns = Array.from({ length: 64 }, (_, i) => new Uint8Array(i + 1));
    const found = find(patterns, new Uint8Array(length));
    expect(found).toEqual(findNaively(patterns, new Uint8Array(length), length));
  });

  it('finds the zero byte and its wide form in zero pages', () => {
    expect(find([Uint8Array.of(0), Uint8Array.of(0, 0)], new Uint8Array(3))).toEqual([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0]]);
  });

  it('finds the longest patterns it takes', () => {
    const pattern = Uint8Array.from({ length: maxLiteralPatternBytes }, (_, i) => (i === maxLiteralPatternBytes - 1 ? 0xee : i % 3));
    const memory = Buffer.concat([new Uint8Array(77), pattern, pattern.subarray(0, -1), new Uint8Array(9)]);
    expect(find([pattern], memory)).toEqual([[77, 0]]);
    expect(find([pattern], memory, memory.length - 5, { ignoreCase: true })).toEqual([[77, 0]]);
  });

  it('reports a pattern that is listed twice under both indexes', () => {
    expect(find([ascii('ab'), ascii('ab')], ascii('.ab'))).toEqual([[1, 0], [1, 1]]);
  });
});

describe('literal search that ignores case', () => {
  it('folds ASCII letters in both forms and nothing else', () => {
    const memory = Buffer.concat([ascii('PassWord_1 password\x7f1 '), wide('pASSWORD_1')]);
    expect(find(bothForms('PASSword_1'), memory, memory.length, { ignoreCase: true })).toEqual([[0, 0], [22, 1]]);
  });

  it.each(['@`', '[{', '\u00c0\u00e0', '\x10\x30', 'K\x0b'])('tells %j apart by their case bit where one is no letter', (pair) => {
    const [a = '', b = ''] = pair;
    expect(find([ascii(a)], ascii(b), 1, { ignoreCase: true })).toEqual([]);
    expect(find([ascii(b)], ascii(a), 1, { ignoreCase: true })).toEqual([]);
  });
});

describe('literal search against a naive one', () => {
  const letters = fc.constantFrom(0, 0x61, 0x41, 0x62);
  const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
    fc.array(letters, { minLength, maxLength }).map((values) => Uint8Array.from(values));
  const widened = (narrow: Uint8Array): Uint8Array => Uint8Array.from({ length: 2 * narrow.length }, (_, i) => (i % 2 === 0 ? narrow[i / 2]! : 0));
  const pairs = bytes(1, 20).map((narrow) => [narrow, widened(narrow)]);
  const lists = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array[]> => fc.array(bytes(1, 20), { minLength, maxLength });

  /** Memory in which the patterns do occur: stretches of them, whole and cut, between random bytes. */
  const memoryOf = (patterns: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
    fc.array(fc.oneof(bytes(0, 12), fc.constantFrom(...patterns), fc.constantFrom(...patterns).map((p) => p.subarray(0, -1))), { maxLength: 24 })
      .map((parts) => Buffer.concat(parts))
      .filter(({ length }) => length > 0);

  it.each([
    { title: 'a literal and its wide form', patterns: pairs },
    { title: 'the wide form and its literal', patterns: pairs.map((pair) => [...pair].reverse()) },
    { title: 'one pattern', patterns: lists(1, 1) },
    { title: 'a few patterns', patterns: lists(2, 8) },
    { title: 'several literals with their wide forms', patterns: fc.array(pairs, { minLength: 2, maxLength: 6 }).map((all) => all.flat()) },
    { title: 'many patterns', patterns: lists(9, 32) },
    { title: 'as many patterns as there may be', patterns: lists(64, 64) },
  ])('agrees on $title', ({ patterns }) => {
    const cases = patterns.chain((list) => fc.tuple(fc.constant(list), memoryOf(list), bytes(0, 40), fc.nat(), fc.boolean()));
    fc.assert(
      fc.property(cases, ([list, memory, noise, seed, ignoreCase]) => {
        const scanLength = seed % 3 === 0 ? memory.length : seed % (memory.length + 1);
        const expected = findNaively(list, memory, scanLength, ignoreCase);
        expect(find(list, memory, scanLength, { ignoreCase, noise })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Array.from({ length: 20 }, (_, i) => i + 1))('agrees on patterns of %i bytes at every alignment', (length) => {
    const pattern = Uint8Array.from({ length }, (_, i) => 0x61 + ((i * 7) % 5));
    for (const patterns of [[pattern], [pattern, widened(pattern)], [...manyPatterns('unrelated').slice(1), pattern]]) {
      const memory = Buffer.concat(Array.from({ length: 70 }, (_, i) => Buffer.concat([pattern, widened(pattern), new Uint8Array(i % 17)])));
      expect(find(patterns, memory)).toEqual(findNaively(patterns, memory, memory.length));
    }
  });
});

describe('limits of the literal search', () => {
  const one = [ascii('x')];
  it.each<{ title: string; patterns: Uint8Array[]; bufferBytes: number }>([
    { title: 'no pattern', patterns: [], bufferBytes: 1 },
    { title: 'too many patterns', patterns: Array.from({ length: maxLiteralPatternCount + 1 }, () => ascii('x')), bufferBytes: 1 },
    { title: 'an empty pattern', patterns: [ascii('x'), ascii('')], bufferBytes: 1 },
    { title: 'a pattern that is too long', patterns: [new Uint8Array(maxLiteralPatternBytes + 1)], bufferBytes: 1 },
    { title: 'an empty buffer', patterns: one, bufferBytes: 0 },
    { title: 'a broken buffer length', patterns: one, bufferBytes: 1.5 },
    { title: 'a buffer that is too large', patterns: one, bufferBytes: maxLiteralBufferBytes + 1 },
  ])('refuse $title', ({ patterns, bufferBytes }) => {
    expect(() => createLiteralKernel(patterns, { bufferBytes })).toThrow(RangeError);
  });

  it.each([[-1, 4], [5, 4], [1, 9], [0.5, 4], [1, Number.NaN]])('refuse to scan %d of %d bytes in a buffer of 8', (scan, available) => {
    const kernel = createLiteralKernel(one, { bufferBytes: 8 });
    expect(() => kernel.find(scan, available)).toThrow(RangeError);
  });

  it('take a buffer of the largest size, to its last byte', () => {
    const kernel = createLiteralKernel(bothForms('needle'), { bufferBytes: maxLiteralBufferBytes });
    kernel.buffer.set(ascii('needle'), maxLiteralBufferBytes - 6);
    expect(listed(kernel.find(maxLiteralBufferBytes, maxLiteralBufferBytes))).toEqual([[maxLiteralBufferBytes - 6, 0]]);
  });
});

function manyPatterns(first: string): Uint8Array[] {
  return [ascii(first), ...Array.from({ length: 63 }, (_, i) => ascii(`other-pattern-${i}`))];
}
