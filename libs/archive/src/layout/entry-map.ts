import { posix } from 'node:path';
import { type ArchiveEntry } from '../entry.ts';

export type EntryMap = ReadonlyMap<string, ArchiveEntry>;

const mostLinks = 8;

/**
 * Entries below a root by their path from it. Of doubled paths the last wins, as it would on disk; an unsafe path
 * never takes the place of a safe one.
 */
export function entryMap(entries: readonly ArchiveEntry[], root = ''): EntryMap {
  const map = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    if (!entry.path.startsWith(root)) continue;
    const path = entry.path.slice(root.length);
    if (entry.unsafe && map.get(path)?.unsafe === false) continue;
    map.set(path, root === '' ? entry : { ...entry, path });
  }
  return map;
}

/** The file at a path, links inside the tar followed; undefined where there is none. */
export function fileAt(entries: EntryMap, path: string): ArchiveEntry | undefined {
  let entry = entries.get(path);
  for (let links = 0; links < mostLinks && entry?.linkTarget !== undefined; links++) {
    const folder = entry.type === 'symlink' ? posix.dirname(entry.path) : '.';
    entry = entries.get(posix.join(folder, entry.linkTarget));
  }
  return entry?.type === 'file' ? entry : undefined;
}
