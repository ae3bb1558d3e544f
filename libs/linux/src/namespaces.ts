import { type FlagTable } from './flags.ts';

/** CLONE_NEW* of clone(2), unshare(2) and CRIU's ns_file_entry.ns_cflag (include/uapi/linux/sched.h). */
export const namespaceFlags: FlagTable = [
  ['CLONE_NEWTIME', 0x0000_0080],
  ['CLONE_NEWNS', 0x0002_0000],
  ['CLONE_NEWCGROUP', 0x0200_0000],
  ['CLONE_NEWUTS', 0x0400_0000],
  ['CLONE_NEWIPC', 0x0800_0000],
  ['CLONE_NEWUSER', 0x1000_0000],
  ['CLONE_NEWPID', 0x2000_0000],
  ['CLONE_NEWNET', 0x4000_0000],
];

const kinds: Readonly<Record<number, string>> = {
  0x0000_0080: 'time',
  0x0002_0000: 'mnt',
  0x0200_0000: 'cgroup',
  0x0400_0000: 'uts',
  0x0800_0000: 'ipc',
  0x1000_0000: 'user',
  0x2000_0000: 'pid',
  0x4000_0000: 'net',
};

/** Name under /proc/PID/ns of the one namespace that a CLONE_NEW* flag makes: `net`; undefined for anything else. */
export function namespaceKind(flag: number): string | undefined {
  return kinds[flag >>> 0];
}
