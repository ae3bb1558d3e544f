import { errnoName } from './errno.ts';
import { formatLimit, limitName, unlimited } from './limits.ts';
import { personalityNames } from './personality.ts';
import { exitStatus, formatExitCode, stateLetter, taskState } from './processes.ts';
import { isNice, isRealTime, schedulingPolicy } from './scheduling.ts';
import { clockName, intervalTimerName, timerNotification } from './timers.ts';

describe('processes', () => {
  it.each([
    [1, 'alive', 'R'],
    [2, 'dead', 'Z'],
    [3, 'stopped', 'T'],
    [6, 'zombie', 'Z'],
  ] as const)('reads task state %i as %s', (number, state, letter) => {
    expect(taskState(number)).toBe(state);
    expect(stateLetter(state)).toBe(letter);
  });

  it.each([0, 4, 5, 7, 127])('knows no task state %i', (number) => expect(taskState(number)).toBeUndefined());

  it.each([
    [0, 'exited 0'],
    [0x300, 'exited 3'],
    [0xff00, 'exited 255'],
    [9, 'killed by SIGKILL'],
    [0x8b, 'killed by SIGSEGV, core dumped'],
  ])('reads exit code %i as "%s"', (code, text) => expect(formatExitCode(code)).toBe(text));

  it('gives the parts of an exit code', () => {
    expect(exitStatus(0x100)).toEqual({ kind: 'exited', status: 1 });
    expect(exitStatus(0x86)).toEqual({ kind: 'killed', signal: 6, coreDumped: true });
  });

  it.each([
    [limitName(7), 'RLIMIT_NOFILE'],
    [limitName(15), 'RLIMIT_RTTIME'],
    [limitName(16), 'RLIMIT_16'],
    [formatLimit(unlimited), 'unlimited'],
    [formatLimit(1024n), '1024'],
    [schedulingPolicy(0), 'SCHED_OTHER'],
    [schedulingPolicy(0x4000_0001), 'SCHED_FIFO|SCHED_RESET_ON_FORK'],
    [schedulingPolicy(4), 'SCHED_4'],
    [intervalTimerName(2), 'ITIMER_PROF'],
    [clockName(1), 'CLOCK_MONOTONIC'],
    [clockName(11), 'CLOCK_TAI'],
    [clockName(~(7 << 3) & ~7 | 2), 'CPUCLOCK_SCHED(pid 7)'],
    [clockName(0xffff_fffe), 'CPUCLOCK_SCHED(tid 0)'],
    [timerNotification(4), 'SIGEV_THREAD_ID'],
    [errnoName(1), 'EPERM'],
    [errnoName(38), 'ENOSYS'],
    [errnoName(133), 'EHWPOISON'],
    [errnoName(41), undefined],
    [errnoName(134), undefined],
  ])('says %s', (said, expected) => expect(said).toBe(expected));

  it('tells nice values and real-time policies', () => {
    expect([-20, 19, -21, 20, 0.5].map(isNice)).toEqual([true, true, false, false, false]);
    expect([0, 1, 2, 5, 0x4000_0002].map(isRealTime)).toEqual([false, true, true, false, true]);
  });

  it('reads a personality', () => {
    expect(personalityNames(0)).toEqual(['PER_LINUX']);
    expect(personalityNames(0x0044_0008)).toEqual(['PER_LINUX32', 'ADDR_NO_RANDOMIZE', 'READ_IMPLIES_EXEC']);
  });
});
