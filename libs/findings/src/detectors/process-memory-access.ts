import { descriptorEvidence } from '../connections.ts';
import { detector } from '../detector.ts';
import { named, programOf } from '../programs.ts';

const secretsOfProcesses = /^\/proc\/(\d+)\/(?:task\/\d+\/)?(mem|maps|environ|auxv|pagemap|smaps)$/;
const profilers = /^(?:gdb|strace|ltrace|perf|py-spy|rbspy|async-profiler|jattach|criu|node_exporter|top|htop|ps|pmap|osqueryd|datadog|falco|java)/;

export const processMemoryAccess = detector({
  id: 'process-memory-access',
  signal: 'S38',
  title: 'Process that reads the memory of another',
  version: 2,
  techniques: ['T1003.007', 'T1055.009'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'debuggers and profilers',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      for (const descriptor of process.descriptors) {
        const match = secretsOfProcesses.exec(descriptor.file.name);
        const kernel = /^\/(?:proc\/kcore|dev\/(?:k?mem|port))$/.test(descriptor.file.name);
        if (!kernel && (match === null || Number(match[1]) === process.pid)) continue;
        const grave = kernel || match?.[2] === 'mem' || match?.[2] === 'environ';
        yield {
          pid: process.pid,
          summary: `${named(process)} has ${descriptor.file.name} open, ${kernel ? 'the memory of the node' : `the ${match?.[2] ?? ''} of process ${match?.[1] ?? ''}`}`,
          confidence: profilers.test(programOf(process)) ? 'low' : grave ? 'high' : 'medium',
          ...(kernel ? { severity: 'critical' as const } : {}),
          evidence: [descriptorEvidence(process, descriptor)],
          key: `${process.pid} ${descriptor.file.name}`,
        };
      }
    }
  },
});
