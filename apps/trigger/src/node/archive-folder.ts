import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, readFile, realpath, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { indexTar } from '@icecore/archive';
import { type ArchiveFolder, parseArchiveName } from '@icecore/capture';
import { fileSource } from '@icecore/local';

/** Time since its last write after which an archive that looks whole is taken to be whole, in milliseconds. */
const settledMs = 1000;
/** Largest log of CRIU that is read, in bytes, from its end. */
const maxLogBytes = 1 << 20;
const tailBytes = 1024;

/** The folder in which the kubelet leaves archives. `hostRoot` is where the node's root is mounted, for CRIU's logs. */
export function archiveFolder(path: string, hostRoot: string | undefined): ArchiveFolder {
  const pathOf = (name: string): string => {
    if (parseArchiveName(name) === undefined) throw new TypeError(`${JSON.stringify(name)} is no archive’s name`);
    return join(path, name);
  };
  return {
    path,
    async freeBytes() {
      // The kubelet makes the folder at its first checkpoint; before that its parent tells.
      const { bavail, bsize } = await statfs(path).catch((error: unknown) => (isAbsent(error) ? statfs(join(path, '..')) : Promise.reject(error)));
      return bavail * bsize;
    },
    async list() {
      const names = await readdir(path).catch((error: unknown) => (isAbsent(error) ? [] : Promise.reject(error)));
      const found = await Promise.all(
        names.filter((name) => parseArchiveName(name) !== undefined).map(async (name) => {
          const stats = await lstat(join(path, name)).catch(ignoreAbsent);
          return stats?.isFile() === true ? [{ name, bytes: stats.size, modifiedAt: stats.mtime }] : [];
        }),
      );
      return found.flat().sort((a, b) => a.modifiedAt.getTime() - b.modifiedAt.getTime());
    },
    async isWhole(name) {
      const stats = await lstat(pathOf(name)).catch(ignoreAbsent);
      if (stats === undefined || !stats.isFile() || stats.size < 2 * tailBytes || Date.now() - stats.mtimeMs < settledMs) return false;
      const source = await fileSource(pathOf(name));
      try {
        // A tar ends with two blocks of zeros, and one that was cut has a member that goes past its end.
        const tail = await source.read(source.size - tailBytes, source.size);
        return tail.every((byte) => byte === 0) && (await indexTar(source)).gaps.length === 0;
      } finally {
        await source.close();
      }
    },
    async fingerprint(name) {
      const stats = await lstat(pathOf(name)).catch(ignoreAbsent);
      if (stats === undefined || !stats.isFile()) return undefined;
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of createReadStream(pathOf(name), { highWaterMark: 1 << 20 })) {
        hash.update(piece);
        bytes += piece.length;
      }
      return { bytes, sha256: hash.digest('hex') };
    },
    async remove(name) {
      await unlink(pathOf(name)).catch(ignoreAbsent);
      const folder = await open(path, 'r').catch(ignoreAbsent);
      await folder?.sync().finally(() => folder.close());
    },
    async dumpLog(told) {
      if (hostRoot === undefined || !told.endsWith('.log')) return undefined;
      try {
        // The path came from an answer: it must not lead out of the mount that it is looked for in.
        const [root, real] = [await realpath(hostRoot), await realpath(join(hostRoot, told))];
        if (!real.startsWith(`${root === '/' ? '' : root}/`)) return undefined;
        return (await readFile(real)).subarray(-maxLogBytes).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function ignoreAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}
