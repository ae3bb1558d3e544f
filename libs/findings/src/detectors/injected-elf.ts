import { areaAt } from '@icecore/memory';
import { detector } from '../detector.ts';
import { elfHeadersOf, isAnonymousPrivate, isExecutable, mappingEvidence, threadsIn } from '../mappings.ts';
import { named } from '../programs.ts';

export const injectedElf = detector({
  id: 'injected-elf',
  signal: 'S4',
  title: 'Program image in memory without a file',
  version: 1,
  techniques: ['T1620', 'T1055'],
  severity: 'critical',
  category: 'attack',
  needs: ['memory_scan'],
  falsePositives: 'linkers, container and debugging tools that hold program files in their heap; there the memory cannot run',
  *detect(examination) {
    for (const process of examination.snapshot.processes) {
      for (const { address, hit } of elfHeadersOf(process, examination)) {
        const mapping = areaAt(process.mappings, address);
        if (mapping === undefined || !isAnonymousPrivate(mapping)) continue;
        const runs = isExecutable(mapping);
        // A copy in a heap is what tools that read programs have; at the start of memory that can run it is no copy.
        const neighbours = process.mappings.some((other) => isExecutable(other) && isAnonymousPrivate(other) && other.start >= mapping.end && other.start - mapping.end < 0x10_0000n);
        if (!runs && !neighbours) continue;
        const threads = threadsIn(process, mapping);
        yield {
          pid: process.pid,
          summary: `${named(process)} has a program image (${hit.description}) at 0x${address.toString(16)} in ${mapping.permissions} memory that no file is behind${threads.length > 0 ? `, and thread ${threads.join(', ')} runs in it` : ''}`,
          confidence: 'high',
          ...(runs ? {} : { severity: 'high' as const }),
          evidence: [{ what: 'program header', pid: process.pid, address, value: hit.description, image: hit.place.kind === 'memory' ? hit.place.image : '', offset: hit.place.offset }, mappingEvidence(process, mapping)],
          facts: { permissions: mapping.permissions, header: hit.description },
        };
      }
    }
  },
});
