import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type ByteSource, readInto } from '@icecore/bytes';
import { crc64Nvme, type Fingerprint } from '@icecore/evidence';
import { replaceFile, syncFolder } from './folder-files.ts';
import { systemCode } from './system-error.ts';
import { lockText, type StoredLock } from './vault-lock.ts';
import { isPart, isSameFile, lockFiles } from './vault-names.ts';

/** An object that is being written: a file beside its place, `.NAME.HOST-PID-ID.part`. */
export interface Part {
  readonly path: string;
  /** Writes all of the source, leaving bytes in place that are the same already. */
  write(source: ByteSource, signal?: AbortSignal, onProgress?: (doneBytes: number) => void): Promise<Fingerprint>;
  /** Makes the file read-only and puts its lock beside it, all of it on disk. */
  seal(lock: StoredLock): Promise<void>;
  /** Takes away the file and its lock. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

const pieceBytes = 1 << 20;
/** What this process writes now. */
const writing = new Set<string>();
const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_').slice(0, 40);

/** Begins an object, or takes up what a process that is gone left of it. */
export async function beginPart(target: string): Promise<Part> {
  const path = join(dirname(target), `.${basename(target)}.${host}-${process.pid}-${randomUUID()}.part`);
  writing.add(path);
  for (const left of await partsOf(target)) {
    // What has a second name is an object already, and is not written to.
    if ((await stat(left).catch(() => undefined))?.nlink !== 1) continue;
    await rm(lockFiles.ofPart(left), { force: true });
    // Of several who want it one gets it: the others find its name gone.
    if (await moved(left, path)) break;
  }
  // A file that was sealed and not linked is read-only; its owner may write on after asking for that.
  const file = await openPart(path);
  return {
    path,
    write: (source, signal, onProgress) => writeAll(file, source, signal, onProgress),
    async seal(lock) {
      await file.chmod(0o400);
      await file.sync();
      await replaceFile(lockFiles.ofPart(path), lockText(lock));
    },
    async discard() {
      await rm(path, { force: true });
      await rm(lockFiles.ofPart(path), { force: true });
    },
    async close() {
      writing.delete(path);
      await file.close();
    },
  };
}

/** Parts of an object whose writer is gone. A writer on another machine may live: its parts are left alone. */
export async function partsOf(target: string): Promise<string[]> {
  const names = await readdir(dirname(target));
  const prefix = `.${basename(target)}.`;
  return names
    .filter((name) => name.startsWith(prefix) && isPart(name))
    .filter((name) => {
      const [, where, pid] = /^(\w+)-(\d+)-[0-9a-f-]{36}\.part$/.exec(name.slice(prefix.length)) ?? [];
      return where === host && pid !== undefined && isGone(Number(pid), join(dirname(target), name));
    })
    .map((name) => join(dirname(target), name));
}

/**
 * Ends what is left of a put: where the part is the object, its lock becomes the object's; then both go. A crash between
 * any two of these steps is made good by whoever comes next.
 */
export async function endPart(target: string, part: string): Promise<void> {
  if (await isSameFile(target, part)) await moved(lockFiles.ofPart(part), lockFiles.first(target));
  else await rm(lockFiles.ofPart(part), { force: true });
  await syncFolder(dirname(target));
  await rm(part, { force: true });
  await syncFolder(dirname(target));
}

async function openPart(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_CREAT, 0o600);
  await handle.chmod(0o600);
  await handle.close();
  return open(path, constants.O_RDWR);
}

async function writeAll(file: FileHandle, source: ByteSource, signal: AbortSignal | undefined, onProgress: ((doneBytes: number) => void) | undefined): Promise<Fingerprint> {
  const sha256 = createHash('sha256');
  const crc = crc64Nvme();
  let there = (await file.stat()).size;
  const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, source.size));
  const before = Buffer.allocUnsafeSlow(piece.length);
  for (let start = 0; start < source.size; ) {
    signal?.throwIfAborted();
    const wanted = piece.subarray(0, Math.min(piece.length, source.size - start));
    await readInto(source, wanted, start);
    sha256.update(wanted);
    crc.update(wanted);
    const same = start + wanted.length <= there && (await holds(file, wanted, before.subarray(0, wanted.length), start));
    if (!same) {
      // From the first byte that differs on nothing of what was left counts.
      if (start < there) await file.truncate(start);
      await writeFully(file, wanted, start);
      there = start + wanted.length;
    }
    start += wanted.length;
    onProgress?.(start);
  }
  signal?.throwIfAborted();
  await file.truncate(source.size);
  return { bytes: source.size, sha256: sha256.digest('hex'), crc64nvme: crc.digest() };
}

async function holds(file: FileHandle, wanted: Buffer, found: Buffer, start: number): Promise<boolean> {
  const { bytesRead } = await file.read(found, 0, wanted.length, start);
  return bytesRead === wanted.length && wanted.equals(found);
}

async function writeFully(file: FileHandle, bytes: Buffer, start: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
}

function isGone(pid: number, path: string): boolean {
  if (pid === process.pid) return !writing.has(path);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
