import { addressHex, bigint, integer, json, nullable, nullableAddress, nullableAddressValues, text, textList, type ValuesOf } from '@icecore/lake';
import { areaAt } from '@icecore/memory';
import { credentialColumns, credentialValues } from '../credential-columns.ts';
import { type Filling, filledTable } from '../filled-table.ts';
import { byPid, sortedBy, whole } from '../values.ts';

const columns = {
  pid: bigint('Process that the thread belongs to.'),
  tid: bigint('Thread id inside the container.'),
  comm: text('Name of the thread.'),
  machine: nullable(text('Machine whose registers these are; NULL where the thread has none.')),
  ...nullableAddress('instruction_pointer', 'Address of the instruction that runs next; NULL where there are no registers.'),
  ...nullableAddress('stack_pointer', 'Stack pointer; NULL where there are no registers.'),
  instruction_mapping: nullable(text('Name of the mapping that the instruction pointer lies in, empty for anonymous memory; NULL where it lies in none.')),
  registers: nullable(json('General registers by name, each as sixteen hex digits; NULL where there are none.')),
  ...credentialColumns,
  seccomp_mode: text('Seccomp mode: disabled, strict or filter.'),
  seccomp_filter: nullable(bigint('Index of the newest seccomp filter; NULL where there is none.')),
  scheduling_policy: text('Scheduling policy, as sched(7) names it.'),
  scheduling_priority: bigint('Priority of real-time policies; 0 for others.'),
  nice: bigint('Nice value.'),
  blocked_signals: textList('Names of the signals that are blocked.'),
  pending_signals: integer('Number of signals that wait for this thread alone.'),
  parent_death_signal: bigint('Signal that the thread gets when its parent dies; 0 for none.'),
};

export const threads = filledTable(
  { name: 'threads', description: 'One thread as it stood at the moment of the checkpoint.', version: 1, columns, sortBy: ['pid', 'tid'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const process of byPid(snapshot.processes)) {
      for (const thread of sortedBy(process.threads, ({ tid }) => tid)) {
        const { registers, scheduling, seccomp } = thread;
        yield {
          pid: BigInt(process.pid),
          tid: BigInt(thread.tid),
          comm: thread.comm,
          machine: registers?.machine ?? null,
          ...nullableAddressValues('instruction_pointer', registers?.instructionPointer ?? null),
          ...nullableAddressValues('stack_pointer', registers?.stackPointer ?? null),
          instruction_mapping: registers === undefined ? null : (areaAt(process.mappings, registers.instructionPointer)?.name ?? null),
          registers: registers === undefined ? null : Object.fromEntries(Object.entries(registers.general).map(([name, value]) => [name, addressHex(value)])),
          ...credentialValues(thread.credentials),
          seccomp_mode: seccomp.mode,
          seccomp_filter: whole(seccomp.filter),
          scheduling_policy: scheduling.policy,
          scheduling_priority: BigInt(scheduling.priority),
          nice: BigInt(scheduling.nice),
          blocked_signals: thread.blockedSignals,
          pending_signals: thread.pendingSignals,
          parent_death_signal: BigInt(thread.parentDeathSignal),
        };
      }
    }
  },
);
