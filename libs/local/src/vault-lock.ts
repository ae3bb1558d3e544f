import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Lock } from '@icecore/evidence';
import { syncFolder, writeNew } from './folder-files.ts';
import { systemCode } from './system-error.ts';
import { pendingLockOf } from './vault-part.ts';

/** What lies beside an object. Each file is written whole, and no two writers change the same one from what it was. */
export const lockFiles = {
  /** The lock as it was at the put, with hashes and time. */
  first: (path: string) => beside(path, 'lock'),
  /** One empty file for each later end of the lock: the latest counts, so that two who extend at once lose nothing. */
  until: (path: string, moment: Date) => beside(path, `until-${moment.getTime()}`),
  /** The last word on the hold. */
  hold: (path: string) => beside(path, 'hold'),
} as const;

export interface StoredLock {
  readonly lock: Lock;
  readonly storedAt: Date;
  readonly bytes: number;
  readonly sha256: string;
  readonly crc64nvme: string;
}

/** The lock of an object; undefined where nothing is known of one (a vault that was copied without its dot files). */
export async function readLock(path: string): Promise<StoredLock | undefined> {
  const text = (await read(lockFiles.first(path))) ?? (await read(await pendingLockOf(path)));
  const first = text === undefined ? undefined : parseLock(text);
  if (first === undefined) return undefined;
  const prefix = basename(beside(path, 'until-'));
  const later = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length)));
  const until = Math.max(first.lock.retainUntil.getTime(), ...later.filter(Number.isSafeInteger));
  const hold = await read(lockFiles.hold(path));
  return { ...first, lock: { retainUntil: new Date(until), held: hold === undefined ? first.lock.held : hold !== 'released' } };
}

/** Replaces a small file as a whole and brings it to disk. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeNew(temporary, text);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

export function lockText({ lock, storedAt, bytes, sha256, crc64nvme }: StoredLock): string {
  return JSON.stringify({ retainUntil: lock.retainUntil.toISOString(), held: lock.held, storedAt: storedAt.toISOString(), bytes, sha256, crc64nvme });
}

function parseLock(text: string): StoredLock | undefined {
  try {
    const { retainUntil, held, storedAt, bytes, sha256, crc64nvme } = JSON.parse(text);
    const [until, stored] = [new Date(retainUntil), new Date(storedAt)];
    if (Number.isNaN(until.getTime()) || Number.isNaN(stored.getTime())) return undefined;
    return { lock: { retainUntil: until, held: held === true }, storedAt: stored, bytes: Number(bytes), sha256: String(sha256), crc64nvme: String(crc64nvme) };
  } catch {
    return undefined;
  }
}

async function read(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || !(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

function beside(path: string, ending: string): string {
  return join(dirname(path), `.${basename(path)}.${ending}`);
}
