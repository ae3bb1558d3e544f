import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isDamageError } from '@icecore/bytes';
import { LakeError, type LakeStore, requireLakePath } from '@icecore/lake';
import { fileSource } from './file-source.ts';
import { absent, filesBelow, nearestFolder, syncFolder, writeNew } from './folder-files.ts';
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
    async removePart(path, sha256) {
      const target = join(home, requireLakePath(path));
      return (await hashOf(target)) === sha256 && remove(target, sha256);
    },
    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (folder !== '') requireLakePath(folder.slice(0, -1));
      for await (const path of filesBelow(home, folder, (name) => !name.startsWith('.'))) {
        const stats = path.startsWith(prefix) ? await stat(join(home, path)).catch(absent) : undefined;
        if (stats !== undefined) yield { path, size: stats.size };
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
  const { path, inside } = await nearestFolder(home, folder);
  if (!inside) throw new LakeError('invalid_name', `${path} is a link that leads out of the lake`);
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
    await writeNew(temporary, bytes);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** SHA-256 of a small file in hex; undefined where there is none. */
async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(absent);
  return bytes === undefined ? undefined : createHash('sha256').update(bytes).digest('hex');
}

/** Takes the file out of sight before it looks a last time: what is written meanwhile is another file, and stays. */
async function remove(target: string, sha256: string): Promise<boolean> {
  const aside = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  if ((await rename(target, aside).then(() => true, absent)) !== true) return false;
  const same = (await hashOf(aside)) === sha256;
  // Where yet another file has come to its place by now, that is the later one.
  if (!same) await link(aside, target).catch((error: unknown) => (systemCode(error) === 'EEXIST' ? undefined : Promise.reject(error)));
  await rm(aside);
  return same;
}
