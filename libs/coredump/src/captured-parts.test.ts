import fc from 'fast-check';
import { memorySource } from '@icecore/bytes';
import { addressSpace, type AddressSpace, type MappedArea, type PageRun, type PageSet } from '@icecore/memory';
import { capturedParts } from './captured-parts.ts';

const page = 4096;
const pageCount = 12;

/** What a dump may hold of each of the first pages, and how much of the pages image is there. */
const layouts = fc.record({
  states: fc.array(fc.constantFrom('stored', 'parent', 'lazy', 'none'), { minLength: pageCount, maxLength: pageCount }),
  missingBytes: fc.integer({ min: 0, max: 3 * page }),
  noPages: fc.boolean(),
});

function pageSet(layout: { states: readonly string[]; missingBytes: number; noPages: boolean }, parent: PageSet | undefined): PageSet {
  const runs: PageRun[] = [];
  let offset = 0;
  layout.states.forEach((state, i) => {
    if (state !== 'stored' && state !== 'parent' && state !== 'lazy') return;
    runs.push({ start: i * page, end: (i + 1) * page, state, offset, compressed: undefined });
    if (state === 'stored') offset += page;
  });
  const pages = layout.noPages ? undefined : memorySource(new Uint8Array(Math.max(0, offset - layout.missingBytes)).fill(7));
  return { image: 'pagemap-1.img', pageSize: page, pagesImage: 'pages-1.img', pages, runs, parent, gaps: [] };
}

/** Parts as text, neighbours of one state joined. */
function drawn(parts: Iterable<{ start: bigint; end: bigint; state: string }>): string[] {
  const lines: string[] = [];
  for (const { start, end, state } of parts) {
    const last = lines.at(-1)?.split(' ');
    if (last?.[2] === state && last[1] === String(start)) lines[lines.length - 1] = `${last[0]} ${end} ${state}`;
    else lines.push(`${start} ${end} ${state}`);
  }
  return lines;
}

async function expectSame(space: AddressSpace): Promise<void> {
  for (const area of space.areas) {
    const { parts } = await space.read(area.start, Number(area.end - area.start));
    expect(drawn(capturedParts(space, area))).toEqual(drawn(parts));
  }
}

describe('what is captured of an area', () => {
  it('is told without reading as reading it tells', async () => {
    const backings = fc.constantFrom('zeros', 'file', 'shared', 'over', 'mapped', 'unreadable');
    await fc.assert(
      fc.asyncProperty(layouts, layouts, layouts, fc.array(backings, { minLength: 4, maxLength: 4 }), fc.boolean(), async (own, below, shared, kinds, hasParent) => {
        const pages = pageSet(own, hasParent ? pageSet(below, undefined) : undefined);
        const view = { segment: pageSet(shared, undefined), offset: BigInt(page) };
        const backingOf = (kind: string): MappedArea['backing'] => {
          if (kind === 'shared') return { kind: 'shared', ...view };
          if (kind === 'mapped') return { kind: 'file' };
          if (kind === 'unreadable') return { kind: 'unreadable' };
          return { kind: 'private', over: kind === 'zeros' || kind === 'file' ? kind : view };
        };
        const areas = kinds.map((kind, i) => ({ start: BigInt(3 * i * page), end: BigInt(3 * (i + 1) * page), backing: backingOf(kind) }));
        await expectSame(addressSpace(1, page, areas, pages));
      }),
    );
  });
});
