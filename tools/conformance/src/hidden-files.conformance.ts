import type { HiddenFile } from '@icecore/snapshot';
import { againstTruth } from './against-truth.test-support.ts';
import type { Capture } from './corpus.ts';
import { sha256 } from './sha256.ts';

const deleted = / \(deleted\)$/;

againstTruth('hidden-files', 'files that no file system holds', async ({ snapshot }, truth, facts) => {
  const hidden = await snapshot.hiddenFiles();
  const owned = (pid: number, as: string): HiddenFile | undefined => hidden.find(({ owners }) => owners.some((owner) => owner.pid === pid && owner.as === as));
  facts.check('hidden files', 'held by nobody', [], hidden.filter(({ kind, owners }) => kind !== 'sysv' && owners.length === 0).map(({ path }) => path));
  for (const process of truth.processes) {
    if (!snapshot.processes.some(({ pid }) => pid === process.ns_pid)) continue;
    const subject = `process ${process.ns_pid}`;
    if (process.exe !== null && deleted.test(process.exe)) {
      const file = owned(process.ns_pid, 'exe');
      facts.check(subject, 'executable', process.exe, file === undefined ? undefined : `${file.path} (deleted)`);
      facts.check(subject, 'executable content', process.exe_sha256, file === undefined ? undefined : await sha256(file.source));
    }
    for (const { fd, link, sha256: digest, size, mode } of process.fds) {
      if (!deleted.test(link)) continue;
      const file = owned(process.ns_pid, `fd ${fd}`);
      facts.check(`${subject} fd ${fd}`, 'path', link, file === undefined ? undefined : `${file.path} (deleted)`);
      facts.check(`${subject} fd ${fd}`, 'size', size, file?.size);
      facts.check(`${subject} fd ${fd}`, 'mode', Number(mode), file?.mode);
      facts.check(`${subject} fd ${fd}`, 'content', digest, file === undefined ? undefined : await sha256(file.source));
    }
    for (const { start, path } of process.maps ?? []) {
      if (deleted.test(path)) facts.check(`${subject} mapping ${start}`, 'hidden file', true, owned(process.ns_pid, `mapped at 0x${start.replace(/^0+/, '')}`) !== undefined);
    }
  }
});

againstTruth('open-files', 'open files that the archive holds', async ({ snapshot }, truth, facts) => {
  const content = await contents(snapshot);
  facts.check('changed files', 'readable', true, content !== undefined);
  for (const { ns_pid, fds } of truth.processes) {
    for (const { fd, link, sha256: digest } of fds) {
      const found = content.get(link);
      if (digest !== undefined && found !== undefined) facts.check(`process ${ns_pid} fd ${fd}`, 'content', digest, found);
    }
  }
});

async function contents(snapshot: Capture['snapshot']): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const { path, entry } of (await snapshot.changedFiles()).files) {
    if (entry?.type === 'file') digests.set(path, await sha256(entry.source));
  }
  return digests;
}
