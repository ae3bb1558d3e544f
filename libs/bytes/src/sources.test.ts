import fc from 'fast-check';
import { readAll, readInto, readPieces } from './source.ts';
import { memorySource, type Segment, sliceSource, sparseSource } from './sources.ts';

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
const refusal = { name: 'DamageError', code: 'truncated' };

describe('a source', () => {
  const sources = [
    ['over memory', memorySource(bytes)],
    ['that is a slice', sliceSource(memorySource(Uint8Array.from([7, 7, ...bytes, 7])), 2, 102)],
    ['that is a slice of a slice', sliceSource(sliceSource(memorySource(Uint8Array.from([7, 7, ...bytes, 7])), 1, 103), 1, 101)],
    ['that is sparse without holes', sparseSource(100, [{ offset: 0, source: memorySource(bytes) }])],
  ] as const;

  it.each(sources)('%s gives the bytes of any range, and refuses what lies outside', async (_, source) => {
    expect(source.size).toBe(100);
    for (const [start, end] of [[0, 100], [0, 0], [100, 100], [3, 4], [99, 100]] as const) {
      expect([...(await source.read(start, end))]).toEqual([...bytes.subarray(start, end)]);
      const target = new Uint8Array(end - start);
      await readInto(source, target, start);
      expect([...target]).toEqual([...bytes.subarray(start, end)]);
    }
    for (const [start, end] of [[0, 101], [-1, 1], [2, 1], [0.5, 1], [Number.NaN, 1], [0, 2 ** 60]] as const) {
      await expect(source.read(start, end)).rejects.toMatchObject(refusal);
    }
    await expect(readInto(source, new Uint8Array(2), 99)).rejects.toMatchObject(refusal);
  });

  it.each(sources)('%s comes in pieces', async (_, source) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of readPieces(source, 30)) pieces.push(piece);
    expect(pieces.map(({ length }) => length)).toEqual([30, 30, 30, 10]);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  it('is not sliced past its end', () => {
    expect(() => sliceSource(memorySource(bytes), 50, 101)).toThrow(/bytes 50 to 101 are not inside 100 bytes/);
  });
});

describe('a sparse source', () => {
  const layout = fc.array(fc.record({ hole: fc.nat(9), run: fc.uint8Array({ maxLength: 9 }) }), { maxLength: 8 });

  it('is its runs with zeros between', async () => {
    await fc.assert(
      fc.asyncProperty(layout, fc.nat(9), fc.nat(200), fc.nat(200), async (parts, tail, a, b) => {
        const segments: Segment[] = [];
        const expected: number[] = [];
        for (const { hole, run } of parts) {
          expected.push(...new Array<number>(hole).fill(0));
          segments.push({ offset: expected.length, source: memorySource(run) });
          expected.push(...run);
        }
        expected.push(...new Array<number>(tail).fill(0));
        const source = sparseSource(expected.length, segments);
        const start = Math.min(a, b, expected.length);
        const end = Math.min(Math.max(a, b), expected.length);
        expect([...(await readAll(source))]).toEqual(expected);
        expect([...(await source.read(start, end))]).toEqual(expected.slice(start, end));
      }),
    );
  });

  it('of petabytes takes no room', async () => {
    const source = sparseSource(2 ** 52, [{ offset: 2 ** 51, source: memorySource(Uint8Array.of(1, 2)) }]);
    expect([...(await source.read(2 ** 51 - 1, 2 ** 51 + 3))]).toEqual([0, 1, 2, 0]);
  });

  it.each([
    ['overlap', 100, [0, 5]],
    ['are out of order', 100, [50, 0]],
    ['pass its end', 12, [5]],
    ['lie in a size that no number counts', 2 ** 60, [0]],
  ])('whose runs %s is refused', (_, size, offsets) => {
    const segments = offsets.map((offset) => ({ offset, source: memorySource(bytes.subarray(0, 10)) }));
    expect(() => sparseSource(size, segments)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});
