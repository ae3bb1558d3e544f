import { readFile, stat } from 'node:fs/promises';
import type { Lock } from '@icecore/evidence';
import { z } from 'zod';
import { systemCode } from './system-error.ts';
import { laterEnds, lockFiles, pendingLockOf } from './vault-names.ts';

const moment = z.iso.datetime({ precision: 3 }).transform((text) => new Date(text));
const storedLock = z
  .strictObject({
    retainUntil: moment,
    held: z.boolean(),
    storedAt: moment,
    bytes: z.number().int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    crc64nvme: z.string().regex(/^[0-9a-f]{16}$/),
  })
  .transform(({ retainUntil, held, ...stored }) => ({ lock: { retainUntil, held }, ...stored }));

/** An object's lock as it was at the put, and what was stored. */
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
  const until = Math.max(first.lock.retainUntil.getTime(), ...(await laterEnds(path)));
  const hold = await read(lockFiles.hold(path));
  return { ...first, lock: { retainUntil: new Date(until), held: hold === undefined ? first.lock.held : hold !== 'released' } };
}

export function lockText({ lock, storedAt, bytes, sha256, crc64nvme }: StoredLock): string {
  return JSON.stringify({ retainUntil: lock.retainUntil.toISOString(), held: lock.held, storedAt: storedAt.toISOString(), bytes, sha256, crc64nvme });
}

/** A lock that cannot be read is one that is not known, and an object whose lock is not known stays. */
function parseLock(text: string): StoredLock | undefined {
  try {
    return storedLock.parse(JSON.parse(text));
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
