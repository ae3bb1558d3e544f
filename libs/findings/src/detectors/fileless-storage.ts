import { detector } from '../detector.ts';

const grave = new Set(['elf', 'upx', 'pe', 'script']);

export const filelessStorage = detector({
  id: 'fileless-storage',
  signal: 'S3',
  title: 'Program kept in memory, not run from there',
  version: 1,
  techniques: ['T1027.011'],
  severity: 'high',
  category: 'attack',
  needs: ['memory_scan'],
  falsePositives: 'programs that hand libraries or scripts to each other through memory',
  *detect({ hits = [], snapshot }) {
    const running = new Set(snapshot.processes.flatMap(({ executable, mappings }) => [executable?.name, ...mappings.filter(({ permissions }) => permissions[2] === 'x').map(({ name }) => name.replace(/ \(deleted\)$/, ''))]));
    for (const hit of hits) {
      if (hit.kind !== 'magic' || !grave.has(hit.format) || hit.place.kind !== 'file' || hit.place.offset !== 0) continue;
      const { origin, path, pids, entry } = hit.place;
      if (!['memfd', 'shared_memory', 'sysv', 'shm'].includes(origin) || running.has(path)) continue;
      const [pid] = pids;
      yield {
        ...(pid === undefined ? {} : { pid }),
        summary: `${path} holds ${hit.format === 'script' ? 'a script' : 'a program'} (${hit.description}) that is in memory alone`,
        confidence: hit.format === 'script' ? 'medium' : 'high',
        evidence: [{ what: 'content in memory', path, image: entry, offset: 0, value: hit.description, ...(pid === undefined ? {} : { pid }) }],
        facts: { format: hit.format },
        key: `${entry} ${path}`,
      };
    }
  },
});
