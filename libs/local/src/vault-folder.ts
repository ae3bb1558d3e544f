import { link, lstat, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isDamageError } from '@icecore/bytes';
import { type EvidenceVault, requireExpected, requireExpired, requireLater, requireLiveLock, requireVaultKey, requireVaultPrefix, VaultError, type VaultObject } from '@icecore/evidence';
import { fileSource } from './file-source.ts';
import { absent, filesBelow, nearestFolder, replaceFile, syncFolder } from './folder-files.ts';
import { systemCode } from './system-error.ts';
import { readLock } from './vault-lock.ts';
import { isPart, lockFiles, lockFilesOf } from './vault-names.ts';
import { beginPart, endPart, partsOf } from './vault-part.ts';

/**
 * A vault in a folder, which is made at the first put. An object is a read-only file under its key; beside it lie, under
 * names that begin with a dot, its lock and what a broken put left. Write-once holds against all who use this vault and
 * against mistakes; it cannot hold against one who owns the files, whom `verifyCapture` finds out.
 */
export function vaultFolder(root: string, now: () => Date = () => new Date()): EvidenceVault {
  const home = resolve(root);
  const pathOf = (key: string): string => join(home, requireVaultKey(key));
  const described = async (key: string): Promise<VaultObject | undefined> => {
    const path = pathOf(key);
    const stats = await lstat(path).catch(absent);
    if (stats === undefined || stats.isDirectory()) return undefined;
    const lock = stats.isFile() ? await readLock(path) : undefined;
    return { key, bytes: stats.size, storedAt: lock?.storedAt ?? stats.mtime, versionId: undefined, lock: lock?.lock };
  };
  const existing = async (key: string): Promise<VaultObject> => {
    const found = await described(key);
    if (found === undefined) throw new VaultError('missing', key, 'the vault has no such object');
    return found;
  };
  return {
    location: home,
    async put(key, source, { lock, expected, signal, onProgress }) {
      const path = pathOf(key);
      requireLiveLock(key, lock, now());
      await makeFolder(home, key, dirname(path));
      await refuseTaken(key, path);
      const part = await beginPart(path);
      try {
        const written = await part.write(source, signal, onProgress);
        requireExpected(key, written, expected);
        await part.seal({ lock, storedAt: now(), ...written });
        await commit(key, path, part.path);
        return { key, ...written, versionId: undefined };
      } catch (error) {
        // What the source did not give stays to be taken up; what can never become this object goes.
        if (error instanceof VaultError) await part.discard();
        throw error;
      } finally {
        await part.close();
      }
    },
    async open(key) {
      const path = pathOf(key);
      try {
        if (await isElsewhere(home, path)) throw new VaultError('refused', key, 'is reached by a link: what it shows is not kept in this vault');
        return await fileSource(path);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        throw new VaultError('missing', key, 'the vault has no such object', { cause: error });
      }
    },
    describe: described,
    async *list(prefix) {
      requireVaultPrefix(prefix);
      for await (const key of filesBelow(home, folderOf(prefix), (name) => !name.startsWith('.'), true)) {
        const found = key.startsWith(prefix) ? await described(key) : undefined;
        if (found !== undefined) yield found;
      }
    },
    async extend(key, retainUntil) {
      requireLater(key, (await existing(key)).lock, retainUntil);
      await replaceFile(lockFiles.until(pathOf(key), retainUntil), '');
    },
    async hold(key, held) {
      await existing(key);
      await replaceFile(lockFiles.hold(pathOf(key)), held ? 'held' : 'released');
    },
    async expire(key) {
      const path = pathOf(key);
      requireExpired(key, (await existing(key)).lock, now());
      await rm(path);
      await syncFolder(dirname(path));
      for (const beside of await lockFilesOf(path)) await rm(beside, { force: true });
    },
    async *incomplete(prefix) {
      requireVaultPrefix(prefix);
      for await (const part of filesBelow(home, folderOf(prefix), isPart)) {
        const key = part.replace(/\.([^/]*)\.[^./]+\.part$/, '$1');
        const stats = await stat(join(home, part)).catch(absent);
        if (key.startsWith(prefix) && stats !== undefined && (await stat(join(home, key)).catch(absent)) === undefined) {
          yield { key, startedAt: stats.birthtime, bytes: stats.size };
        }
      }
    },
  };
}

async function refuseTaken(key: string, path: string): Promise<void> {
  const stats = await stat(path).catch(absent);
  if (stats === undefined) return;
  if (stats.isDirectory()) throw new VaultError('refused', key, 'other keys lie below it');
  for (const left of await partsOf(path)) await endPart(path, left);
  throw new VaultError('exists', key, 'is in the vault already');
}

/** True where a link leads from the path to another file: whoever owns that one can change it, lock or not. */
async function isElsewhere(home: string, path: string): Promise<boolean> {
  const [realHome, real] = await Promise.all([realpath(home).catch(absent), realpath(path).catch(absent)]);
  return realHome !== undefined && real !== undefined && real !== join(realHome, relative(home, path));
}

/** Gives the finished file its name: a link takes no name that is taken, and needs no lock to be sure of it. */
async function commit(key: string, path: string, part: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new VaultError('exists', key, 'another one stored it meanwhile', { cause: error });
    throw error;
  }
  await syncFolder(dirname(path));
  await endPart(path, part);
  for (const left of await partsOf(path)) await endPart(path, left);
}

/** Makes a folder of the vault. A link in the vault must not lead writers out of it. */
async function makeFolder(home: string, key: string, folder: string): Promise<void> {
  const { path: above, inside } = await nearestFolder(home, folder);
  if (!inside) throw new VaultError('refused', key, `${above} is a link that leads out of the vault`);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    if (systemCode(error) === 'ENOTDIR' || systemCode(error) === 'EEXIST') throw new VaultError('refused', key, 'would lie below another object', { cause: error });
    throw error;
  });
  for (let made = folder; made.startsWith(above); made = dirname(made)) await syncFolder(made);
}

function folderOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}
