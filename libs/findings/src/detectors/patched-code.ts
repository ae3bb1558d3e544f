import { vmaStatus } from '@icecore/snapshot';
import { detector } from '../detector.ts';
import { compilerOf, has, isExecutable, parasitePage, presentRuns } from '../mappings.ts';
import { named } from '../programs.ts';

/** Libraries that rewrite code of others on purpose, which an operator put there. */
const patchers = /(?:^|\/)(?:libfaketime|libasan|libtsan|liblttng|libgcov|libprofiler|ddtrace|newrelic|appdynamics|dynatrace|liboneagent|libvalgrind|frida|libsanitizer|libgum)/i;

export const patchedCode = detector({
  id: 'patched-code',
  signal: 'S7',
  title: 'Code that differs from its file',
  version: 1,
  techniques: ['T1574', 'T1055.009'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'text relocations, debuggers, profilers and monitoring agents that hook functions',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      const parasite = parasitePage(process);
      const agent = process.mappings.find(({ name }) => patchers.test(name))?.name;
      for (const mapping of process.mappings) {
        if (!isExecutable(mapping) || !has(mapping, vmaStatus.filePrivate) || mapping.file?.type === 'MEMFD') continue;
        for (const run of presentRuns(process, mapping)) {
          // CRIU's own page: written by the dump itself, and back to what it was.
          const start = run.start === parasite ? run.start + 4096n : run.start;
          if (start >= run.end) continue;
          const harmless = agent !== undefined || compilerOf(process) !== undefined;
          yield {
            pid: process.pid,
            summary: `${named(process)} has ${Number(run.end - start)} bytes of code of ${mapping.name} at 0x${start.toString(16)} changed in memory`,
            confidence: harmless ? 'low' : 'high',
            evidence: [{ what: 'changed code', pid: process.pid, address: start, length: Number(run.end - start), path: mapping.name, image: `pagemap-${process.pid}.img`, value: mapping.permissions }],
            facts: { file: mapping.name, file_offset: `0x${(mapping.offset + start - mapping.start).toString(16)}`, ...(agent === undefined ? {} : { agent }) },
          };
        }
      }
    }
  },
});
