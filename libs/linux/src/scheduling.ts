import { nameOf, type NameTable } from './names.ts';

const policies: NameTable = {
  0: 'SCHED_OTHER',
  1: 'SCHED_FIFO',
  2: 'SCHED_RR',
  3: 'SCHED_BATCH',
  5: 'SCHED_IDLE',
  6: 'SCHED_DEADLINE',
  7: 'SCHED_EXT',
};

const resetOnFork = 0x4000_0000;

/** `SCHED_FIFO` for 1; `SCHED_FIFO|SCHED_RESET_ON_FORK` where children fall back to the default policy. */
export function schedulingPolicy(policy: number): string {
  const name = nameOf(policies, policy & ~resetOnFork, 'SCHED');
  return (policy & resetOnFork) === 0 ? name : `${name}|SCHED_RESET_ON_FORK`;
}

/** True where a value is a nice value: -20, the most favourable, to 19. */
export function isNice(value: number): boolean {
  return Number.isInteger(value) && value >= -20 && value <= 19;
}

/** True for the policies whose sched_prio of 1 to 99 counts, and whose nice value does not. */
export function isRealTime(policy: number): boolean {
  const plain = policy & ~resetOnFork;
  return plain === 1 || plain === 2;
}
