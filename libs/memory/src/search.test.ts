import fc from 'fast-check';
import { addressSpace, type AddressSpace, type MappedArea } from './address-space.ts';
import { folderOf, pageImages, type RunForm } from './memory.test-support.ts';
import { openPageSet } from './page-set.ts';
import { scanPlan } from './scan-plan.ts';
import { searchMemory, type SearchHit, type SearchOptions, type SearchPattern } from './search.ts';

const page = 4096;

/** A process whose memory is these bytes from 0x10000 on, stored in runs of so many pages in this order. */
async function processOf(bytes: Buffer, runs: readonly number[] = [bytes.length / page]): Promise<AddressSpace> {
  const forms: RunForm[] = [];
  const pages: Buffer[] = [];
  let at = 0;
  for (const count of runs) {
    forms.push({ vaddr: 0x10000 + at * page, pages: count });
    pages.push(bytes.subarray(at * page, (at + count) * page));
    at += count;
  }
  const order = forms.map((_, i) => i).reverse();
  const images = pageImages('1', 1, order.map((i) => forms[i]!), Buffer.concat(order.map((i) => pages[i]!)));
  const set = await openPageSet(folderOf(images), 'pagemap-1.img', page);
  return addressSpace(1, page, [{ start: 0x10000n, end: 0x10000n + BigInt(bytes.length), backing: { kind: 'private', over: 'zeros' } }], set);
}

async function search(spaces: readonly AddressSpace[], pattern: SearchPattern, options: SearchOptions = {}): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for await (const hit of searchMemory(scanPlan(spaces), pattern, options)) hits.push(hit);
  return hits;
}

const addressesOf = (hits: readonly SearchHit[]): string[] => hits.flatMap(({ owners, encoding }) => owners.map(({ address }) => `${encoding}@${address.toString(16)}`)).sort();
const withText = (text: string | Uint8Array, at: number, pages = 4): Buffer => {
  const bytes = Buffer.alloc(pages * page, 0x2e);
  Buffer.from(text).copy(bytes, at);
  return bytes;
};

