import { folderOf, lettersOf, pageImages, pagesOf, type RunForm } from './memory.test-support.ts';
import { openPageSet, type PageSet, pageSetSource, readPages } from './page-set.ts';

const page = 4096;
const setOf = (runs: readonly RunForm[], pages: Uint8Array, pageSize = page): Promise<PageSet> =>
  openPageSet(folderOf(pageImages('1', 1, runs, pages)), 'pagemap-1.img', pageSize);
const readStates = async (set: PageSet, address: bigint, length: number): Promise<[string, string[]]> => {
  const bytes = new Uint8Array(length).fill(0xee);
  const parts = await readPages(set, address, bytes);
  expect(parts.reduce((end, part) => (expect(part.start).toBe(end), part.end), 0)).toBe(length);
  return [lettersOf(bytes), parts.map(({ state }) => state)];
};

describe('the pages of a dump', () => {
  it('lie in the pages image in the order of the entries that are present', async () => {
    const set = await setOf([{ vaddr: 0x1000, pages: 1 }, { vaddr: 0x2000, pages: 1, flags: 2 }, { vaddr: 0x3000, pages: 2 }], pagesOf('abc'));
    expect(set.runs.map(({ start, end, state, offset }) => [start, end, state, offset])).toEqual([
      [0x1000, 0x2000, 'stored', 0],
      [0x2000, 0x3000, 'lazy', page],
      [0x3000, 0x5000, 'stored', page],
    ]);
    expect(await readStates(set, 0x800n, 0x5000)).toEqual(['.a.bc.', ['absent', 'stored', 'unavailable', 'stored', 'absent']]);
  });

  it('that follow each other are one run', async () => {
    const { runs } = await setOf([{ vaddr: 0x1000, pages: 1 }, { vaddr: 0x2000, pages: 3 }], pagesOf('abcd'));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ start: 0x1000, end: 0x5000 });
  });

  it('that overlap others are left out, and a gap tells', async () => {
    const { runs, gaps } = await setOf([{ vaddr: 0x5000, pages: 1 }, { vaddr: 0x1000, pages: 2 }, { vaddr: 0x2000, pages: 2 }], pagesOf('abcde'));
    expect(runs.map(({ start, offset }) => [start, offset])).toEqual([[0x1000, page], [0x5000, 0]]);
    expect(gaps).toMatchObject([{ code: 'malformed', reason: '1 runs overlap others and are left out' }]);
  });

  it('are read from any address, across runs', async () => {
    const set = await setOf([{ vaddr: 0x1000, pages: 1 }, { vaddr: 0x9000, pages: 1 }, { vaddr: 0xa000, pages: 1 }], pagesOf('abc'));
    expect(await readStates(set, 0x1fffn, 2)).toEqual(['a.', ['stored', 'absent']]);
    expect(await readStates(set, 0x9ffen, 4)).toEqual(['bc', ['stored']]);
    expect(await readStates(set, 0x3000n, 10)).toEqual(['.', ['absent']]);
  });

  it.each([47n, 56n, 63n])('are read at addresses beyond 2^%s, between pages too', async (bits) => {
    const vaddr = 1n << bits;
    const bytes = Buffer.from(Array.from({ length: page }, (_, i) => i % 251));
    const set = await setOf([{ vaddr, pages: 1 }], bytes);
    const target = new Uint8Array(3);
    await readPages(set, vaddr + 4001n, target);
    expect([...target]).toEqual([...bytes.subarray(4001, 4004)]);
  });

  it('of 64 KiB lie as far apart', async () => {
    const set = await setOf([{ vaddr: 0x10000, pages: 1 }, { vaddr: 0x30000, pages: 1 }], pagesOf('ab', 0x10000), 0x10000);
    expect(await readStates(set, 0x10000n, 0x30000)).toEqual(['a.b', ['stored', 'absent', 'stored']]);
  });

  it('that are compressed are expanded region by region', async () => {
    const stored = pagesOf('bc');
    const block = expandedBlock();
    const runs = [{ vaddr: 0x1000, pages: 6, sizes: [block.length, 0, 8192], regionPages: 2 }, { vaddr: 0x10000, pages: 1 }];
    const set = await setOf(runs, Buffer.concat([block, stored, pagesOf('d')]));
    expect(await readStates(set, 0x1000n, 6 * page)).toEqual(['A.bc', ['stored']]);
    expect(await readStates(set, 0x2fffn, 2)).toEqual(['A.', ['stored']]);
    expect(await readStates(set, 0x10000n, 5)).toEqual(['d', ['stored']]);
  });

  it.each([
    ['too few regions', { sizes: [0], regionPages: 1 }],
    ['regions of nothing', { sizes: [0, 0], regionPages: 0 }],
    ['regions past the limit', { sizes: [0], regionPages: 0x40000000 }],
    ['more stored than it gives', { sizes: [5000, 0], regionPages: 1 }],
    ['bytes that are no block', { sizes: [100, 0], regionPages: 1 }],
  ])('that are compressed with %s are unavailable', async (_, form) => {
    const set = await setOf([{ vaddr: 0x1000, pages: 2, ...form }], pagesOf('zz'));
    expect(await readStates(set, 0x1000n, 2 * page)).toEqual(['.', ['unavailable']]);
  });

  it('that the image lacks are unavailable, and a gap tells how many', async () => {
    const set = await setOf([{ vaddr: 0x1000, pages: 3 }], pagesOf('ab').subarray(0, 5000));
    expect(set.gaps).toMatchObject([{ code: 'truncated', subject: 'the last 7288 bytes of pages-1.img' }]);
    expect(await readStates(set, 0x1000n, 3 * page)).toEqual(['ab.', ['stored', 'unavailable']]);
  });

  it('without any image are gaps', async () => {
    const none = await openPageSet(folderOf([]), 'pagemap-1.img', page);
    expect(none).toMatchObject({ runs: [], gaps: [{ code: 'missing' }] });
    const [pagemap] = pageImages('1', 1, [{ vaddr: 0x1000, pages: 1 }], Buffer.alloc(0));
    const set = await openPageSet(folderOf(pagemap === undefined ? [] : [pagemap]), 'pagemap-1.img', page);
    expect(set.gaps).toMatchObject([{ code: 'missing', reason: 'pages-1.img is not in the archive' }]);
    expect(await readStates(set, 0x1000n, 10)).toEqual(['.', ['unavailable']]);
  });

  it('in a chain of parents come from the dump that has them', async () => {
    const oldest = folderOf(pageImages('1', 1, [{ vaddr: 0x1000, pages: 4 }], pagesOf('abcd')));
    const middle = folderOf(pageImages('1', 1, [{ vaddr: 0x1000, pages: 2, flags: 1 }, { vaddr: 0x3000, pages: 1 }, { vaddr: 0x4000, pages: 1, flags: 1 }], pagesOf('C')), oldest);
    const newest = folderOf(pageImages('1', 1, [{ vaddr: 0x1000, pages: 1 }, { vaddr: 0x2000, pages: 3, flags: 1 }], pagesOf('A')), middle);
    const set = await openPageSet(newest, 'pagemap-1.img', page);
    expect(set.gaps).toEqual([]);
    expect((await readStates(set, 0x1000n, 4 * page))[0]).toBe('AbCd');
    const alone = await openPageSet(folderOf(pageImages('1', 1, [{ vaddr: 0x1000, pages: 1, flags: 1 }], Buffer.alloc(0))), 'pagemap-1.img', page);
    expect(alone.gaps).toMatchObject([{ code: 'missing', reason: 'the parent dump is not at hand' }]);
    expect(await readStates(alone, 0x1000n, page)).toEqual(['.', ['unavailable']]);
  });

  it('of a segment are a source: what is absent is zeros, what is unavailable is refused', async () => {
    const set = await setOf([{ vaddr: 0, pages: 1 }, { vaddr: 0x2000, pages: 1, flags: 2 }], pagesOf('a'));
    const source = pageSetSource(set, 0x3000);
    expect(lettersOf(await source.read(0, 0x2000))).toBe('a.');
    await expect(source.read(0x1000, 0x2001)).rejects.toMatchObject({ code: 'missing', place: { image: 'pagemap-1.img', offset: 0x2000 } });
    await expect(source.read(0, 0x3001)).rejects.toMatchObject({ code: 'truncated' });
  });
});

/** An LZ4 block of 8192 times `A`: one literal, a match over nearly all, five literals. */
function expandedBlock(): Buffer {
  const match = 8192 - 1 - 5;
  const rest = match - 4 - 15;
  return Buffer.from([0x1f, 0x41, 1, 0, ...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255, 0x50, ...new Array<number>(5).fill(0x41)]);
}
