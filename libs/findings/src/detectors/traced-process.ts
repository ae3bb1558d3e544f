import { detector } from '../detector.ts';
import { tracedWords } from './refused-capture.ts';

export const tracedProcess = detector({
  id: 'traced-process',
  signal: 'S10',
  title: 'Process that another one traces',
  version: 1,
  techniques: ['T1055.008'],
  severity: 'medium',
  category: 'attack',
  needs: ['dump_log'],
  falsePositives: 'debuggers, and strace in a container beside it',
  *detect({ dumpLog = '' }) {
    // A process that is traced cannot be seized: no archive shows it, only the log of the dump that was refused.
    if (!/Dumping FAILED/.test(dumpLog)) return;
    const told = new Set<string>();
    for (const line of dumpLog.split('\n')) {
      const match = tracedWords.exec(line);
      const pid = match?.[1] ?? match?.[2];
      if (pid === undefined || told.has(pid)) continue;
      told.add(pid);
      yield {
        summary: `process ${pid} of the node could not be seized: another process traces it`,
        confidence: match?.[1] === undefined ? 'medium' : 'high',
        evidence: [{ what: 'log of the dump', path: 'dump.log', value: line.trim().slice(0, 300) }],
        facts: { node_pid: pid },
        key: pid,
      };
    }
  },
});
