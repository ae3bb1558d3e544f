import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { type AnyMessage, decodeImage, imageTypes } from '@icecore/criu';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';
import { inTreeOrder } from '@icecore/snapshot';
import { forgeImage, type ForgedEntry } from './forge-image.ts';
import { file, forgeTar, type Member } from './forge-tar.ts';
import { originalPaths, readOriginal } from './originals.ts';
import { readBytes } from './reading.ts';

const [path = ''] = originalPaths();
const { members } = await readOriginal(path);

/** The sound archive with these images in the place of its own. */
async function withImages(...images: readonly Member[]): Promise<{ snapshot: ContainerSnapshot; reasons: string[] }> {
  const names = new Set(images.map(({ name }) => name));
  const bytes = forgeTar([...members.filter(({ name }) => !names.has(name)), ...images]);
  expect(await readBytes(bytes)).toBe('read');
  const archive = await openArchive(memorySource(bytes), { spool: memorySpool() });
  const snapshot = await openSnapshot(archive, { spool: memorySpool() });
  return { snapshot, reasons: snapshot.gaps.map(({ reason }) => reason) };
}

async function messagesOf(name: string): Promise<AnyMessage[]> {
  const member = members.find((each) => each.name === `checkpoint/${name}`);
  const { entries } = await decodeImage(memorySource(member?.body ?? new Uint8Array(0)), name);
  return entries.map(({ message }) => message);
}

const task = (pid: number, ppid: number, threads: readonly number[] = [pid]): ForgedEntry => ({ message: { pid, ppid, pgid: 1, sid: 1, threads } });
const pstree = (...tasks: readonly ForgedEntry[]): Member => forgeImage('pstree.img', imageTypes.PSTREE, tasks);

describe('a process tree', () => {
  it.each<[string, Member, RegExp, number]>([
    ['whose process is its own parent', pstree(task(1, 1)), /own ancestor/, 1],
    ['in a circle', pstree(task(1, 3), task(2, 1), task(3, 2)), /own ancestor/, 3],
    ['with a parent that is not there', pstree(task(1, 0), task(2, 99)), /99 is not in the tree/, 2],
    ['that names a process twice', pstree(task(1, 0), task(1, 0), task(2, 1)), /twice/, 2],
    ['of no process', pstree(), /./, 0],
    ['with the greatest numbers', pstree(task(0xffffffff, 0xfffffffe)), /not in the tree/, 1],
    ['whose threads repeat', pstree(task(1, 0, new Array<number>(50).fill(1))), /./, 1],
  ])('%s is told as such, and every process of it is listed once', async (_, image, reason, count) => {
    const { snapshot, reasons } = await withImages(image);
    expect(snapshot.processes).toHaveLength(count);
    expect(inTreeOrder(snapshot.processes)).toHaveLength(count);
    expect(reasons.join('\n')).toMatch(reason);
  });

  it('of a hundred thousand processes in one chain is put in order', () => {
    const chain = Array.from({ length: 100_000 }, (_, i) => ({ pid: i + 1, ppid: i }));
    expect(inTreeOrder(chain).at(-1)).toMatchObject({ depth: 99_999 });
  });

  it('of a hundred thousand children of one process is put in order', () => {
    const star = Array.from({ length: 100_000 }, (_, i) => ({ pid: i + 1, ppid: Math.min(i, 1) }));
    expect(inTreeOrder(star)).toHaveLength(100_000);
  });
});

