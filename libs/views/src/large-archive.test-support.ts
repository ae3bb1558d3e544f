import { closeSync, openSync, writeSync } from 'node:fs';
import { memorySource } from '@icecore/bytes';
import { imageFromJson, imageToJson, isJsonObject, type JsonValue } from '@icecore/criu';
import { alterImage, header, type Members, membersOf, tarOf } from './altered-archive.test-support.ts';

const base = 0x10_0000_0000n;

/**
 * An archive with as many processes as asked for, each with as many mappings: the first process of a real sample again and
 * again, with anonymous memory and libraries beside what it has. All share its pages.
 */
export async function largeArchive(original: Uint8Array, processes: number, mappings: number): Promise<Buffer> {
  return tarOf(await largeMembers(original, processes, mappings));
}

/**
 * The same as a file, whose first process has as many bytes of memory besides. They are zeros that take no room on the disk; to
 * whoever reads the archive they are pages like all others.
 */
export async function writeLargeArchive(path: string, original: Uint8Array, { processes, mappings, memoryBytes }: { readonly processes: number; readonly mappings: number; readonly memoryBytes: number }): Promise<void> {
  const members = await largeMembers(original, processes, mappings);
  const grow = (vmas: readonly JsonValue[]): JsonValue[] => [...vmas, { ...anonymousOf(vmas), start: hex(ballast), end: hex(ballast + BigInt(memoryBytes)), prot: 'PROT_READ | PROT_WRITE' }].sort(byStart);
  await alterImage(members, 'checkpoint/mm-1.img', (key, value) => (key === 'vmas' && Array.isArray(value) ? grow(value) : value));
  const { entries } = await pagemapOf(members);
  const at = entries.findIndex(({ vaddr }) => vaddr > ballast);
  const cut = at === -1 ? entries.length : at;
  const run = { vaddr: Number(ballast), compat_nr_pages: 0, flags: 'PE_PRESENT', nr_pages: memoryBytes / 4096 };
  members.set('checkpoint/pagemap-1.img', imageFromJson({ magic: 'PAGEMAP', entries: [{ pages_id: ballastId }, ...entries.slice(0, cut).map(({ json }) => json), run, ...entries.slice(cut).map(({ json }) => json)] }));
  const pages = members.get('checkpoint/pages-1.img') ?? new Uint8Array(0);
  const before = entries.slice(0, cut).reduce((sum, { pages: count }) => sum + count, 0) * 4096;
  const tar = tarOf(members);
  const file = openSync(path, 'wx');
  try {
    let end = tar.length - 1024;
    const write = (bytes: Uint8Array): void => void (end += writeSync(file, bytes, 0, bytes.length, end));
    writeSync(file, tar, 0, end, 0);
    write(header(`checkpoint/pages-${ballastId}.img`, pages.length + memoryBytes, '0'));
    write(pages.subarray(0, before));
    end += memoryBytes;
    write(pages.subarray(before));
    write(new Uint8Array(1024));
  } finally {
    closeSync(file);
  }
}

/** Where the memory that a file has besides is mapped, and the number of the image that has all pages of the process. */
const ballast = 0x8_0000_0000n;
const ballastId = 99;

interface PagemapEntry {
  readonly vaddr: bigint;
  readonly pages: number;
  readonly json: JsonValue;
}

/** The runs of the first process that are in its image of pages. */
async function pagemapOf(members: Members): Promise<{ readonly entries: readonly PagemapEntry[] }> {
  const image = await imageToJson(memorySource(members.get('checkpoint/pagemap-1.img') ?? new Uint8Array(0)), 'pagemap-1.img');
  const all = isJsonObject(image) && Array.isArray(image['entries']) ? image['entries'] : [];
  return {
    entries: all.flatMap((json: JsonValue) => (isJsonObject(json) && json['vaddr'] !== undefined ? [{ vaddr: BigInt(String(json['vaddr'])), pages: Number(json['nr_pages'] ?? json['compat_nr_pages']), json }] : [])),
  };
}

async function largeMembers(original: Uint8Array, processes: number, mappings: number): Promise<Members> {
  const members = await membersOf(original);
  const image = async (name: string): Promise<JsonValue> => imageToJson(memorySource(members.get(`checkpoint/${name}`) ?? new Uint8Array(0)), name);
  const pids = Array.from({ length: processes }, (_, i) => i + 1);
  const core = members.get('checkpoint/core-1.img');
  const pagemap = members.get('checkpoint/pagemap-1.img');
  const extra = ['fs-1.img', 'ids-1.img'].filter((name) => members.has(`checkpoint/${name}`));
  for (const name of [...members.keys()]) if (/checkpoint\/(?:core|pagemap|mm|fs|ids)-\d+\.img$/.test(name) && !/-1\.img$/.test(name)) members.delete(name);
  if (core === undefined || pagemap === undefined) throw new Error('the sample has no process 1');
  const tree = await image('pstree.img');
  if (!isJsonObject(tree)) throw new Error('the sample has no process tree');
  // Ten children each, so that the tree has branches and depth.
  const entries = pids.map((pid) => ({ pid, ppid: pid === 1 ? 0 : Math.floor((pid - 2) / 10) + 1, pgid: 1, sid: 1, threads: [pid] }));
  members.set('checkpoint/pstree.img', imageFromJson({ magic: 'PSTREE', entries }));
  await alterImage(members, 'checkpoint/mm-1.img', (key, value) => (key === 'vmas' && Array.isArray(value) ? [...value, ...vmas(value, mappings - value.length)].sort(byStart) : value));
  const mm = members.get('checkpoint/mm-1.img') ?? new Uint8Array(0);
  for (const pid of pids.slice(1)) {
    members.set(`checkpoint/core-${pid}.img`, core);
    members.set(`checkpoint/mm-${pid}.img`, mm);
    members.set(`checkpoint/pagemap-${pid}.img`, pagemap);
    for (const name of extra) members.set(`checkpoint/${name.replace('-1.img', `-${pid}.img`)}`, members.get(`checkpoint/${name}`) ?? new Uint8Array(0));
  }
  return members;
}

/** Mappings beside those that a process has: sizes from a page to 256 MiB, rights as they come, gaps between some. */
function vmas(own: readonly JsonValue[], count: number): JsonValue[] {
  const anonymous = anonymousOf(own);
  const protections = ['PROT_READ', 'PROT_READ | PROT_WRITE', 'PROT_READ | PROT_EXEC', '0'];
  let at = base;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    at += i % 7 === 0 ? 0x10000n * BigInt(1 + (i % 50)) : 0n;
    const start = at;
    at += 4096n << BigInt((i * 7) % 17);
    return { ...anonymous, start: `0x${start.toString(16)}`, end: `0x${at.toString(16)}`, prot: protections[i % protections.length] ?? 'PROT_READ' };
  });
}

function anonymousOf(vmas: readonly JsonValue[]): { readonly [name: string]: JsonValue } {
  const anonymous = vmas.find((vma) => isJsonObject(vma) && String(vma['flags']).includes('MAP_ANON'));
  if (!isJsonObject(anonymous)) throw new Error('the sample has no anonymous memory');
  return anonymous;
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}

function byStart(a: JsonValue, b: JsonValue): number {
  const start = (vma: JsonValue): bigint => (isJsonObject(vma) ? BigInt(String(vma['start'])) : 0n);
  return start(a) < start(b) ? -1 : 1;
}
