import fc from 'fast-check';
import type { PageRun, PageSet } from '@icecore/memory';
import { byteCounter } from './stored-bytes.ts';

const run = fc.record({ gap: fc.integer({ min: 0, max: 3 }), pages: fc.integer({ min: 1, max: 3 }), state: fc.constantFrom('stored' as const, 'parent' as const, 'lazy' as const) });

describe('byteCounter', () => {
  it('counts what a look at each page would', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 12 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), (parts, from, length) => {
        const runs: PageRun[] = [];
        let at = 0;
        for (const { gap, pages, state } of parts) {
          const start = at + gap * 4096;
          at = start + pages * 4096;
          runs.push({ start, end: at, state, offset: 0, compressed: undefined });
        }
        const set: PageSet = { image: '', pageSize: 4096, pagesImage: '', pages: undefined, runs, parent: undefined, gaps: [] };
        const count = byteCounter();
        for (const state of ['stored', 'parent', 'lazy'] as const) {
          let expected = 0;
          for (let page = from; page < from + length; page++) {
            if (runs.some((each) => each.state === state && each.start <= page * 4096 && page * 4096 < each.end)) expected += 4096;
          }
          expect(count(set, state, from * 4096, (from + length) * 4096)).toBe(expected);
        }
      }),
    );
  });
});