describe('a search', () => {
  const places = [0, 100, page - 3, 2 * page - 1, 3 * page - 5, 4 * page - 6];
  const layouts = [[4], [1, 1, 1, 1], [2, 2], [1, 3]];

  it.each(places.flatMap((at) => layouts.map((runs) => [at, runs] as const)))('finds at %i in runs of %j pages, once, whatever is looked for', async (at, runs) => {
    const space = await processOf(withText('needle', at), runs);
    const address = (0x10000 + at).toString(16);
    expect(addressesOf(await search([space], { kind: 'literal', text: 'needle', ignoreCase: false }))).toEqual([`utf-8@${address}`]);
    expect(addressesOf(await search([space], { kind: 'literal', text: 'NeedLE', ignoreCase: true }))).toEqual([`utf-8@${address}`]);
    expect(addressesOf(await search([space], { kind: 'literal', text: 'Needle', ignoreCase: false }))).toEqual([]);
    expect(addressesOf(await search([space], { kind: 'bytes', bytes: Buffer.from('needle') }))).toEqual([`bytes@${address}`]);
    expect(addressesOf(await search([space], { kind: 'regex', expression: /n(e+)dl[a-f]/ }))).toEqual([`utf-8@${address}`]);
  });

  it.each([16, page - 5, 2 * page - 6])('finds UTF-16 at %i', async (at) => {
    const space = await processOf(withText(Buffer.from('needle', 'utf16le'), at), [1, 1, 2]);
    const expected = [`utf-16le@${(0x10000 + at).toString(16)}`];
    expect(addressesOf(await search([space], { kind: 'literal', text: 'needle', ignoreCase: false }))).toEqual(expected);
    expect(addressesOf(await search([space], { kind: 'regex', expression: /needle/ }))).toEqual(expected);
  });

  it('finds what overlaps, and what crosses the pieces that a search is done in', async () => {
    const bytes = Buffer.alloc(3 << 20, 0x2e);
    for (const at of [(1 << 20) - 2, (2 << 20) - 4]) bytes.write('ababab', at);
    const expected = [(1 << 20) - 2, 1 << 20, (2 << 20) - 4, (2 << 20) - 2].map((at) => `bytes@${(0x10000 + at).toString(16)}`);
    expect(addressesOf(await search([await processOf(bytes)], { kind: 'bytes', bytes: Buffer.from('abab') }))).toEqual(expected.sort());
  });

  it('does not join what is next to each other in the file alone', async () => {
    const bytes = Buffer.concat([Buffer.alloc(page, 'b'), Buffer.alloc(page, 'a')]);
    // Stored the other way round, so that the file has `ab` where memory has `ba`.
    expect(await search([await processOf(bytes, [1, 1])], { kind: 'literal', text: 'ab', ignoreCase: false })).toEqual([]);
    expect(await search([await processOf(bytes, [1, 1])], { kind: 'literal', text: 'ba', ignoreCase: false })).toHaveLength(1);
  });

  it.each([page - 3, page - 6, page, 2 * page - 2])('finds the whole of an expression at %i, and no fragments of it', async (at) => {
    const space = await processOf(withText('needle', at), [1, 1, 2]);
    const [hit, ...others] = await search([space], { kind: 'regex', expression: /[a-z]+/ });
    expect(others).toEqual([]);
    expect(hit).toMatchObject({ length: 6, owners: [{ pid: 1, address: BigInt(0x10000 + at) }] });
  });

  it('gives what stands around', async () => {
    const [hit] = await search([await processOf(withText('<needle>', 50))], { kind: 'literal', text: 'needle', ignoreCase: false }, { contextBytes: 2 });
    expect(hit && [Buffer.from(hit.context).toString(), hit.contextStart, hit.length, hit.pagesImage, hit.offset]).toEqual(['.<needle>.', 2, 6, 'pages-1.img', 51]);
  });

  it('stops when told to', async () => {
    const space = await processOf(withText('needle', 0));
    await expect(search([space], { kind: 'literal', text: 'x', ignoreCase: false }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a search of several processes', () => {
  /** A page that may begin with the end of the needle, end with its beginning, and have all of it in the middle. */
  const content = fc.record({ head: fc.boolean(), tail: fc.boolean(), middle: fc.boolean() }).map(({ head, tail, middle }) => {
    const bytes = Buffer.alloc(page, 0x2e);
    if (head) bytes.write('dle', 0);
    if (middle) bytes.write('needle', 2000);
    if (tail) bytes.write('nee', page - 3);
    return bytes;
  });
  const area = fc.record({ gap: fc.nat(1), pages: fc.array(fc.option(content), { minLength: 1, maxLength: 4 }), shared: fc.option(fc.nat(2)) });

  async function build(processes: readonly { gap: number; pages: (Buffer | null)[]; shared: number | null }[][], shared: readonly (Buffer | null)[]): Promise<AddressSpace[]> {
    const formsOf = (pages: readonly (Buffer | null)[], start: number): RunForm[] => pages.flatMap((each, i) => (each === null ? [] : [{ vaddr: start + i * page, pages: 1 }]));
    const stored = (pages: readonly (Buffer | null)[]): Buffer[] => pages.flatMap((each) => each ?? []);
    const segmentFolder = folderOf(pageImages('shmem-1', 99, formsOf(shared, 0), Buffer.concat(stored(shared))));
    const segment = await openPageSet(segmentFolder, 'pagemap-shmem-1.img', page);
    return Promise.all(
      processes.map(async (areas, index) => {
        let at = 0x10000;
        const forms: RunForm[] = [];
        const pages: Buffer[] = [];
        const mapped: MappedArea[] = [];
        for (const each of areas) {
          at += each.gap * page;
          const end = at + each.pages.length * page;
          if (each.shared === null) {
            forms.push(...formsOf(each.pages, at));
            pages.push(...stored(each.pages));
          }
          mapped.push({ start: BigInt(at), end: BigInt(end), backing: each.shared === null ? { kind: 'private', over: 'zeros' } : { kind: 'shared', segment, offset: BigInt(each.shared * page) } });
          at = end;
        }
        const set = await openPageSet(folderOf(pageImages(`${index}`, index, forms, Buffer.concat(pages))), `pagemap-${index}.img`, page);
        return addressSpace(index, page, mapped, set);
      }),
    );
  }

  async function findNaively(spaces: readonly AddressSpace[]): Promise<string[]> {
    const found: string[] = [];
    for (const space of spaces) {
      const { bytes } = await space.read(0x10000n, 0x20000);
      const text = Buffer.from(bytes).toString('latin1');
      for (let at = text.indexOf('needle'); at !== -1; at = text.indexOf('needle', at + 1)) found.push(`${space.pid}@${0x10000 + at}`);
    }
    return found.sort();
  }

  it('finds what a look at all their memory finds, and nothing twice', async () => {
    const processes = fc.array(fc.array(area, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(processes, fc.array(fc.option(content), { maxLength: 5 }), async (forms, shared) => {
        const spaces = await build(forms, shared);
        const expected = await findNaively(spaces);
        for (const pattern of [{ kind: 'bytes', bytes: Buffer.from('needle') }, { kind: 'regex', expression: /needle/ }] satisfies SearchPattern[]) {
          const hits = await search(spaces, pattern);
          expect(hits.flatMap(({ owners }) => owners.flatMap(({ pid, address }) => (pid === undefined ? [] : [`${pid}@${address}`]))).sort()).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});
