import fc from 'fast-check';
import type { MemoryView, SegmentView } from '../model/memory-view.ts';
import { flagTop, layMemoryOut, mapWidth } from './memory-layout.ts';

const views = fc
  .array(fc.record({ bytes: fc.integer({ min: 4096, max: 2 ** 40 }), gapBytes: fc.constantFrom(0, 4096, 2 ** 20, 2 ** 44), markers: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 240 })
  .map((shapes): MemoryView => {
    const segments = shapes.map(({ bytes, gapBytes }): SegmentView => ({ start: '7f0000000000', end: '7f0000001000', bytes, storedBytes: 0, kind: 'anonymous', permissions: 'rw-p', executable: false, writableCode: false, name: 'x', mappings: 1, gapBytes }));
    const markers = shapes.flatMap(({ markers: count }, segment) => Array.from({ length: count }, (_, i) => ({ segment, at: i / 3, address: 'a', finding: segment * 3 + i, severity: 'high' as const })));
    return { pid: 1, name: 'x', mappings: segments.length, mappedBytes: 0, storedBytes: 0, segments, markers, command: undefined };
  });

describe('the picture of an address space', () => {
  it('fits its width, from low to high, with no flag over another', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { bars, flags, hiddenFlags, top } = layMemoryOut(view);
        expect(bars).toHaveLength(view.segments.length);
        bars.forEach(({ x, width }, i) => {
          expect(width).toBeGreaterThan(0);
          expect(x + width).toBeLessThanOrEqual(mapWidth + 1);
          expect(x + 0.2).toBeGreaterThanOrEqual((bars[i - 1]?.x ?? 0) + (bars[i - 1]?.width ?? 0) - 0.2);
        });
        expect(flags.length + hiddenFlags).toBe(view.markers.length);
        for (const flag of flags) {
          expect(flagTop(flag, top)).toBeGreaterThanOrEqual(0);
          expect(flags.filter((other) => other !== flag && other.row === flag.row && other.x < flag.x + flag.width && flag.x < other.x + other.width)).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
