import { addressSpace, type AddressSpace, type MappedArea } from './address-space.ts';
import { folderOf, lettersOf, pageImages, pagesOf } from './memory.test-support.ts';
import { openPageSet, type PageSet } from './page-set.ts';
import { scanPlan } from './scan-plan.ts';

const folder = folderOf([
  ...pageImages('1', 1, [{ vaddr: 0x2000, pages: 1 }, { vaddr: 0x6000, pages: 1 }, { vaddr: 0xa000, pages: 1 }], pagesOf('pqr')),
  ...pageImages('2', 2, [{ vaddr: 0x40000, pages: 1 }], pagesOf('z')),
  ...pageImages('shmem-7', 3, [{ vaddr: 0, pages: 1 }, { vaddr: 0x2000, pages: 1 }], pagesOf('st')),
]);
const open = (image: string): Promise<PageSet> => openPageSet(folder, image, 4096);

async function spaces(): Promise<{ one: AddressSpace; two: AddressSpace; segment: PageSet }> {
  const segment = await open('pagemap-shmem-7.img');
  const areas: MappedArea[] = [
    { start: 0x1000n, end: 0x3000n, backing: { kind: 'private', over: 'zeros' } },
    { start: 0x5000n, end: 0x7000n, backing: { kind: 'private', over: 'file' } },
    { start: 0x9000n, end: 0xc000n, backing: { kind: 'private', over: { segment, offset: 0n } } },
    { start: 0xc000n, end: 0xe000n, backing: { kind: 'shared', segment, offset: 0x1000n } },
    { start: 0xe000n, end: 0xf000n, backing: { kind: 'file' } },
    { start: 0xf000n, end: 0x10000n, backing: { kind: 'unreadable' } },
  ];
  const own: MappedArea[] = [{ start: 0x40000n, end: 0x41000n, backing: { kind: 'private', over: 'zeros' } }, { start: 0x50000n, end: 0x51000n, backing: { kind: 'shared', segment, offset: 0x2000n } }];
  return { one: addressSpace(1, 4096, areas, await open('pagemap-1.img')), two: addressSpace(2, 4096, own, await open('pagemap-2.img')), segment };
}

describe('an address space', () => {
  it.each([
    ['private memory over zeros', 0x1000n, 0x2000, '.p', ['zero', 'stored']],
    ['private memory over a file', 0x5000n, 0x2000, '.q', ['in_file', 'stored']],
    ['private memory over a segment', 0x9000n, 0x3000, 'srt', ['stored', 'stored', 'stored']],
    ['a shared segment from an offset', 0xc000n, 0x2000, '.t', ['zero', 'stored']],
    ['a shared file', 0xe000n, 0x1000, '.', ['in_file']],
    ['memory of the kernel', 0xf000n, 0x1000, '.', ['unavailable']],
    ['no memory', 0x3000n, 0x2000, '.', ['unmapped']],
    ['memory before and behind areas', 0n, 0x2000, '.', ['unmapped', 'zero']],
    ['nothing', 0x2000n, 0, '', []],
    ['the end', 0xfffffn, 5, '.', ['unmapped']],
  ])('shows %s', async (_, address, length, letters, states) => {
    const { bytes, parts } = await (await spaces()).one.read(address, length);
    expect(lettersOf(bytes)).toBe(letters);
    expect(parts.map(({ state }) => state)).toEqual(states);
    let end = address;
    for (const part of parts) {
      expect(part.start).toBe(end);
      end = part.end;
    }
    expect(end).toBe(address + BigInt(length));
  });

  it('says where in the archive bytes are', async () => {
    const { parts } = await (await spaces()).one.read(0x6010n, 16);
    expect(parts).toEqual([{ start: 0x6010n, end: 0x6020n, state: 'stored', pagesImage: 'pages-1.img', offset: 0x1010 }]);
  });
});

describe('a scan plan', () => {
  it('has every stored byte once, and shared ones with all who see them', async () => {
    const { one, two } = await spaces();
    const spans = scanPlan([one, two]);
    expect(spans.map(({ pagesImage, offset, length, owners }) => [pagesImage, offset, length, owners.map(({ pid, address }) => `${pid}@${address.toString(16)}`)])).toEqual([
      ['pages-1.img', 0, 4096, ['1@2000']],
      ['pages-1.img', 4096, 4096, ['1@6000']],
      ['pages-1.img', 8192, 4096, ['1@a000']],
      ['pages-2.img', 0, 4096, ['2@40000']],
      ['pages-3.img', 0, 4096, ['1@9000']],
      ['pages-3.img', 4096, 4096, ['1@b000', '1@d000', '2@50000']],
    ]);
    for (const { read, length, pagesImage, offset } of spans) {
      const bytes = new Uint8Array(length);
      await read(bytes, 0);
      expect(lettersOf(bytes)).toBe({ 'pages-1.img': 'pqr', 'pages-2.img': 'z', 'pages-3.img': 'st' }[pagesImage]?.[offset / 4096]);
    }
  });

  it('has a segment that nobody maps, without an owner', async () => {
    const { segment } = await spaces();
    expect(scanPlan([], [segment]).map(({ owners }) => owners)).toEqual([[{ pid: undefined, address: 0n }], [{ pid: undefined, address: 0x2000n }]]);
  });
});
