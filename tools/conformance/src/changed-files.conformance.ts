import type { ChangedFile } from '@icecore/snapshot';
import { againstTruth } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';
import { sha256 } from './sha256.ts';

againstTruth('changed-files', 'changes to the root file system', async ({ snapshot, archive }, truth, facts) => {
  const { files, gaps } = await snapshot.changedFiles();
  facts.check('changed files', 'gaps', [], [...gaps]);
  facts.check('changed files', 'archive in the archive', true, archive.entries.has('rootfs-diff.tar'));
  if (!archive.entries.has('rootfs-diff.tar')) return;
  const rootfs = files.filter(({ kind }) => kind === 'rootfs');
  for (const [path, upper, found] of paired(truth.upper_files ?? [], (file) => file.path, rootfs, (file) => file.path)) {
    const presence = upper?.whiteout === true ? 'deletion' : `${changeIn(truth.podman_diff, path)} ${kindOf(upper?.mode)}`;
    facts.check(path, presence, upper !== undefined, found !== undefined);
    if (upper === undefined || found === undefined) continue;
    facts.check(path, 'change', upper.whiteout === true ? 'deleted' : 'present', found.change);
    const entry = firstNameOf(found, rootfs);
    if (entry === undefined) continue;
    facts.check(path, 'mode', Number(upper.mode) & 0o7777, entry.mode);
    facts.check(path, 'owner', [upper.uid, upper.gid], [entry.uid, entry.gid]);
    facts.check(path, 'target', upper.target, entry.linkTarget);
    if (entry.type === 'file') facts.check(path, 'content', upper.sha256, await sha256(entry.source));
  }
});

/** The entry that holds the content: other names of a file are links to its first. */
function firstNameOf({ entry }: ChangedFile, files: readonly ChangedFile[]): ChangedFile['entry'] {
  return entry?.type === 'hardlink' ? files.find(({ path }) => path === `/${entry.linkTarget ?? ''}`)?.entry : entry;
}

/** What the engine said had happened to a path: `added`, `changed`, or `not listed`. */
function changeIn(diff: readonly string[] | undefined, path: string): string {
  if (diff === undefined) return 'new';
  if (diff.includes(`A ${path}`)) return 'added';
  return diff.includes(`C ${path}`) ? 'changed' : 'not listed';
}

function kindOf(mode: string | undefined): string {
  const type = Number(mode ?? 0) & 0o170000;
  if (type === 0o040000) return 'directory';
  if (type === 0o140000) return 'socket';
  return type === 0o120000 ? 'symlink' : 'file';
}
