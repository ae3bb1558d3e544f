import { valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { baseName, commandLineOf, isProgram, named } from '../programs.ts';

export const brokenProcessTree = detector({
  id: 'broken-process-tree',
  signal: 'S16',
  title: 'Shell or network tool that was cut loose from its parent',
  version: 1,
  techniques: ['T1036.009'],
  severity: 'medium',
  category: 'attack',
  needs: [],
  falsePositives: 'daemons that a start script leaves behind on purpose',
  *detect({ snapshot }) {
    const entry = new Set(snapshot.container.command.map(baseName));
    const root = snapshot.processes.find(({ pid }) => pid === 1);
    const started = new Set((root === undefined ? [] : valuesOf(root.arguments)).map(baseName));
    for (const process of snapshot.processes) {
      const { pid, ppid, sid } = process;
      if (pid === 1 || ppid !== 1 || sid !== pid) continue;
      if (!isProgram(process, 'relay') && !isProgram(process, 'downloader') && !(isProgram(process, 'shell') && valuesOf(process.arguments).some((word) => word === '-i'))) continue;
      if (process.executable !== undefined && (entry.has(baseName(process.executable.name)) || started.has(baseName(process.executable.name)))) continue;
      yield {
        pid,
        summary: `${named(process)} leads a session of its own below the container’s first process`,
        confidence: 'medium',
        evidence: [{ what: 'process', pid, value: commandLineOf(process), image: 'pstree.img' }],
        key: `tree ${pid}`,
      };
    }
  },
});
