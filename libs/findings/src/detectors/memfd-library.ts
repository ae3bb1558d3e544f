import { vmaStatus } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { compilerOf, has, isExecutable, mappingEvidence } from '../mappings.ts';
import { named } from '../programs.ts';

const known = /^\/memfd:(?:doublemapper|libffi|JITCode|jit|wasm|gdk-|pulseaudio|xorg|wayland|mesa|nvidia)/i;

export const memfdLibrary = detector({
  id: 'memfd-library',
  signal: 'S2',
  title: 'Code that is mapped from memory alone',
  version: 1,
  techniques: ['T1620'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: '.NET’s double mapping, libffi’s closures, graphics drivers and other compilers at run time',
  *detect({ snapshot, hits = [] }) {
    // Compilers keep code there, no program image: what has one is told whatever it calls itself.
    const images = new Set(hits.flatMap((hit) => (hit.kind === 'magic' && (hit.format === 'elf' || hit.format === 'upx') && hit.place.kind === 'file' && hit.place.offset === 0 ? [hit.place.path] : [])));
    for (const process of snapshot.processes) {
      for (const mapping of process.mappings) {
        const memfd = has(mapping, vmaStatus.memfd) || mapping.file?.type === 'MEMFD';
        if (!memfd || !isExecutable(mapping) || mapping.file?.id === process.executable?.id) continue;
        const name = mapping.name.replace(/ \(deleted\)$/, '');
        if (known.test(name) && !images.has(name)) continue;
        yield {
          pid: process.pid,
          summary: `${named(process)} has code of ${name === '' ? 'an unnamed memfd' : name} mapped at 0x${mapping.start.toString(16)}, which no file system holds`,
          confidence: compilerOf(process) === undefined ? 'high' : 'low',
          evidence: [mappingEvidence(process, mapping)],
          facts: { mapping: name },
          key: `${process.pid} ${mapping.file?.id ?? mapping.segmentId ?? ''}`,
        };
      }
    }
  },
});
