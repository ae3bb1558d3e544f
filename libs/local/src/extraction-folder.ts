import { createHash } from 'node:crypto';
import { constants, type FileHandle, mkdir, open, readdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, formatBytes, formatPlace, isDamageError, readPieces } from '@icecore/bytes';
import { systemCode } from './system-error.ts';

/** What became of a file that was to be written. */
export interface Extracted {
  /** Path below the folder; undefined where nothing was written. */
  readonly path: string | undefined;
  /** Of the bytes that were written, in lower-case hex; undefined where they are not whole. */
  readonly sha256: string | undefined;
  /** Why the content is not whole. */
  readonly gap?: string;
}

/** A folder that files of an archive are written to. Whatever their names are, nothing is written outside it. */
export interface ExtractionFolder {
  write(kind: string, path: string, source: ByteSource): Promise<Extracted>;
  /** Writes `index.json`, which tells what each file is. */
  writeIndex(index: unknown): Promise<void>;
}

/** Longest name of a file that common file systems take, in bytes; room is left for what makes it unique. */
const maxNameBytes = 200;
/** Space that stays free on the folder's file system: a few bytes of a sparse file may claim petabytes. */
const minFreeBytes = 512 * 2 ** 20;

/** Makes the folder; refuses one that has anything in it. */
export async function extractionFolder(root: string): Promise<ExtractionFolder> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  if ((await readdir(root)).length > 0) throw Object.assign(new Error(`${root} is not empty`), { code: 'ENOTEMPTY' });
  const uniquePath = uniquePaths(['index.json']);
  return {
    async write(kind, path, source) {
      const { bavail, bsize } = await statfs(root);
      if (source.size > bavail * bsize - minFreeBytes) return { path: undefined, sha256: undefined, gap: `no room for ${formatBytes(source.size)}` };
      const relative = uniquePath([kind, ...path.split('/').filter((part) => part !== '')].map(safeName));
      const target = join(root, relative);
      try {
        await mkdir(join(target, '..'), { recursive: true, mode: 0o700 });
        // Nothing in the folder is a link, for this is the only one to write here; the flags hold even if that were so.
        const file = await open(target, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
        return await copy(file, source, relative);
      } catch (error) {
        if (systemCode(error) !== 'ENAMETOOLONG') throw error;
        return { path: undefined, sha256: undefined, gap: 'its path is too long for this file system' };
      }
    },
    writeIndex: (index) => writeFile(join(root, 'index.json'), `${JSON.stringify(index, null, 2)}\n`, { flag: 'wx', mode: 0o600 }),
  };
}

async function copy(file: FileHandle, source: ByteSource, path: string): Promise<Extracted> {
  const hash = createHash('sha256');
  try {
    for await (const piece of readPieces(source)) {
      hash.update(piece);
      await file.write(piece);
    }
    return { path, sha256: hash.digest('hex') };
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return { path, sha256: undefined, gap: `${formatPlace(error.place)}${error.reason}` };
  } finally {
    await file.close();
  }
}

/** A name that is one part of a path on any file system: control characters, separators and `..` are spelled out. */
function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are among what is spelled out
  const spelled = name.replace(/[\u0000-\u001f\u007f/\\:*?"<>|%\ud800-\udfff]/gu, (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const dotted = /^\.+$/.test(spelled) ? spelled.replaceAll('.', '%2e') : spelled;
  const bytes = Buffer.from(dotted, 'utf8');
  return bytes.length <= maxNameBytes ? dotted : `${bytes.subarray(0, maxNameBytes).toString('utf8').replaceAll('\ufffd', '')}~`;
}

/**
 * Gives each file a path of its own, also where a name is that of a folder, or of a file that others are to be in.
 * Case is folded: two names that differ in case alone are one file on some file systems.
 */
function uniquePaths(reserved: readonly string[]): (parts: readonly string[]) => string {
  const taken = new Set(reserved);
  const folders = new Map<string, string>();
  const counts = new Map<string, number>();
  const free = (wanted: string): string => {
    const folded = wanted.toLowerCase();
    for (let i = counts.get(folded) ?? 0; ; i++) {
      const candidate = i === 0 ? wanted : `${wanted}~${i}`;
      if (taken.has(candidate.toLowerCase())) continue;
      taken.add(candidate.toLowerCase());
      counts.set(folded, i + 1);
      return candidate;
    }
  };
  const folderAt = (wanted: string): string => {
    const folder = folders.get(wanted.toLowerCase()) ?? free(wanted);
    folders.set(wanted.toLowerCase(), folder);
    return folder;
  };
  return (parts) => {
    const folder = parts.slice(0, -1).reduce((path, part) => folderAt(path === '' ? part : `${path}/${part}`), '');
    return free(folder === '' ? parts.join('/') : `${folder}/${parts.at(-1) ?? ''}`);
  };
}
