import { randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isDamageError } from '@icecore/bytes';
import { LakeError, type LakeStore, requireLakePath, type StoredPart } from '@icecore/lake';
import { fileSource } from './file-source.ts';
import { systemCode } from './system-error.ts';

/**
 * A lake in a folder, which is made when the first part is written. Files and folders are readable by their owner
 * only, for they hold evidence. A file is written beside its place, brought to disk and renamed; what is left of
 * one that was not finished begins with a dot and is not listed.
 */
export function lakeFolder(root: string): LakeStore {
  const home = resolve(root);
  return {
    async writePart(path, bytes) {
      const target = join(home, requireLakePath(path));
      const folder = dirname(target);
      await makeFolder(home, folder);
      if (!(await holds(target, bytes))) await replace(target, bytes);
    },
    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (folder !== '') requireLakePath(folder.slice(0, -1));
      for await (const part of walk(home, folder)) {
        if (part.path.startsWith(prefix)) yield part;
      }
    },
    async open(path) {
      const target = join(home, requireLakePath(path));
      try {
        return await fileSource(target);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        throw new LakeError('missing', `the lake has no ${path}`, { cause: error });
      }
    },
  };
}

/** Makes a folder of the lake. A link in the lake must not lead writers out of it. */
async function makeFolder(home: string, folder: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const realHome = await realpath(home);
  let above = folder;
  let real = await realpath(above).catch(absent);
  while (real === undefined) {
    above = dirname(above);
    real = await realpath(above).catch(absent);
  }
  if (real !== realHome && !real.startsWith(realHome + sep)) {
    throw new LakeError('invalid_name', `${above} is a link that leads out of the lake`);
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

async function holds(target: string, bytes: Uint8Array): Promise<boolean> {
  const stats = await stat(target).catch(absent);
  if (stats === undefined || !stats.isFile() || stats.size !== bytes.length) return false;
  return (await readFile(target)).equals(bytes);
}

async function replace(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Brings the new name to disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The files in a folder and below, by ascending path. `folder` is relative to `home` and ends in a slash, or is empty. */
async function* walk(home: string, folder: string): AsyncGenerator<StoredPart> {
  const entries = (await readdir(join(home, folder), { withFileTypes: true }).catch(absent)) ?? [];
  for (const entry of entries.filter((found) => !found.name.startsWith('.')).sort(byPath)) {
    const path = folder + entry.name;
    if (entry.isDirectory()) yield* walk(home, `${path}/`);
    else if (entry.isFile()) {
      const stats = await stat(join(home, path)).catch(absent);
      if (stats !== undefined) yield { path, size: stats.size };
    }
  }
}

/** A folder sorts as its name with a slash: the order of the paths below it among all paths. */
function byPath(left: Dirent, right: Dirent): number {
  const [a, b] = [left, right].map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1;
}

/** For what is not there, or no longer; other errors are thrown on. */
function absent(error: unknown): undefined {
  const code = systemCode(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}
