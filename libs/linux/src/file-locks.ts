import { nameOf, type NameTable } from './names.ts';
import { flagNames, type FlagTable } from './flags.ts';

const kinds: NameTable = { 1: 'POSIX', 2: 'FLOCK', 4: 'OFDLCK', 8: 'LEASE' };

const types: NameTable = ['F_RDLCK', 'F_WRLCK', 'F_UNLCK'];

const flockTypes: NameTable = ['LOCK_SH', 'LOCK_EX', 'LOCK_UN'];

/** Shares of LOCK_MAND, which Linux had until 5.15. */
const mandatoryFlags: FlagTable = [
  ['LOCK_MAND', 32],
  ['LOCK_RW', 192],
  ['LOCK_READ', 64],
  ['LOCK_WRITE', 128],
];

/** Bits of CRIU's file_lock_entry.type beside the lock's own number (criu/include/file-lock.h). */
const leaseBreaking = 4;
const mandatory = 32;

/** Kind of a lock as /proc/locks names it, from CRIU's file_lock_entry.flag. */
export function fileLockKind(flag: number): string {
  return nameOf(kinds, flag, 'lock');
}

/**
 * What a lock does, from both numbers of CRIU's file_lock_entry: `F_WRLCK`; `LOCK_EX` for one of flock(2), whose
 * number CRIU writes as if it were the other's; `F_RDLCK|BREAKING` for a lease that its holder must give up.
 */
export function fileLockType(flag: number, type: number): string {
  if (flag === 2 && (type & mandatory) !== 0) return flagNames(type, mandatoryFlags).join('|');
  if (flag === 2) return nameOf(flockTypes, type, 'LOCK');
  const breaking = flag === 8 && (type & leaseBreaking) !== 0;
  const name = nameOf(types, breaking ? type & ~leaseBreaking : type, 'F');
  return breaking ? `${name}|BREAKING` : name;
}
