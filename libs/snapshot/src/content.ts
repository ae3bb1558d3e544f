import type { ByteSource, Place } from '@icecore/bytes';
import { openPageSet, type PageSet, pageSetSource } from '@icecore/memory';
import { type GhostFile, readGhost } from './deleted-files.ts';
import { sysvPath } from './memfds.ts';
import type { MemoryContext } from './memory-map.ts';
import type { Process, ProcessContext } from './processes.ts';

/** Who had a file open or mapped. */
export interface ContentOwner {
  readonly pid: number;
  /** `fd 5`, `exe`, `mapped at 0x7f…`. */
  readonly as: string;
}

/** A file that no file system holds any more, or never did, with its content. */
export interface HiddenFile {
  readonly kind: 'deleted' | 'memfd' | 'shared_memory' | 'sysv';
  /** The path it had, or the name under which `/proc` shows it. */
  readonly path: string;
  readonly size: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly mode: number | undefined;
  /** Seconds since the epoch; undefined where the dump does not say. */
  readonly modifiedAt: number | undefined;
  readonly owners: readonly ContentOwner[];
  readonly source: ByteSource;
  readonly place: Place;
}

/** Deleted files, memfds and shared segments, with their content and who holds them. */
export async function readHiddenFiles(context: ProcessContext, processes: readonly Process[]): Promise<readonly HiddenFile[]> {
  const hidden: HiddenFile[] = [];
  const ghosts = new Map<number, GhostFile | undefined>();
  for (const [fileId, remap] of context.remaps) {
    if (remap.type !== 'GHOST') continue;
    if (!ghosts.has(remap.remapId)) ghosts.set(remap.remapId, await readGhost(context.images, remap.remapId));
    const ghost = ghosts.get(remap.remapId);
    const name = context.entries.get(fileId)?.reg?.name;
    if (ghost === undefined) continue;
    const { image, size, uid, gid, mode, modifiedAt, source } = ghost;
    hidden.push({
      kind: 'deleted',
      path: name ?? image,
      size,
      uid,
      gid,
      mode,
      modifiedAt,
      owners: ownersOf(processes, (id) => id === fileId),
      source,
      place: { image },
    });
  }
  return [...hidden, ...(await readSegments(context, processes))];
}

async function readSegments(context: ProcessContext, processes: readonly Process[]): Promise<HiddenFile[]> {
  const hidden: HiddenFile[] = [];
  const pageSize = processes.find(({ memory }) => memory !== undefined)?.memory?.pageSize ?? 4096;
  for (const inode of context.memfds.values()) {
    const segment = await openSegment(inode.segmentId, context, pageSize);
    const owners = ownersOf(processes, (id) => context.entries.get(id)?.memfd?.inode_id === inode.inodeId);
    const { uid, gid, mode, path } = inode;
    const size = Number(inode.size);
    const kind = path.startsWith('/memfd:') ? 'memfd' : 'shared_memory';
    hidden.push({ kind, path, size, uid, gid, mode, modifiedAt: undefined, owners, source: pageSetSource(segment, size), place: { image: segment.image } });
  }
  for (const sysv of context.sysv) {
    const segment = await openSegment(sysv.id, context, pageSize);
    const owners = processes.flatMap(({ pid, mappings }) =>
      mappings
        .filter(({ segmentId, status }) => segmentId === sysv.id && status.some((name) => name.includes('SYSVIPC')))
        .map(({ start }) => ({ pid, as: `mapped at 0x${start.toString(16)}` })),
    );
    const size = Number(sysv.size);
    const { uid, gid, mode } = sysv;
    hidden.push({ kind: 'sysv', path: sysvPath(sysv.key), size, uid, gid, mode, modifiedAt: undefined, owners, source: pageSetSource(segment, size), place: { image: segment.image } });
  }
  return hidden;
}

async function openSegment(id: number, context: MemoryContext & Pick<ProcessContext, 'images'>, pageSize: number): Promise<PageSet> {
  const segment = context.segments.get(id) ?? (await openPageSet(context.images.folder, `pagemap-shmem-${id}.img`, pageSize));
  context.segments.set(id, segment);
  return segment;
}

function ownersOf(processes: readonly Process[], isIt: (fileId: number) => boolean): ContentOwner[] {
  return processes.flatMap(({ pid, executable, descriptors, mappings }) => [
    ...(executable !== undefined && isIt(executable.id) ? [{ pid, as: 'exe' }] : []),
    ...descriptors.filter(({ fileId }) => isIt(fileId)).map(({ fd }) => ({ pid, as: `fd ${fd}` })),
    ...mappings.filter(({ file }) => file !== undefined && isIt(file.id)).map(({ start }) => ({ pid, as: `mapped at 0x${start.toString(16)}` })),
  ]);
}
