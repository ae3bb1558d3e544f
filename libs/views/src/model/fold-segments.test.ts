import fc from 'fast-check';
import { foldSegments } from './fold-segments.ts';
import type { Piece } from './memory-view.ts';

const kinds = ['program', 'library', 'heap', 'anonymous'] as const;

/** Address spaces as they come: neighbours, small gaps, wide gaps. */
const spaces = fc
  .array(fc.record({ pages: fc.integer({ min: 1, max: 2 ** 20 }), gap: fc.constantFrom(0, 0, 0, 1, 300, 2 ** 22), kind: fc.constantFrom(...kinds), name: fc.constantFrom('', 'a', 'b'), apart: fc.boolean() }), { maxLength: 300 })
  .map((shapes) => {
    let at = 0x400000n;
    return shapes.map(({ pages, gap, kind, name, apart }): Piece => {
      const start = at + BigInt(gap) * 4096n;
      at = start + BigInt(pages) * 4096n;
      return { start, end: at, bytes: pages * 4096, storedBytes: 4096, kind, permissions: 'rw-p', executable: false, writableCode: false, name, mappings: 1, apart };
    });
  });
const sum = (pieces: readonly Piece[], count: (piece: Piece) => number): number => pieces.reduce((total, piece) => total + count(piece), 0);

describe('mappings that are folded', () => {
  it('are as few as asked for, lose no byte, and keep their order', () => {
    fc.assert(
      fc.property(spaces, fc.integer({ min: 1, max: 60 }), (pieces, most) => {
        const folded = foldSegments(pieces, most);
        expect(folded.length).toBeLessThanOrEqual(most);
        for (const count of [({ bytes }: Piece) => bytes, ({ storedBytes }: Piece) => storedBytes, ({ mappings }: Piece) => mappings]) expect(sum(folded, count)).toBe(sum(pieces, count));
        folded.forEach((piece, i) => expect(piece.start >= (folded[i - 1]?.end ?? 0n)).toBe(true));
      }),
    );
  });

  it('leave alone what a finding is about where there is room', () => {
    const pieces = Array.from({ length: 400 }, (_, i): Piece => ({ start: BigInt(i) * 4096n, end: BigInt(i + 1) * 4096n, bytes: 4096, storedBytes: 0, kind: 'anonymous', permissions: 'rw-p', executable: false, writableCode: false, name: '', mappings: 1, apart: i === 200 }));
    const folded = foldSegments(pieces, 20);
    expect(folded.find(({ apart }) => apart)).toMatchObject({ mappings: 1, start: 200n * 4096n });
    expect(folded.length).toBeLessThanOrEqual(20);
    expect(Math.max(...folded.map(({ mappings }) => mappings))).toBeLessThan(100);
  });

  it('stay as they are where they are few', () => {
    fc.assert(fc.property(spaces, (pieces) => expect(foldSegments(pieces, 1000)).toBe(pieces)));
  });
});
