import { type Process, valuesOf } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import type { Observation } from '../finding.ts';
import { isProgram, named } from '../programs.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

export const programFromOddPlace = detector({
  id: 'program-from-odd-place',
  signal: 'S13',
  title: 'Program in a place where none belongs',
  version: 2,
  techniques: ['T1036.005'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'an init program that the engine mounts at /dev/init or /sbin/docker-init',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const { executable, pid } = process;
      yield* scriptFromOddPlace(process);
      if (executable === undefined || executable.type === 'MEMFD') continue;
      const odd = isWritableFolder(executable.name) && executable.name !== '/dev/init';
      const hidden = isSuspiciouslyHidden(executable.name);
      if (!odd && !hidden) continue;
      yield {
        pid,
        summary: `${named(process)} runs ${executable.name}${hidden ? ', a hidden file' : ''}${odd ? `${hidden ? ' and' : ','} in a folder for temporary files` : ''}`,
        confidence: odd && hidden ? 'high' : 'medium',
        evidence: [{ what: 'executable', pid, path: executable.name, image: 'files.img' }],
        facts: { executable: executable.name },
        key: `exe ${pid}`,
      };
    }
  },
});

/** An interpreter is as good or bad as the file that it was told to run. */
function* scriptFromOddPlace(process: Process): Iterable<Observation> {
  if (!isProgram(process, 'shell') && !isProgram(process, 'interpreter')) return;
  const script = valuesOf(process.arguments).slice(1).find((word) => !word.startsWith('-'));
  if (script === undefined || !script.startsWith('/') || !isWritableFolder(script)) return;
  const hidden = isSuspiciouslyHidden(script);
  const inMemory = script.startsWith('/dev/');
  if (!hidden && !inMemory) return;
  yield {
    pid: process.pid,
    summary: `${named(process)} was told to run ${script}${hidden ? ', a hidden file' : ''}${inMemory ? ' that lives in memory alone' : ' in a folder for temporary files'}`,
    confidence: hidden ? 'high' : 'medium',
    evidence: [{ what: 'command line', pid: process.pid, path: script, value: valuesOf(process.arguments).join(' '), image: `mm-${process.pid}.img` }],
    facts: { script },
    key: `script ${process.pid}`,
  };
}
