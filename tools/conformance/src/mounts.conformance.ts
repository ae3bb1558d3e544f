import { againstTruth } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';
import { mountLine } from './proc-text.ts';

/** Options that are flags of mount(2), under the names of the flags. */
const flagOptions: Readonly<Record<string, string>> = {
  ro: 'MS_RDONLY',
  nosuid: 'MS_NOSUID',
  nodev: 'MS_NODEV',
  noexec: 'MS_NOEXEC',
  noatime: 'MS_NOATIME',
  nodiratime: 'MS_NODIRATIME',
  relatime: 'MS_RELATIME',
};
const perMount = new Set(Object.values(flagOptions));

againstTruth('mounts', 'mounts', ({ snapshot }, truth, facts) => {
  const namespace = snapshot.processes[0]?.namespaces?.mnt;
  const own = snapshot.mounts.filter(({ namespaceId }) => namespaceId === namespace);
  const lines = truth.mountinfo.map(mountLine);
  for (const [id, expected, found] of paired(lines, ({ mountId }) => mountId, own, ({ mountId }) => mountId)) {
    const subject = `mount ${expected?.mountpoint ?? found?.mountpoint ?? id}`;
    facts.check(subject, 'presence', expected !== undefined, found !== undefined);
    if (expected === undefined || found === undefined) continue;
    facts.check(subject, 'parentId', expected.parentId, found.parentId);
    facts.check(subject, 'mountpoint', expected.mountpoint, found.mountpoint);
    const from = found.externalKey === undefined ? '' : 'outside ';
    facts.check(subject, `${from}root`, expected.root, found.root);
    facts.check(subject, 'source', expected.source, found.source);
    facts.check(subject, `${from}filesystem`, expected.filesystem, found.filesystem);
    facts.check(subject, 'device', expected.device, found.device);
    facts.check(subject, 'flags', expected.options.flatMap((option) => flagOptions[option] ?? []).sort(), found.flags.filter((flag) => perMount.has(flag)).sort());
    facts.check(subject, 'superblock is read-only', expected.superblockOptions.includes('ro'), found.superblockFlags.includes('MS_RDONLY'));
  }
  facts.check('mounts', 'order', lines.map(({ mountpoint }) => mountpoint), own.map(({ mountpoint }) => mountpoint));
});
