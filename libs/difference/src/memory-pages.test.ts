import { addressSpace, type PageSet } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { compareSnapshots } from './index.ts';
import { type Area, mappingOf, memoryOf, pageSetOf, pageSize, processOf, snapshotOf } from '@icecore/snapshot/test-support';

async function compare(before: Pick<Process, 'mappings' | 'memory'>, after: Pick<Process, 'mappings' | 'memory'>) {
  const difference = await compareSnapshots(snapshotOf({ processes: [processOf(7, before)] }), snapshotOf({ processes: [processOf(7, after)] }));
  const found = difference.pages?.[0];
  const counts = Object.fromEntries(Object.entries(found?.counts ?? {}).flatMap(([verdict, { pages }]) => (pages === 0 ? [] : [[verdict, pages]])));
  return { counts, found, difference };
}

const at16 = (pages: string, name = ''): Area[] => [{ page: 16, pages, name }];

describe('a page', () => {
  it.each<[string, string, string, Record<string, number>]>([
    ['with the same bytes is equal', '1', '1', { equal: 1 }],
    ['with other bytes is changed', '1', '2', { changed: 1 }],
    ['that was written first is added', '-', '1', { added: 1 }],
    ['that was given back is removed', '1', '-', { removed: 1 }],
    ['that is all zeros is equal to one never written', '.', '-', { equal: 1 }],
    ['that was never written on either side is nothing', '-', '-', {}],
    ['equal to its file on both sides is unknown, not equal', 'f', 'f', { unknown: 1 }],
    ['that left its file is unknown, for what was there is not at hand', 'ff', 'f1', { unknown: 2 }],
    ['that one dump left out is unknown', '1', 'x', { unknown: 1 }],
    ['that both dumps left out is unknown', 'x', 'x', { unknown: 1 }],
  ])('%s', async (_, before, after, counts) => {
    expect((await compare(memoryOf(at16(before)), memoryOf(at16(after)))).counts).toEqual(counts);
  });

  it('of a mapping that only one side has is added or removed where it was written', async () => {
    const { counts } = await compare(memoryOf([{ page: 16, pages: '11--' }]), memoryOf([{ page: 32, pages: '1-..-' }]));
    expect(counts).toEqual({ removed: 2, added: 3 });
  });

  it('past the end of a cut pages image is unknown', async () => {
    const runs = [{ start: 16 * pageSize, end: 18 * pageSize, state: 'stored' as const, offset: 0, compressed: undefined }];
    const cut = (bytes: number): Pick<Process, 'mappings' | 'memory'> => {
      const mappings = [mappingOf(16, 2)];
      const areas = mappings.map(({ start, end }) => ({ start, end, backing: { kind: 'private', over: 'zeros' } as const }));
      return { mappings, memory: addressSpace(7, pageSize, areas, pageSetOf(runs, Buffer.alloc(bytes, 1))) };
    };
    expect((await compare(cut(2 * pageSize), cut(2 * pageSize - 1))).counts).toEqual({ equal: 1, unknown: 1 });
  });

  it('that is in the parent dump is read there', async () => {
    const run = { start: 16 * pageSize, end: 17 * pageSize, offset: 0, compressed: undefined };
    const over = (parent: PageSet | undefined): Pick<Process, 'mappings' | 'memory'> => {
      const mappings = [mappingOf(16, 1)];
      const areas = mappings.map(({ start, end }) => ({ start, end, backing: { kind: 'private', over: 'zeros' } as const }));
      const set = { ...pageSetOf([{ ...run, state: 'parent' }], new Uint8Array(0)), parent };
      return { mappings, memory: addressSpace(7, pageSize, areas, set) };
    };
    const parent = pageSetOf([{ ...run, state: 'stored' }], Buffer.alloc(pageSize, '1'));
    expect((await compare(memoryOf(at16('1')), over(parent))).counts).toEqual({ equal: 1 });
    expect((await compare(memoryOf(at16('1')), over(undefined))).counts).toEqual({ unknown: 1 });
  });
});

describe('the pages of a process', () => {
  it('are joined to ranges and counted by the name of their mapping', async () => {
    const { found } = await compare(
      memoryOf([{ page: 16, pages: '1111', name: '[heap]' }, { page: 20, pages: '11', name: '[stack]' }]),
      memoryOf([{ page: 16, pages: '1222', name: '[heap]' }, { page: 20, pages: '21', name: '[stack]' }]),
    );
    const heap = { before: '[heap]', after: '[heap]' };
    const stack = { before: '[stack]', after: '[stack]' };
    expect(found?.ranges).toEqual([
      { verdict: 'changed', start: '0x11000', end: '0x14000', pages: 3, mapping: heap },
      { verdict: 'changed', start: '0x14000', end: '0x15000', pages: 1, mapping: stack },
    ]);
    expect(found?.mappings.map(({ mapping, counts }) => [mapping, counts.changed])).toEqual([
      [heap, { pages: 3, bytes: 3 * pageSize }],
      [stack, { pages: 1, bytes: pageSize }],
    ]);
  });

  it('are compared across the pieces that are read at a time', async () => {
    const pages = 600;
    const before = '1'.repeat(pages);
    const after = `${before.slice(0, 255)}22${before.slice(257, pages - 1)}3`;
    const { found, counts } = await compare(memoryOf(at16(before)), memoryOf(at16(after)));
    expect(counts).toEqual({ equal: pages - 3, changed: 3 });
    expect(found?.ranges.map(({ pages: length }) => length)).toEqual([2, 1]);
  });

  it('cost nothing where they were reserved and never written, however many', async () => {
    const reserved = (letter: string): Pick<Process, 'mappings' | 'memory'> => {
      const { memory } = memoryOf(at16(letter));
      const mapping = mappingOf(16, 2 ** 33);
      const area = { start: mapping.start, end: mapping.end, backing: { kind: 'private', over: 'zeros' } as const };
      return { mappings: [mapping], memory: memory === undefined ? undefined : addressSpace(7, pageSize, [area], memory.pages) };
    };
    expect((await compare(reserved('1'), reserved('2'))).counts).toEqual({ changed: 1 });
  });

  it('that a damaged dump claims beyond its bytes are counted, not read', async () => {
    const claim = { start: 0, end: 2 ** 46, state: 'stored' as const, offset: 0, compressed: undefined };
    const mappings = [mappingOf(0, 2 ** 34)];
    const areas = mappings.map(({ start, end }) => ({ start, end, backing: { kind: 'private', over: 'zeros' } as const }));
    const claimed = { mappings, memory: addressSpace(7, pageSize, areas, pageSetOf([claim], Buffer.alloc(pageSize))) };
    expect((await compare(claimed, claimed)).counts).toEqual({ equal: 1, unknown: 2 ** 34 - 1 });
  });

  it('are all removed where the process became a zombie', async () => {
    const { counts } = await compare(memoryOf(at16('12-')), { mappings: [], memory: undefined });
    expect(counts).toEqual({ removed: 2 });
  });

  it('of different sizes are not compared', async () => {
    const { memory, mappings } = memoryOf(at16('1'));
    const large = memory === undefined ? undefined : { ...memory, pageSize: 65536 };
    const { difference } = await compare(memoryOf(at16('1')), { mappings, memory: large });
    expect(difference.pages).toEqual([]);
    expect(difference.notCompared).toMatchObject([{ side: 'both', subject: 'memory pages of process 7' }]);
  });
});
