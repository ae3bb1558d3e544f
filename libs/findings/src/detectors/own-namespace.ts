import { namespaceKinds } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { named, namesOf } from '../programs.ts';

const sandboxes = new Set(['chrome', 'chromium', 'bwrap', 'buildkitd', 'firejail', 'unshare', 'runc', 'crun', 'podman', 'buildah', 'electron', 'systemd', 'snap-confine', 'kaniko', 'rootlesskit', 'slirp4netns']);

export const ownNamespace = detector({
  id: 'own-namespace',
  signal: 'S54',
  title: 'Process that left its container’s namespaces',
  version: 1,
  techniques: ['T1611'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'sandboxes that make namespaces for their children: Chromium, bubblewrap, BuildKit',
  *detect({ snapshot, processes }) {
    const first = processes.get(1) ?? snapshot.processes.find(({ ppid }) => ppid === 0);
    if (first?.namespaces === undefined) return;
    for (const process of snapshot.processes) {
      if (process.namespaces === undefined || process.pid === first.pid) continue;
      const parent = processes.get(process.ppid);
      const differs = namespaceKinds.filter((kind) => process.namespaces?.[kind] !== undefined && first.namespaces?.[kind] !== undefined && process.namespaces[kind] !== first.namespaces[kind]);
      // Children have what their parent made: the first that differs is told.
      const inherited = parent?.namespaces !== undefined && differs.every((kind) => parent.namespaces?.[kind] === process.namespaces?.[kind]);
      if (differs.length === 0 || inherited || process.ppid === 0) continue;
      const sandbox = [process, ...(parent === undefined ? [] : [parent])].some((each) => namesOf(each).some((name) => sandboxes.has(name) && name !== 'unshare'));
      yield {
        pid: process.pid,
        summary: `${named(process)} is in other ${differs.join(', ')} namespaces than the container’s first process`,
        confidence: sandbox ? 'low' : 'medium',
        evidence: [{ what: 'namespaces', pid: process.pid, value: differs.join(', '), image: `ids-${process.pid}.img` }],
        facts: { namespaces: differs.join(',') },
        key: `namespaces ${process.pid}`,
      };
    }
  },
});
