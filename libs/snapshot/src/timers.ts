import { clockName, signalName, timerNotification } from '@icecore/linux';
import type { CoreEntry } from './threads.ts';

/** Timers of a process. Times are in nanoseconds; a value of 0 is not armed. */
export interface ProcessTimers {
  /** setitimer(2). */
  readonly interval: readonly { readonly name: string; readonly remaining: bigint; readonly interval: bigint }[];
  /** timer_create(2). */
  readonly posix: readonly {
    readonly id: number;
    readonly clock: string;
    readonly signal: string;
    readonly notification: string;
    readonly remaining: bigint;
    readonly interval: bigint;
    readonly overrun: number;
  }[];
}

export function timersOf(core: CoreEntry | undefined): ProcessTimers {
  const timers = core?.tc?.timers;
  if (timers === undefined) return { interval: [], posix: [] };
  const named = [
    ['ITIMER_REAL', timers.real],
    ['ITIMER_VIRTUAL', timers.virt],
    ['ITIMER_PROF', timers.prof],
  ] as const;
  return {
    interval: named
      .map(([name, { vsec, vusec, isec, iusec }]) => ({ name, remaining: nanoseconds(vsec, vusec * 1000n), interval: nanoseconds(isec, iusec * 1000n) }))
      .filter(({ remaining, interval }) => remaining !== 0n || interval !== 0n),
    posix: timers.posix.map((timer) => ({
      id: timer.it_id,
      clock: clockName(timer.clock_id),
      signal: signalName(timer.si_signo),
      notification: timerNotification(timer.it_sigev_notify),
      remaining: nanoseconds(timer.vsec, timer.vnsec),
      interval: nanoseconds(timer.isec, timer.insec),
      overrun: timer.overrun,
    })),
  };
}

function nanoseconds(seconds: bigint, rest: bigint): bigint {
  return seconds * 1_000_000_000n + rest;
}
