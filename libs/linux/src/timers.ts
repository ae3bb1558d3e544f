import { nameOf, type NameTable } from './names.ts';

const intervalTimers: NameTable = ['ITIMER_REAL', 'ITIMER_VIRTUAL', 'ITIMER_PROF'];

const clocks: NameTable = [
  'CLOCK_REALTIME',
  'CLOCK_MONOTONIC',
  'CLOCK_PROCESS_CPUTIME_ID',
  'CLOCK_THREAD_CPUTIME_ID',
  'CLOCK_MONOTONIC_RAW',
  'CLOCK_REALTIME_COARSE',
  'CLOCK_MONOTONIC_COARSE',
  'CLOCK_BOOTTIME',
  'CLOCK_REALTIME_ALARM',
  'CLOCK_BOOTTIME_ALARM',
  'CLOCK_SGI_CYCLE',
  'CLOCK_TAI',
];

const notifications: NameTable = { 0: 'SIGEV_SIGNAL', 1: 'SIGEV_NONE', 2: 'SIGEV_THREAD', 4: 'SIGEV_THREAD_ID' };

/** Name of an interval timer: 0 to 2, the order of `real`, `virt` and `prof` in CRIU's task_timers_entry. */
export function intervalTimerName(which: number): string {
  return nameOf(intervalTimers, which, 'ITIMER');
}

/**
 * Name of a clock. A negative id is the CPU time of one process or thread, which the id holds inverted
 * (include/linux/posix-timers_types.h): `CPUCLOCK_SCHED(pid 7)`; pid 0 is the caller itself.
 */
export function clockName(id: number): string {
  const signed = id | 0;
  if (signed >= 0) return nameOf(clocks, id, 'CLOCK');
  const kind = ['PROF', 'VIRT', 'SCHED'][signed & 3];
  const task = (signed & 4) === 0 ? 'pid' : 'tid';
  return kind === undefined ? `CLOCK_${signed}` : `CPUCLOCK_${kind}(${task} ${~(signed >> 3)})`;
}

/** How a POSIX timer tells that it went off, from it_sigev_notify. */
export function timerNotification(notify: number): string {
  return nameOf(notifications, notify, 'SIGEV');
}
