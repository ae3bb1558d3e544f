import { type NameTable } from './names.ts';

const filesystems: NameTable = {
  1: 'proc',
  2: 'sysfs',
  3: 'devtmpfs',
  4: 'binfmt_misc',
  5: 'tmpfs',
  6: 'devpts',
  7: 'simfs',
  8: 'pstore',
  9: 'securityfs',
  10: 'fusectl',
  11: 'debugfs',
  12: 'cgroup',
  13: 'aufs',
  14: 'mqueue',
  15: 'fuse',
  17: 'overlay',
  18: 'autofs',
  19: 'tracefs',
  20: 'rpc_pipefs',
  21: 'nfs',
  22: 'nfs4',
  23: 'cgroup2',
};

/** `AUTO` of CRIU's enum fstype: the type is mnt_entry.fsname. */
const namedByEntry = 16;

/**
 * The type of a mount as /proc/PID/mountinfo names it, from CRIU's mnt_entry.fstype and mnt_entry.fsname.
 * Undefined for 0, which stands for a type that CRIU does not know (the root of a container is one),
 * and for a number that says the name is elsewhere where it is not.
 */
export function filesystemName(fstype: number, fsname?: string): string | undefined {
  if (fstype === 0 || fstype === namedByEntry) return fsname === '' ? undefined : fsname;
  return filesystems[fstype] ?? `fstype_${fstype}`;
}
