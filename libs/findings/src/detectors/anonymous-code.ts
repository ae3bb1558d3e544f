import { detector } from '../detector.ts';
import { compilerOf, elfHeadersOf, isAnonymousPrivate, isExecutable, mappingEvidence, presentRuns, threadsIn } from '../mappings.ts';
import { named } from '../programs.ts';

export const anonymousCode = detector({
  id: 'anonymous-code',
  signal: 'S6',
  title: 'Code in memory without a file',
  version: 1,
  techniques: ['T1055'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'compilers at run time that take the right to write away again: V8, PHP, WebAssembly',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const compiler = compilerOf(process);
      const headers = elfHeadersOf(process, examination);
      for (const mapping of process.mappings) {
        if (!isExecutable(mapping) || mapping.permissions[1] === 'w' || !isAnonymousPrivate(mapping)) continue;
        if (presentRuns(process, mapping).length === 0 || headers.some(({ address }) => address >= mapping.start && address < mapping.end)) continue;
        const threads = threadsIn(process, mapping);
        yield {
          pid: process.pid,
          summary: `${named(process)} has code at 0x${mapping.start.toString(16)} (${mapping.permissions}) that no file is behind${threads.length > 0 ? `, and thread ${threads.join(', ')} runs there` : ''}`,
          confidence: compiler !== undefined ? 'low' : threads.length > 0 ? 'high' : 'medium',
          ...(compiler === undefined ? {} : { severity: 'informational' as const }),
          evidence: [mappingEvidence(process, mapping)],
          facts: { permissions: mapping.permissions, ...(compiler === undefined ? {} : { compiler }) },
        };
      }
    }
  },
});
