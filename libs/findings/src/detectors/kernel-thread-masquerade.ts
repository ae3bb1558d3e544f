import { valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';

const kernelNames = /^(?:kworker\/|ksoftirqd|kswapd|kthreadd|migration\/|rcu_|khugepaged|jbd2\/|kcompactd|kdevtmpfs$|kblockd|watchdog\/|scsi_eh|irq\/|cpuhp\/|oom_reaper|writeback$|kauditd$|ksmd$|khungtaskd)/;

export const kernelThreadMasquerade = detector({
  id: 'kernel-thread-masquerade',
  signal: 'S14',
  title: 'Program that calls itself a kernel thread',
  version: 1,
  techniques: ['T1036.004', 'T1036.011'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'none: a container has no kernel threads',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      if (process.memory === undefined && process.executable === undefined) continue;
      const called = valuesOf(process.arguments)[0] ?? '';
      const bracketed = /^\[[^\]]+\]/.test(called) || /^\[[^\s\]]/.test(process.comm);
      if (!bracketed && !kernelNames.test(called.replace(/^\[/, '')) && !kernelNames.test(process.comm)) continue;
      const name = bracketed && called.startsWith('[') ? called : kernelNames.test(called) ? called : process.comm;
      yield {
        pid: process.pid,
        summary: `process ${process.pid} calls itself ${name} as a kernel thread does, and is ${process.executable?.name ?? 'a program'}`,
        confidence: 'high',
        evidence: [{ what: 'name', pid: process.pid, value: name, image: called.startsWith('[') ? `mm-${process.pid}.img` : `core-${process.pid}.img` }],
        facts: { name, comm: process.comm, executable: process.executable?.name ?? '' },
        key: `name ${process.pid}`,
      };
    }
  },
});