describe('memory', () => {
  const page = 4096n;
  const entry = (vaddr: bigint, pages: bigint, flags = 4): AnyMessage => ({ vaddr, nr_pages: pages, flags });
  const pagemap = (...entries: readonly AnyMessage[]): Member => {
    const schema = imageTypes.PAGEMAP.message;
    const rest = entries.map((message) => ({ message, schema: pagemapEntrySchema }));
    return forgeImage('pagemap-1.img', imageTypes.PAGEMAP, [{ message: { pages_id: 1 }, schema }, ...rest]);
  };
  let pagemapEntrySchema = imageTypes.PAGEMAP.message as ForgedEntry['schema'];
  beforeAll(async () => {
    const member = members.find(({ name }) => name === 'checkpoint/pagemap-1.img');
    pagemapEntrySchema = (await decodeImage(memorySource(member?.body ?? new Uint8Array(0)), 'pagemap-1.img')).entries[1]?.schema;
  });

  it.each<[string, () => AnyMessage[], RegExp]>([
    ['that overlap', () => [entry(0x10000n, 4n), entry(0x12000n, 4n)], /overlap/],
    ['out of order that overlap', () => [entry(0x20000n, 1n), entry(0x10000n, 0x20n)], /overlap/],
    ['of more pages than an address space has', () => [entry(0x10000n, 1n << 60n)], /address space/],
    ['at addresses between pages', () => [entry(0x10001n, 1n)], /not that of a page/],
    ['of more bytes than there are', () => [entry(0x10000n, 1n << 30n)], /speaks of/],
    ['that are in a parent which is not there', () => [entry(0x10000n, 1n, 1)], /parent/],
  ])('with runs of pages %s says so', async (_, entries, reason) => {
    const { reasons } = await withImages(pagemap(...entries()));
    expect(reasons.join('\n')).toMatch(reason);
  });

  it('with runs out of order is read in order', async () => {
    const { snapshot } = await withImages(pagemap(entry(0x20000n, 1n), entry(0x10000n, 1n)));
    expect(snapshot.processes[0]?.memory?.pages.runs.map(({ start, offset }) => [start, offset])).toEqual([[0x10000, 4096], [0x20000, 0]]);
  });

  const areas = async (change: (vmas: AnyMessage[]) => AnyMessage[]): Promise<Member> => {
    const [mm = {}] = await messagesOf('mm-1.img');
    const vmas: AnyMessage[] = Array.isArray(mm['vmas']) ? mm['vmas'] : [];
    return forgeImage('mm-1.img', imageTypes.MM, [{ message: { ...mm, vmas: change(vmas) } }]);
  };

  it.each<[string, (vmas: AnyMessage[]) => AnyMessage[]]>([
    ['that overlap', (vmas) => [...vmas, { ...vmas[0], end: BigInt(String(vmas[1]?.['end'])) }]],
    ['that are all the same', (vmas) => vmas.map(() => vmas[0] ?? {})],
    ['that end before they begin', (vmas) => vmas.map((vma) => ({ ...vma, start: vma['end'], end: vma['start'] }))],
    ['without length', (vmas) => [...vmas, { ...vmas[0], end: vmas[0]?.['start'] }]],
  ])('with areas %s leaves them out and says so', async (_, change) => {
    const { snapshot, reasons } = await withImages(await areas(change));
    expect(reasons.join('\n')).toMatch(/overlap others or are empty/);
    const mappings = snapshot.processes[0]?.mappings ?? [];
    for (let i = 1; i < mappings.length; i++) expect(mappings[i]!.start).toBeGreaterThanOrEqual(mappings[i - 1]!.end);
  });

  it('whose one area is the whole address space can be read at both ends', async () => {
    const { snapshot } = await withImages(await areas((vmas) => [{ ...vmas[0], start: 0n, end: (1n << 64n) - page, status: 512 }]));
    const memory = snapshot.processes[0]?.memory;
    expect((await memory?.read(0n, 4096))?.parts.map(({ state }) => state)).toEqual(['zero']);
    expect((await memory?.read((1n << 64n) - 2n * page, 8192))?.parts.map(({ state }) => state)).toEqual(['zero', 'unmapped']);
  });

  it.each<[string, AnyMessage]>([
    ['as long as the address space', { mm_arg_start: 0n, mm_arg_end: (1n << 64n) - 1n, mm_env_start: 0n, mm_env_end: (1n << 64n) - 1n }],
    ['that end before they begin', { mm_arg_start: 5n, mm_arg_end: 1n }],
  ])('with arguments %s is read', async (_, fields) => {
    const [mm = {}] = await messagesOf('mm-1.img');
    const { snapshot } = await withImages(forgeImage('mm-1.img', imageTypes.MM, [{ message: { ...mm, ...fields } }]));
    expect(['captured', 'partial', 'unavailable']).toContain(snapshot.processes[0]?.arguments.state);
  });

  it.each([
    ['of no page size', [6n, 12345n, 0n, 0n]],
    ['of one number', [6n]],
    ['of the greatest numbers', new Array<bigint>(100).fill((1n << 64n) - 1n)],
  ])('with an auxiliary vector %s leaves the process readable', async (_, auxv) => {
    const [mm = {}] = await messagesOf('mm-1.img');
    const { snapshot } = await withImages(forgeImage('mm-1.img', imageTypes.MM, [{ message: { ...mm, mm_saved_auxv: auxv } }]));
    expect(snapshot.processes[0]?.mappings.length).toBeGreaterThan(5);
  });
});

describe('open files', () => {
  it('that no entry describes keep their number', async () => {
    const { snapshot } = await withImages(forgeImage('files.img', imageTypes.FILES, []));
    const files = snapshot.processes[0]?.descriptors.map(({ file: { name } }) => name) ?? [];
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) expect(name).toMatch(/^unknown file \d+$/);
  });

  it('that repeat, and that are past any number, are listed', async () => {
    const entries = [0, 0, 0xffffffff].map((fd) => ({ message: { id: 0xfffffff0, flags: 0, type: 'REG', fd } }));
    const [ids = {}] = await messagesOf('ids-1.img').catch(() => []);
    const table = Number(ids['files_id'] ?? 1);
    const { snapshot } = await withImages(forgeImage(`fdinfo-${table}.img`, imageTypes.FDINFO, entries));
    expect(snapshot.processes[0]?.descriptors.map(({ fd }) => fd)).toEqual([0, 0, 0xffffffff]);
  });
});

describe('control groups', () => {
  it.each([
    [60, undefined],
    [100, /nest deeper/],
  ])('%i deep are followed or refused by name', async (depth, reason) => {
    let folder: AnyMessage = { dir_name: 'x', children: [], properties: [] };
    for (let i = 0; i < depth; i++) folder = { dir_name: 'x', children: [folder], properties: [] };
    const { reasons } = await withImages(forgeImage('cgroup.img', imageTypes.CGROUP, [{ message: { sets: [], controllers: [{ cnames: ['memory'], dirs: [folder] }] } }]));
    if (reason === undefined) expect(reasons.join('\n')).not.toMatch(/nest/);
    else expect(reasons.join('\n')).toMatch(reason);
  });
});

describe('metadata', () => {
  it.each([
    ['deep', `${'['.repeat(200_000)}`],
    ['with a prototype', '{"__proto__": {"id": "x"}, "constructor": {"prototype": 1}}'],
    ['of another shape', '[[[1e999]]]'],
    ['of no text', '\xff\xfe\0'],
    ['empty', ''],
  ])('that is %s is a gap', async (_, json) => {
    const { snapshot } = await withImages(file('config.dump', json), file('spec.dump', json), file('network.status', json), file('status.dump', json));
    expect(snapshot.processes.length).toBeGreaterThan(0);
    expect(({} as { id?: unknown }).id).toBeUndefined();
  });
});
