import type { Mapping, Process } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import type { Examination } from '../examination.ts';
import { compilerOf, elfHeadersOf, isAnonymousPrivate, mappingEvidence, presentRuns, threadsIn } from '../mappings.ts';
import { named } from '../programs.ts';

export const writableCode = detector({
  id: 'writable-code',
  signal: 'S5',
  title: 'Memory that can be written and run',
  version: 2,
  techniques: ['T1055'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'compilers at run time: Java, Node.js, .NET, LuaJIT, PHP’s opcache, PCRE; callbacks of libffi, as Python’s ctypes makes',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      const headers = elfHeadersOf(process, examination);
      const compiler = compilerOf(process);
      const pattern = process.mappings.some(({ name }) => /\/libpcre2?[-.]/.test(name));
      for (const mapping of process.mappings) {
        if (!mapping.permissions.startsWith('rwx') || !isAnonymousPrivate(mapping) || presentRuns(process, mapping).length === 0) continue;
        // Those that begin with a program are told as such.
        if (headers.some(({ address }) => address >= mapping.start && address < mapping.end)) continue;
        const threads = threadsIn(process, mapping);
        const closures = threads.length === 0 && beginsWithClosures(process, mapping, examination);
        yield {
          pid: process.pid,
          summary: `${named(process)} has ${Number(mapping.end - mapping.start)} bytes at 0x${mapping.start.toString(16)} that can be written and run${threads.length > 0 ? `, and thread ${threads.join(', ')} runs there` : ''}${compiler === undefined ? '' : `; ${compiler} compiles code at run time`}${closures ? '; it begins with callbacks of libffi' : ''}`,
          confidence: compiler !== undefined || closures || (pattern && threads.length === 0) ? 'low' : threads.length > 0 ? 'high' : 'medium',
          ...(compiler === undefined ? {} : { severity: 'informational' as const }),
          evidence: [mappingEvidence(process, mapping)],
          facts: { permissions: mapping.permissions, ...(compiler === undefined ? {} : { compiler }) },
        };
      }
    }
  },
});

/** Memory of libffi's, where that is mapped: a jump for each callback. */
function beginsWithClosures(process: Process, { start }: Mapping, { hits = [] }: Examination): boolean {
  if (!process.mappings.some(({ name }) => /\/libffi[-.]/.test(name))) return false;
  return hits.some((hit) => hit.kind === 'magic' && hit.format === 'ffi_closures' && hit.place.kind === 'memory' && hit.place.owners.some(({ pid, address }) => pid === process.pid && address === start));
}
