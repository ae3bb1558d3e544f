import { type Gap } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { checkpointRoots } from './checkpoint-root.ts';
import { type EntryMap, entryMap } from './entry-map.ts';

/** A checkpoint as it lies in a tar. */
export interface Checkpoint {
  readonly container: 'tar' | 'image-folder';
  readonly entries: EntryMap;
  readonly imagesPrefix: string;
  /** What of the tar is not part of it, and what it lacks. */
  readonly gaps: readonly Gap[];
}

/** The likeliest checkpoint among a tar's entries, undefined where nothing looks like one. */
export function findCheckpoint(entries: readonly ArchiveEntry[]): Checkpoint | undefined {
  const [found, ...others] = checkpointRoots(entries);
  if (found === undefined) return undefined;
  const { root, imagesPrefix, isBare } = found;
  const map = entryMap(entries, root);
  const gaps: Gap[] = others.slice(0, 10).map((other) => ({
    code: 'unsupported',
    subject: `checkpoint in ${folderName(other.root)}`,
    reason: `only the one in ${folderName(root)} is opened`,
    place: {},
  }));
  const outside = entries.filter(({ path }) => path !== '' && !`${path}/`.startsWith(root)).length;
  if (outside > 0) {
    gaps.push({ code: 'unsupported', subject: 'entries of the archive', reason: `${outside} lie outside ${folderName(root)}`, place: {} });
  }
  if (imagesBelow(map, imagesPrefix).size === 0) {
    gaps.push({ code: 'missing', subject: 'CRIU images', reason: `the archive holds none in ${imagesPrefix}`, place: {} });
  }
  return { container: isBare ? 'image-folder' : 'tar', entries: map, imagesPrefix, gaps };
}

/** The CRIU images in a folder by file name. */
export function imagesBelow(entries: EntryMap, prefix: string): EntryMap {
  const images = new Map<string, ArchiveEntry>();
  for (const [path, entry] of entries) {
    const name = path.slice(prefix.length);
    if (path.startsWith(prefix) && name.endsWith('.img') && !name.includes('/') && entry.type === 'file') images.set(name, entry);
  }
  return images;
}

function folderName(root: string): string {
  return root === '' ? 'the root' : root;
}
