import type { Capture } from './corpus.ts';
import { eachProcess } from './against-truth.test-support.ts';
import { maskOf, numbersIn } from './proc-text.ts';

const capabilitySets = [
  ['CapInh', 'inheritable'],
  ['CapPrm', 'permitted'],
  ['CapEff', 'effective'],
  ['CapBnd', 'bounding'],
  ['CapAmb', 'ambient'],
] as const;
const seccompModes = ['disabled', 'strict', 'filter'];

eachProcess('credentials', 'credentials and privileges', (process, { status }, facts, { snapshot }) => {
  const subject = `process ${process.pid}`;
  const { credentials } = process;
  facts.check(subject, 'seccomp', seccompModes[Number(status['Seccomp'])], process.threads[0]?.seccomp.mode);
  facts.check(subject, 'credentials', process.state !== 'dead', credentials !== undefined);
  if (credentials === undefined) return;
  const { uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, capabilities, noNewPrivileges } = credentials;
  const { uidMap, gidMap } = snapshot.namespaces;
  facts.check(subject, 'uids', inside(numbersIn(status['Uid']), uidMap), [uid, euid, suid, fsuid]);
  facts.check(subject, 'gids', inside(numbersIn(status['Gid']), gidMap), [gid, egid, sgid, fsgid]);
  facts.check(subject, 'groups', inside(numbersIn(status['Groups']), gidMap), [...groups]);
  for (const [name, set] of capabilitySets) facts.check(subject, `${set} capabilities`, maskOf(status[name]), capabilities[set].bits);
  facts.check(subject, 'noNewPrivileges', status['NoNewPrivs'] === '1', noNewPrivileges);
});

/** Ids of the node as the container's user namespace shows them. */
function inside(ids: readonly number[], map: Capture['snapshot']['namespaces']['uidMap']): number[] {
  if (map.length === 0) return [...ids];
  return ids.map((id) => {
    const range = map.find(({ outside, count }) => id >= outside && id < outside + count);
    return range === undefined ? 65534 : id - range.outside + range.inside;
  });
}
