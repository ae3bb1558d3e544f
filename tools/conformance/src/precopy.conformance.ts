import { imageFolder, openPageSet, type PageSet } from '@icecore/memory';
import { archiveNamed, type Capture, corpusNote, type CorpusArchive, openCapture } from './corpus.ts';

const pageBytes = 4096;

describe(`a dump that builds on an earlier one (${corpusNote})`, () => {
  const final = archiveNamed('08-precopy.runc.final');
  const earlier = archiveNamed('08-precopy.runc.pre1');
  if (final === undefined || earlier === undefined) it.todo('is read together with it, where the corpus has such a pair');
  else pairTests(final, earlier);
});

function pairTests(final: CorpusArchive, earlier: CorpusArchive): void {
  it('says which memory it lacks where the earlier one is not at hand', async () => {
    const { snapshot } = await openCapture(final);
    expect(snapshot.dump.incremental).toBe(true);
    const gaps = snapshot.gaps.filter(({ code }) => code === 'missing');
    expect(gaps).toContainEqual(expect.objectContaining({ subject: 'pages of pagemap-1.img that are in the parent dump', reason: 'the parent dump is not at hand' }));
    const [first] = pagesInParent(firstPages({ snapshot }));
    const { parts } = await memoryOf({ snapshot }).read(BigInt(first ?? 0), pageBytes);
    expect(parts.map(({ state }) => state)).toEqual(['unavailable']);
  });

  it('has all its memory with the earlier one', async () => {
    const { snapshot } = await openCapture(final, [(await openCapture(earlier)).archive]);
    expect(snapshot.gaps.filter(({ code }) => code !== 'not_captured')).toEqual([]);
    const pages = firstPages({ snapshot });
    for (const { start, end } of pages.runs) {
      const { parts } = await memoryOf({ snapshot }).read(BigInt(start), end - start);
      expect(parts.filter(({ state }) => state !== 'stored')).toEqual([]);
    }
  });

  it('has the earlier dump’s bytes in the pages that did not change, and its own in the others', async () => {
    const before = await openCapture(earlier);
    const together = await openCapture(final, [before.archive]);
    const alone = await openCapture(final);
    const older = await olderPages(before);
    const unchanged = pagesInParent(firstPages(together));
    expect(unchanged.length).toBeGreaterThan(1000);
    for (const page of unchanged) {
      const { bytes } = await memoryOf(together).read(BigInt(page), pageBytes);
      expect(Buffer.compare(bytes, await pageOf(older, page))).toBe(0);
    }
    for (const { start, end, state } of firstPages(together).runs) {
      if (state !== 'stored') continue;
      const [own, both] = await Promise.all([alone, together].map((capture) => memoryOf(capture).read(BigInt(start), end - start)));
      expect(Buffer.compare(own?.bytes ?? new Uint8Array(0), both?.bytes ?? new Uint8Array(0))).toBe(0);
    }
  });
}

function memoryOf({ snapshot }: Pick<Capture, 'snapshot'>) {
  const memory = snapshot.processes[0]?.memory;
  if (memory === undefined) throw new Error('the first process has no memory');
  return memory;
}

function firstPages(capture: Pick<Capture, 'snapshot'>): PageSet {
  return memoryOf(capture).pages;
}

function pagesInParent({ runs }: PageSet): number[] {
  return runs.filter(({ state }) => state === 'parent').flatMap(({ start, end }) => Array.from({ length: (end - start) / pageBytes }, (_, i) => start + i * pageBytes));
}

async function olderPages({ archive }: Capture): Promise<PageSet> {
  const sources = new Map([...archive.images()].map(([name, { source }]) => [name, source]));
  return openPageSet(imageFolder(sources), 'pagemap-1.img', pageBytes);
}

/** A page as the pages image has it, found without the reader that is under test. */
async function pageOf({ runs, pages }: PageSet, address: number): Promise<Uint8Array> {
  const run = runs.find(({ start, end, state }) => state === 'stored' && start <= address && address < end);
  if (run === undefined || pages === undefined) throw new Error(`the earlier dump has no page at ${address}`);
  const offset = run.offset + address - run.start;
  return pages.read(offset, offset + pageBytes);
}
