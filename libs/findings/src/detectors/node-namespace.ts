import { sharedWithNode } from '@icecore/snapshot';
import { detector } from '../detector.ts';

export const nodeNamespace = detector({
  id: 'node-namespace',
  signal: 'S52',
  title: 'Namespace that is shared with the node',
  version: 1,
  techniques: ['T1611'],
  severity: 'high',
  category: 'exposure',
  needs: [],
  falsePositives: 'pods with hostNetwork or hostPID by design',
  *detect({ snapshot }) {
    const first = snapshot.processes.find(({ pid }) => pid === 1) ?? snapshot.processes[0];
    if (first?.namespaces === undefined) return;
    for (const kind of sharedWithNode(first.namespaces, snapshot.nodeNamespaces)) {
      if (!['pid', 'net', 'ipc', 'mnt', 'uts'].includes(kind)) continue;
      yield {
        summary: `the container shares the ${kind} namespace of its node`,
        confidence: kind === 'pid' || kind === 'mnt' ? 'high' : 'medium',
        evidence: [{ what: 'namespace', pid: first.pid, value: `${kind} ${first.namespaces[kind] ?? ''}`, image: `ids-${first.pid}.img` }],
        facts: { namespace: kind },
        key: kind,
      };
    }
  },
});
