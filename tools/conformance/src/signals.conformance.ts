import type { Process } from '@icecore/snapshot';
import { eachProcess } from './against-truth.test-support.ts';
import { maskOf } from './proc-text.ts';

eachProcess('signals', 'signals and timers', (process, truth, facts) => {
  const subject = `process ${process.pid}`;
  if (truth.state === 'Z') return;
  facts.check(subject, 'ignored signals', maskOf(truth.status['SigIgn']), maskOfNames(handled(process, true)));
  facts.check(subject, 'caught signals', maskOf(truth.status['SigCgt']), maskOfNames(handled(process, false)));
  facts.check(subject, 'pending signals', bitCount(maskOf(truth.status['ShdPnd'])), process.pendingSignals);
  for (const { ns_tid, SigBlk, SigPnd } of truth.threads) {
    const thread = process.threads.find(({ tid }) => tid === ns_tid);
    if (thread === undefined) continue;
    facts.check(`${subject} thread ${ns_tid}`, 'blocked signals', maskOf(SigBlk), maskOfNames(thread.blockedSignals));
    facts.check(`${subject} thread ${ns_tid}`, 'pending signals', bitCount(maskOf(SigPnd)), thread.pendingSignals);
  }
  facts.check(subject, 'posix timers', timersIn(truth.timers), process.timers.posix.map(({ id, clock, signal, notification }) => ({ id, clock, signal, notification })));
});

function handled(process: Process, ignored: boolean): string[] {
  return process.signalActions.filter(({ handler }) => (handler === 'ignore') === ignored).map(({ signal }) => signal);
}

const names = [
  'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM', 'STKFLT',
  'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'IO', 'PWR', 'SYS', 'RTMIN',
];

function numberOf(name: string): number {
  const realTime = /^SIGRTMIN\+(\d+)$/.exec(name)?.[1];
  return realTime === undefined ? names.indexOf(name.slice(3)) + 1 : 32 + Number(realTime);
}

function maskOfNames(list: readonly string[]): bigint {
  return list.reduce((mask, name) => mask | (1n << BigInt(numberOf(name) - 1)), 0n);
}

function bitCount(mask: bigint): number {
  return mask.toString(2).replaceAll('0', '').length;
}

const clocks = ['CLOCK_REALTIME', 'CLOCK_MONOTONIC'];

/** Blocks of `/proc/PID/timers`. */
function timersIn(text: string): { id: number; clock: string | undefined; signal: string; notification: string | undefined }[] {
  return [...text.matchAll(/ID: (\d+)\nsignal: (\d+)\/\S+\nnotify: (\w+)\/(\w+)\.\d+\nClockID: (\d+)/g)].map(([, id, signal, how, to, clock]) => ({
    id: Number(id),
    clock: clocks[Number(clock)],
    signal: `SIG${names[Number(signal) - 1]}`,
    notification: how === 'signal' && to === 'pid' ? 'SIGEV_SIGNAL' : `${how}/${to}`,
  }));
}
