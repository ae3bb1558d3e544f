import { detector } from '../detector.ts';
import { named } from '../programs.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

export const programFromOddPlace = detector({
  id: 'program-from-odd-place',
  signal: 'S13',
  title: 'Program in a place where none belongs',
  version: 1,
  techniques: ['T1036.005'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'an init program that the engine mounts at /dev/init or /sbin/docker-init',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const { executable, pid } = process;
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
