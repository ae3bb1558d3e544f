import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { tarOf, type TarMember } from './tar.ts';

/** Most files, and bytes of one and of all, that are taken of a container's changed files. */
export const changedFilesLimits = { files: 4096, fileBytes: 16 << 20, totalBytes: 64 << 20 } as const;

/** What was taken of the changed files, and what was not. */
export interface ChangedFiles {
  readonly tar: Uint8Array;
  /** Paths that were left out, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Files that the container changed, from the upper folder of its overlay, as a tar: podman and CRI-O leave modified ones
 * out of archives. Deletions are there as the overlay marks them: character devices, which are listed as left out.
 */
export async function changedFiles(hostRoot: string, pid: number): Promise<ChangedFiles> {
  const upper = await upperFolder(hostRoot, pid);
  const members: TarMember[] = [];
  const leftOut: string[] = [];
  let total = 0;
  const visit = async (folder: string, below: string): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      const [path, at] = [join(folder, name), below === '' ? name : `${below}/${name}`];
      const stats = await lstat(path);
      const common = { path: at, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, mtime: Math.floor(stats.mtimeMs / 1000) };
      if (members.length >= changedFilesLimits.files) {
        if (leftOut.length < 1000) leftOut.push(`${at}: more than ${changedFilesLimits.files} files`);
      } else if (stats.isDirectory()) {
        members.push({ ...common, type: 'directory' });
        await visit(path, at);
      } else if (stats.isSymbolicLink()) members.push({ ...common, type: 'link', target: await readlink(path) });
      else if (!stats.isFile()) leftOut.push(`${at}: ${stats.isCharacterDevice() && stats.rdev === 0 ? 'deleted by the container' : 'no regular file'}`);
      else if (stats.size > changedFilesLimits.fileBytes || total + stats.size > changedFilesLimits.totalBytes) leftOut.push(`${at}: ${stats.size} bytes`);
      else {
        const bytes = await readFile(path);
        total += bytes.length;
        members.push({ ...common, type: 'file', bytes });
      }
    }
  };
  await visit(upper, '');
  return { tar: tarOf(members), leftOut };
}

/** The upper folder of the overlay that is the root of a process; a path of the node. */
async function upperFolder(hostRoot: string, pid: number): Promise<string> {
  const mounts = await readFile(join(hostRoot, 'proc', String(pid), 'mountinfo'), 'utf8');
  const root = mounts.split('\n').find((line) => / \/ .* - overlay /.test(line));
  const upper = /(?:^|,)upperdir=([^,\s]+)/.exec(root?.split(' - ')[1] ?? '')?.[1];
  if (upper === undefined) throw new Error('the container’s root is no overlay with an upper folder');
  const [home, real] = [await realpath(hostRoot), await realpath(join(hostRoot, upper.replaceAll('\\040', ' ')))];
  if (!real.startsWith(`${home === '/' ? '' : home}/`)) throw new Error('the upper folder leads out of the node’s root');
  return real;
}
