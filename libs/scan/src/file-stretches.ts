import { type ByteSource, readInto } from '@icecore/bytes';
import type { ChangedFile, ContainerSnapshot, HiddenFile, QueuedBytes } from '@icecore/snapshot';
import type { HitPlace } from './hits.ts';
import type { Stretch } from './stretch.ts';

type FileOrigin = Extract<HitPlace, { kind: 'file' }>['origin'];

/** Files with their content: deleted ones and what lives in memory alone, then changes to file systems, each by path. */
export async function fileStretches(snapshot: ContainerSnapshot): Promise<readonly Stretch[]> {
  const hidden = (await snapshot.hiddenFiles()).filter(isScanned).map(hiddenStretch);
  const { files } = await snapshot.changedFiles();
  const changed = files.flatMap((file) => changedStretch(file) ?? []);
  const byPath = (a: Placed, b: Placed): number => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0);
  return [...hidden.sort(byPath), ...changed.sort(byPath)].map(({ stretch }) => stretch);
}

interface Placed {
  readonly order: string;
  readonly stretch: Stretch;
}

/** Shared memory that a process has mapped is scanned as its memory; here is what only descriptors hold. */
function isScanned({ kind, owners }: HiddenFile): boolean {
  return kind === 'deleted' || !owners.some(({ as }) => as.startsWith('mapped'));
}

function hiddenStretch(file: HiddenFile): Placed {
  const pids = [...new Set(file.owners.map(({ pid }) => pid))].sort((a, b) => a - b);
  const entry = file.place.image ?? file.place.entry ?? '';
  return { order: `${file.path}\0${entry}`, stretch: fileStretch(file.source, file.kind, file.path, entry, pids) };
}

function changedStretch(file: ChangedFile): Placed | undefined {
  const { entry, path, kind } = file;
  if (entry === undefined || entry.type !== 'file' || entry.source.size === 0) return undefined;
  const origin: FileOrigin = kind === 'rootfs' && path.startsWith('/var/log/') ? 'log' : kind;
  return { order: `${path}\0${file.origin}`, stretch: fileStretch(entry.source, origin, path, file.origin, []) };
}

/** A log of the container's engine, or another file of the archive. */
export function archiveStretch(source: ByteSource, path: string): Stretch {
  return fileStretch(source, 'archive', path, path, []);
}

function fileStretch(source: ByteSource, origin: FileOrigin, path: string, entry: string, pids: readonly number[]): Stretch {
  return {
    length: source.size,
    pageBytes: 4096,
    subject: path,
    placeOf: (offset) => ({ kind: 'file', origin, path, entry, offset, pids }),
    read: (target, offset) => readInto(source, target, offset),
  };
}

/** Bytes that were on their way between processes or over the network. */
export function queueStretches(snapshot: ContainerSnapshot): readonly Stretch[] {
  const holders = holdersOf(snapshot);
  const stretches: Stretch[] = [];
  const add = (subject: string, fileIds: readonly number[], messages: readonly QueuedBytes[]): void => {
    const pids = [...new Set(fileIds.flatMap((id) => holders.get(id) ?? []))].sort((a, b) => a - b);
    for (const { image, offset, source } of messages) if (source.size > 0) stretches.push(queueStretch(subject, fileIds, pids, image, offset, source));
  };
  for (const socket of snapshot.sockets) {
    const name = `socket ${socket.inode ?? socket.fileId}`;
    add(`receive queue of ${name}`, [socket.fileId], socket.receiveQueue.messages);
    add(`send queue of ${name}`, [socket.fileId], socket.sendQueue.messages);
  }
  for (const { pipeId, ...data } of snapshot.pipes) add(`pipe ${pipeId}`, pipeFiles(snapshot, pipeId), [{ ...data, passedFiles: [] }]);
  return stretches;
}

/** Ids of the open files that are an end of a pipe. */
function pipeFiles({ processes }: ContainerSnapshot, pipeId: number): readonly number[] {
  const name = `pipe:[${pipeId}]`;
  const ids = processes.flatMap(({ descriptors }) => descriptors.filter(({ file }) => file.name === name).map(({ fileId }) => fileId));
  return [...new Set(ids)].sort((a, b) => a - b);
}

function holdersOf({ processes }: ContainerSnapshot): ReadonlyMap<number, readonly number[]> {
  const holders = new Map<number, number[]>();
  for (const { pid, descriptors } of processes) for (const { fileId } of descriptors) holders.set(fileId, [...(holders.get(fileId) ?? []), pid]);
  return holders;
}

function queueStretch(subject: string, fileIds: readonly number[], pids: readonly number[], image: string, imageOffset: number, source: ByteSource): Stretch {
  return {
    length: source.size,
    pageBytes: 4096,
    subject,
    placeOf: (offset) => ({ kind: 'queue', subject, fileIds, pids, image, offset: imageOffset + offset }),
    read: (target, offset) => readInto(source, target, offset),
  };
}
