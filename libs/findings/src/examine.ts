import { createHash } from 'node:crypto';
import type { EntryType } from '@icecore/archive';
import { bytesToHex, type ByteSource, type Gap, gapOf, isDamageError, readInto } from '@icecore/bytes';
import type { ScanHit } from '@icecore/scan';
import type { ChangedFile, ContainerSnapshot, HiddenFile } from '@icecore/snapshot';
import type { ExaminedFile, Examination, NodeProcess } from './examination.ts';

/** Bytes of a file's beginning that detectors see. */
export const maxExaminedBytes = 64 << 10;
/** Most bytes that are read for one capture, over all files, and largest file that is hashed. */
export const maxExaminedTotalBytes = 256 << 20;
export const maxHashedFileBytes = 32 << 20;
/** Most files that are looked at. */
export const maxExaminedFiles = 100_000;

export interface ExamineOptions {
  readonly captureId: string;
  readonly hits?: readonly ScanHit[];
  readonly nodeProcesses?: readonly NodeProcess[];
  readonly dumpLog?: string;
  readonly redact: (text: string) => string;
}

/** Reads what detectors need and gives it to them as values; what could not be read is in `gaps`. */
export async function examine(snapshot: ContainerSnapshot, options: ExamineOptions): Promise<{ readonly examination: Examination; readonly gaps: readonly Gap[] }> {
  const gaps: Gap[] = [];
  const changed = await snapshot.changedFiles();
  const budget = { left: maxExaminedTotalBytes };
  const files: ExaminedFile[] = [];
  for (const hidden of await snapshot.hiddenFiles()) files.push(await examineHidden(hidden, budget, gaps));
  for (const file of changed.files.slice(0, maxExaminedFiles)) files.push(await examineChanged(file, budget, gaps));
  if (changed.files.length > maxExaminedFiles) {
    gaps.push({ code: 'limit', subject: `${changed.files.length - maxExaminedFiles} changed files`, reason: `more than ${maxExaminedFiles} are not looked at`, place: {} });
  }
  const { captureId, hits, nodeProcesses, dumpLog, redact } = options;
  const examination: Examination = {
    captureId,
    snapshot,
    processes: new Map(snapshot.processes.map((process) => [process.pid, process])),
    files,
    rootfsRecorded: snapshot.dump.rootfsBytes !== undefined,
    hits,
    nodeProcesses,
    dumpLog,
    redact,
  };
  return { examination, gaps };
}

async function examineHidden(file: HiddenFile, budget: { left: number }, gaps: Gap[]): Promise<ExaminedFile> {
  const { path, kind, mode, uid, gid, size, modifiedAt, owners, source, place } = file;
  const content = await readContent(source, path, budget, gaps);
  return {
    path,
    origin: kind,
    change: 'present',
    entry: place.image ?? place.entry ?? '',
    type: 'file',
    mode: mode === undefined ? undefined : mode & 0o7777,
    uid,
    gid,
    size,
    modifiedAt: modifiedAt === undefined ? undefined : new Date(modifiedAt * 1000),
    linkTarget: undefined,
    attributes: new Map(),
    ...content,
    pids: [...new Set(owners.map(({ pid }) => pid))].sort((a, b) => a - b),
  };
}

async function examineChanged(file: ChangedFile, budget: { left: number }, gaps: Gap[]): Promise<ExaminedFile> {
  const { path, kind, change, entry, origin } = file;
  const content = entry?.type === 'file' ? await readContent(entry.source, path, budget, gaps) : { head: new Uint8Array(), sha256: undefined };
  return {
    path,
    origin: kind,
    change,
    entry: origin,
    type: entry === undefined ? 'other' : examinedType(entry.type),
    mode: entry === undefined ? undefined : entry.mode & 0o7777,
    uid: entry?.uid,
    gid: entry?.gid,
    size: entry?.size ?? 0,
    modifiedAt: entry === undefined || entry.modifiedAt <= 0 ? undefined : new Date(entry.modifiedAt * 1000),
    linkTarget: entry?.linkTarget,
    attributes: new Map([...(entry?.extendedAttributes ?? [])].map(([name, value]) => [name, bytesToHex(value)])),
    ...content,
    pids: [],
  };
}

function examinedType(type: EntryType): ExaminedFile['type'] {
  switch (type) {
    case 'character_device':
    case 'block_device':
      return 'device';
    case 'socket':
    case 'unknown':
      return 'other';
    default:
      return type;
  }
}

async function readContent(source: ByteSource, path: string, budget: { left: number }, gaps: Gap[]): Promise<{ head: Uint8Array; sha256: string | undefined }> {
  const headBytes = Math.min(source.size, maxExaminedBytes, Math.max(0, budget.left));
  const head = new Uint8Array(headBytes);
  try {
    await readInto(source, head, 0);
    budget.left -= headBytes;
    if (source.size > maxHashedFileBytes || source.size > budget.left) return { head, sha256: undefined };
    const hash = createHash('sha256').update(head);
    const piece = new Uint8Array(Math.min(1 << 20, Math.max(1, source.size - headBytes)));
    for (let start = headBytes; start < source.size; start += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, source.size - start));
      await readInto(source, part, start);
      hash.update(part);
    }
    budget.left -= source.size - headBytes;
    return { head, sha256: hash.digest('hex') };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    gaps.push(gapOf(`content of ${path}`, error));
    return { head: new Uint8Array(), sha256: undefined };
  }
}
