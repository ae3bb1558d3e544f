import { type ArchiveEntry, type CheckpointArchive, type Compression, openNested, type OpenOptions, type TarIndex } from '@icecore/archive';
import { type Gap, gapOf } from '@icecore/bytes';
import { readTextList } from './metadata.ts';
import type { Mount } from './mounts.ts';

/** A file that the archive holds besides the images: a change to the root file system, or a file of a tmpfs or volume. */
export interface ChangedFile {
  /** Path in the container. */
  readonly path: string;
  /** The archive within the archive that it was found in. */
  readonly origin: string;
  readonly kind: 'rootfs' | 'tmpfs' | 'shm' | 'volume';
  /**
   * - `present`: was added, or changed, and this is what it was. - `deleted`: was deleted from the image's layers.
   * - `opaque`: the directory hides what the layers below have in it.
   */
  readonly change: 'present' | 'deleted' | 'opaque';
  /** Undefined for what was deleted. */
  readonly entry: ArchiveEntry | undefined;
}

export interface ChangedFiles {
  readonly files: readonly ChangedFile[];
  readonly gaps: readonly Gap[];
}

const whiteout = '.wh.';
const opaqueMarker = '.wh..wh..opq';

/** Reads every archive within the archive. */
export async function readChangedFiles(archive: CheckpointArchive, mounts: readonly Mount[], options: OpenOptions): Promise<ChangedFiles> {
  const files: ChangedFile[] = [];
  const gaps: Gap[] = [];
  for (const part of nestedArchives(archive, mounts)) {
    const nested = await openPart(part.entry, options, gaps);
    if (nested === undefined) continue;
    gaps.push(...nested.gaps);
    for (const entry of nested.entries) {
      const found = changeOf(entry, part);
      if (found !== undefined) files.push(found);
    }
  }
  for (const path of await readTextList(archive, 'deleted.files', gaps)) {
    files.push({ path: path.startsWith('/') ? path : `/${path}`, origin: 'deleted.files', kind: 'rootfs', change: 'deleted', entry: undefined });
  }
  return { files, gaps };
}

interface NestedArchive {
  readonly entry: ArchiveEntry;
  readonly kind: ChangedFile['kind'];
  /** Where its root is in the container. */
  readonly root: string;
}

function nestedArchives(archive: CheckpointArchive, mounts: readonly Mount[]): NestedArchive[] {
  const parts: NestedArchive[] = [];
  const add = (entry: ArchiveEntry | undefined, kind: ChangedFile['kind'], root: string): void => {
    if (entry !== undefined && entry.type === 'file') parts.push({ entry, kind, root });
  };
  add(archive.entries.get('rootfs-diff.tar'), 'rootfs', '');
  add(archive.entries.get('devshm-checkpoint.tar'), 'shm', '/dev/shm');
  for (const [name, entry] of archive.images()) {
    const device = /^tmpfs-dev-(\d+)\.tar\.gz\.img$/.exec(name)?.[1];
    if (device !== undefined) add(entry, 'tmpfs', mounts.find((mount) => mount.device === `0:${device}`)?.mountpoint ?? `/[tmpfs ${device}]`);
    const mountId = /^tmpfs-(\d+)\.tar\.gz\.img$/.exec(name)?.[1];
    if (mountId !== undefined) add(entry, 'tmpfs', mounts.find((mount) => mount.mountId === Number(mountId))?.mountpoint ?? `/[tmpfs ${mountId}]`);
  }
  for (const [path, entry] of archive.entries) {
    const volume = /^volumes\/(.+)\.tar$/.exec(path)?.[1];
    if (volume !== undefined) add(entry, 'volume', `/[volume ${volume}]`);
  }
  return parts;
}

async function openPart(entry: ArchiveEntry, options: OpenOptions, gaps: Gap[]): Promise<(TarIndex & { compression: Compression }) | undefined> {
  if (entry.source.size === 0) return undefined;
  try {
    return await openNested(entry, options);
  } catch (error) {
    gaps.push(gapOf(`files in ${entry.path}`, error));
    return undefined;
  }
}

function changeOf(entry: ArchiveEntry, part: NestedArchive): ChangedFile | undefined {
  const slash = entry.path.lastIndexOf('/');
  const folder = slash === -1 ? '' : entry.path.slice(0, slash + 1);
  const name = entry.path.slice(slash + 1);
  const origin = part.entry.path;
  const at = (path: string): string => `${part.root}/${path}`.replace(/\/$/, '') || '/';
  if (name === '') return undefined;
  if (part.kind === 'rootfs' && name === opaqueMarker) return { path: at(folder), origin, kind: part.kind, change: 'opaque', entry: undefined };
  if (part.kind === 'rootfs' && name.startsWith(whiteout)) {
    return { path: at(folder + name.slice(whiteout.length)), origin, kind: part.kind, change: 'deleted', entry: undefined };
  }
  return { path: at(entry.path), origin, kind: part.kind, change: 'present', entry };
}
