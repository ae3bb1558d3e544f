import { againstTruth, eachProcess } from './against-truth.test-support.ts';
import { paired } from './comparison.ts';

const states: Readonly<Record<string, string>> = { S: 'alive', R: 'alive', D: 'alive', I: 'alive', T: 'stopped', Z: 'zombie' };

againstTruth('processes', 'processes', ({ snapshot }, truth, facts) => {
  for (const [pid, expected, found] of paired(truth.processes, ({ ns_pid }) => ns_pid, snapshot.processes, (process) => process.pid)) {
    facts.check(`process ${pid}`, 'presence', expected !== undefined, found !== undefined);
    if (expected === undefined || found === undefined) continue;
    const subject = `process ${pid}`;
    facts.check(subject, 'ppid', expected.ns_ppid, found.ppid);
    facts.check(subject, 'pgid', expected.ns_pgid, found.pgid);
    facts.check(subject, 'sid', expected.ns_sid, found.sid);
    facts.check(subject, 'comm', expected.comm, found.comm);
    facts.check(subject, 'state', states[expected.state], found.state === 'dead' ? 'zombie' : found.state);
  }
  facts.check('container', 'hostname', truth.uts, snapshot.namespaces.hostname);
});

eachProcess('threads', 'threads', (process, truth, facts) => {
  for (const [tid, expected, found] of paired(truth.threads, ({ ns_tid }) => ns_tid, process.threads, (thread) => thread.tid)) {
    const subject = `process ${process.pid} thread ${tid}`;
    facts.check(subject, 'presence', expected !== undefined, found !== undefined);
    facts.check(subject, 'comm', expected?.comm, found?.comm);
    // A thread that runs has no line; one that waits in a system call has nine words.
    const words = expected?.syscall?.trim().split(' ') ?? [];
    if (words.length !== 9 || found?.registers === undefined) continue;
    facts.check(subject, 'stack pointer', BigInt(words[7] ?? 0), found.registers.stackPointer);
    // A system call that the freeze interrupted is begun anew: the pointer is back at its instruction, of two bytes.
    const after = BigInt(words[8] ?? 0);
    const { instructionPointer } = found.registers;
    facts.check(subject, 'instruction pointer', after, instructionPointer === after - 2n ? after : instructionPointer);
  }
});
