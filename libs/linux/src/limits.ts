import { nameOf, type NameTable } from './names.ts';

const resources: NameTable = [
  'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_DATA', 'RLIMIT_STACK', 'RLIMIT_CORE', 'RLIMIT_RSS', 'RLIMIT_NPROC',
  'RLIMIT_NOFILE', 'RLIMIT_MEMLOCK', 'RLIMIT_AS', 'RLIMIT_LOCKS', 'RLIMIT_SIGPENDING', 'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE', 'RLIMIT_RTPRIO', 'RLIMIT_RTTIME',
];

/** No limit: all 64 bits set. */
export const unlimited = 0xffff_ffff_ffff_ffffn;

/** Name of a resource by its generic number, which is its place in CRIU's task_rlimits_entry. MIPS differs in 5 to 9. */
export function limitName(resource: number): string {
  return nameOf(resources, resource, 'RLIMIT');
}

/** A limit's value as text: `unlimited`, or the number in the resource's own unit (bytes, seconds, a count). */
export function formatLimit(value: bigint): string {
  return value === unlimited ? 'unlimited' : value.toString();
}
