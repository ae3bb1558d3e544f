import { areaAt } from '@icecore/memory';
import { detector } from '../detector.ts';
import { compilerOf, has, isAnonymousPrivate, isExecutable, mappingEvidence } from '../mappings.ts';
import { named } from '../programs.ts';
import { vmaStatus } from '@icecore/snapshot';

export const threadInInjectedCode = detector({
  id: 'thread-in-injected-code',
  signal: 'S9',
  title: 'Thread that runs code without a file, or with its stack elsewhere',
  version: 1,
  techniques: ['T1055'],
  severity: 'critical',
  category: 'attack',
  needs: [],
  falsePositives: 'compilers at run time; coroutine libraries that keep stacks in the heap',
  *detect({ snapshot }) {
    for (const process of snapshot.processes) {
      if (compilerOf(process) !== undefined) continue;
      for (const { tid, registers } of process.threads) {
        if (registers === undefined) continue;
        const code = areaAt(process.mappings, registers.instructionPointer);
        const memfd = code !== undefined && (has(code, vmaStatus.memfd) || code.file?.type === 'MEMFD') && code.file?.id !== process.executable?.id;
        if (code !== undefined && (memfd || (isExecutable(code) && isAnonymousPrivate(code)))) {
          yield {
            pid: process.pid,
            summary: `thread ${tid} of ${named(process)} runs at 0x${registers.instructionPointer.toString(16)} in ${code.permissions} memory ${memfd ? `of ${code.name}` : 'that no file is behind'}`,
            confidence: 'high',
            evidence: [{ what: 'instruction pointer', pid: process.pid, address: registers.instructionPointer, image: `core-${tid}.img` }, mappingEvidence(process, code)],
            facts: { tid: String(tid) },
            key: `${tid} ip`,
          };
        }
        const stack = areaAt(process.mappings, registers.stackPointer);
        if (process.mappings.length > 0 && registers.stackPointer !== 0n && (stack === undefined || stack.permissions[1] !== 'w')) {
          yield {
            pid: process.pid,
            summary: `thread ${tid} of ${named(process)} has its stack pointer at 0x${registers.stackPointer.toString(16)}, where no stack can be`,
            confidence: 'medium',
            evidence: [{ what: 'stack pointer', pid: process.pid, address: registers.stackPointer, image: `core-${tid}.img` }],
            facts: { tid: String(tid) },
            key: `${tid} sp`,
          };
        }
      }
    }
  },
});
