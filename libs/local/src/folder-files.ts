import { randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { mkdir, open, readdir, realpath, rename } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { systemCode } from './system-error.ts';

/** Writes a new file that its owner alone may read, and brings its bytes to disk. Rejects with EEXIST where there is one. */
export async function writeNew(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a small file as a whole and brings it to disk. */
export async function replaceFile(path: string, text: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  await writeNew(temporary, text);
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Brings the names in a folder to disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The nearest folder of `folder` and those above it that is there. `inside` is false where a link leads it out of `home`, which is made. */
export async function nearestFolder(home: string, folder: string): Promise<{ readonly path: string; readonly inside: boolean }> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const realHome = await realpath(home);
  let path = folder;
  let real = await realpath(path).catch(absent);
  while (real === undefined) {
    path = dirname(path);
    real = await realpath(path).catch(absent);
  }
  return { path, inside: real === realHome || real.startsWith(realHome + sep) };
}

/**
 * The files in a folder and below whose name is wanted, by ascending path, relative to `home`. `folder` is relative too
 * and ends in a slash, or is empty. Folders whose name begins with a dot are passed over. `all` gives links, pipes and devices too.
 */
export async function* filesBelow(home: string, folder: string, wanted: (name: string) => boolean, all = false): AsyncGenerator<string> {
  const entries = (await readdir(join(home, folder), { withFileTypes: true }).catch(absent)) ?? [];
  for (const entry of entries.sort(byPath)) {
    if (entry.isDirectory() && !entry.name.startsWith('.')) yield* filesBelow(home, `${folder}${entry.name}/`, wanted, all);
    else if (!entry.isDirectory() && (all || entry.isFile()) && wanted(entry.name)) yield folder + entry.name;
  }
}

/** A folder sorts as its name with a slash: the order of the paths below it among all paths. */
function byPath(left: Dirent, right: Dirent): number {
  const [a, b] = [left, right].map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1;
}

/** For what is not there, or no longer; other errors are thrown on. */
export function absent(error: unknown): undefined {
  const code = systemCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}
