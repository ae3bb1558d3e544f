import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What lies beside an object. Each file is written whole, and no two writers change the same one from what it was. */
export const lockFiles = {
  /** The lock as it was at the put, with hashes and time. */
  first: (path: string) => beside(path, 'lock'),
  /** One empty file for each later end of the lock: the latest counts, so that two who extend at once lose nothing. */
  until: (path: string, moment: Date) => beside(path, `until-${moment.getTime()}`),
  /** The last word on the hold. */
  hold: (path: string) => beside(path, 'hold'),
  /** The lock of an object that is being written, beside its part. */
  ofPart: (part: string) => part.replace(/\.part$/, '.lock'),
} as const;

/** True for the name of an object that is being written: `.NAME.HOST-PID-ID.part`. */
export function isPart(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.part');
}

/** The moments to which the lock of an object was moved, in milliseconds since the epoch. */
export async function laterEnds(path: string): Promise<number[]> {
  const prefix = basename(beside(path, 'until-'));
  const names = await readdir(dirname(path));
  return names.filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length))).filter(Number.isSafeInteger);
}

/** Paths of all that is kept of an object's lock. */
export async function lockFilesOf(path: string): Promise<string[]> {
  const ends = await laterEnds(path);
  return [lockFiles.first(path), lockFiles.hold(path), ...ends.map((end) => lockFiles.until(path, new Date(end)))];
}

/** The lock of an object whose put ended between its name and its lock. */
export async function pendingLockOf(target: string): Promise<string | undefined> {
  for (const name of await readdir(dirname(target))) {
    const part = join(dirname(target), name);
    if (isPart(name) && name.startsWith(`.${basename(target)}.`) && (await isSameFile(target, part))) return lockFiles.ofPart(part);
  }
  return undefined;
}

/** True for two names of one file. */
export async function isSameFile(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([left, right].map((path) => stat(path).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function beside(path: string, ending: string): string {
  return join(dirname(path), `.${basename(path)}.${ending}`);
}
