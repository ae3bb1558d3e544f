import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { type ArchiveEntry, memorySpool, openArchive } from '@icecore/archive';
import { memorySource } from '@icecore/bytes';
import { decodeImage, type ImageEntry, type ImageType } from '@icecore/criu';
import type { Member } from './forge-tar.ts';

/** An image as its entries, so that a field of it can be changed and the rest stays. */
export interface ImageParts {
  readonly type: ImageType;
  /** Bytes before the first entry. */
  readonly head: Uint8Array;
  readonly entries: readonly { readonly entry: ImageEntry; readonly payload: Uint8Array }[];
}

/** A sound archive that hostile ones are made from. */
export interface Original {
  readonly name: string;
  /** The file as it is. */
  readonly bytes: Uint8Array;
  /** What is in it; long files, which are pages mostly, are cut. */
  readonly members: readonly Member[];
  /** Images by the index of their member. */
  readonly images: ReadonlyMap<number, ImageParts>;
}

const samples = fileURLToPath(new URL('../../../samples/', import.meta.url));
/** Archives larger than this say nothing more about hostile ones, and take longer. */
const maxFileBytes = 8 << 20;
const maxMemberBytes = 24 << 10;

/** Paths of the archives of the samples, and of the folder that `ICECORE_CORPUS` names. */
export function originalPaths(): readonly string[] {
  return [samples, process.env['ICECORE_CORPUS']]
    .filter((path) => path !== undefined)
    .filter((path) => existsSync(path))
    .flatMap((folder) => globSync('**/*.{tar,tar.gz,tar.zst}', { cwd: folder }).map((path) => join(folder, path)))
    .filter((path) => !path.endsWith('.crit-json.tar.zst') && statSync(path).size <= maxFileBytes)
    .sort();
}

export async function readOriginal(path: string): Promise<Original> {
  const stored = readFileSync(path);
  const bytes = path.endsWith('.transport.zst') ? zstdDecompressSync(stored) : stored;
  const archive = await openArchive(memorySource(bytes), { spool: memorySpool() });
  const members: Member[] = [];
  const images = new Map<number, ImageParts>();
  for (const [name, entry] of archive.entries) {
    // One tmpfs is as good as many, and each costs as much as all other images.
    if (/tmpfs-dev-/.test(name) && members.some((member) => /tmpfs-dev-/.test(member.name))) continue;
    const member = await memberOf(name, entry);
    if (member === undefined) continue;
    if (/\.img$/.test(name) && !/pages-\d+|\.tar\.gz/.test(name)) {
      const parts = await partsOf(member);
      if (parts !== undefined) images.set(members.length, parts);
    }
    members.push(member);
  }
  return { name: path, bytes, members, images };
}

async function memberOf(name: string, { type, source, linkTarget }: ArchiveEntry): Promise<Member | undefined> {
  if (name === '') return undefined;
  if (type === 'directory') return { name: `${name}/`, type: '5', body: new Uint8Array(0) };
  if (type === 'symlink') return { name, type: '2', linkName: linkTarget ?? '', body: new Uint8Array(0) };
  return { name, body: await source.read(0, Math.min(source.size, maxMemberBytes)) };
}

async function partsOf({ name, body }: Member): Promise<ImageParts | undefined> {
  try {
    const { type, entries } = await decodeImage(memorySource(body), name);
    const ends = [...entries.slice(1).map(({ offset }) => offset), body.length];
    return {
      type,
      head: body.subarray(0, entries[0]?.offset ?? body.length),
      entries: entries.map((entry, i) => ({ entry, payload: body.subarray(entry.offset + 4 + entry.raw.length, ends[i]) })),
    };
  } catch {
    return undefined;
  }
}
