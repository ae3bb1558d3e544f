/** Capabilities in the order of their numbers, from 0 (include/uapi/linux/capability.h). */
export const capabilities = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

const numbers = new Map<string, number>(capabilities.map((name, number) => [name, number]));

/** Names of the capabilities in a 64-bit set, lowest bit first; a bit this table does not know is `CAP_41`. */
export function capabilityNames(set: bigint): string[] {
  const bits = BigInt.asUintN(64, set);
  const names: string[] = [];
  for (let number = 0; number < 64; number++) {
    if ((bits >> BigInt(number)) & 1n) names.push(capabilities[number] ?? `CAP_${number}`);
  }
  return names;
}

/**
 * The 64-bit set that holds the named capabilities: the inverse of `capabilityNames`, `CAP_41` included.
 * Throws a RangeError for a name that is no capability.
 */
export function capabilitySet(names: Iterable<string>): bigint {
  let set = 0n;
  for (const name of names) set |= 1n << BigInt(capabilityNumber(name));
  return set;
}

/**
 * One 64-bit set from the 32-bit words that CRIU's creds_entry keeps, low word first.
 * Words past the second are no part of any kernel's set and are not looked at.
 */
export function capabilityWords(words: readonly number[]): bigint {
  return BigInt((words[0] ?? 0) >>> 0) | (BigInt((words[1] ?? 0) >>> 0) << 32n);
}

function capabilityNumber(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const digits = /^CAP_(\d{1,2})$/.exec(name)?.[1];
  const number = digits === undefined ? 64 : Number(digits);
  if (number > 63) throw new RangeError(`${name} is not a capability`);
  return number;
}
