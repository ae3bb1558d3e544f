/* Namespaces, mounts and control groups. */
import { enumeration, message, optional, repeated, required } from '../message.ts';

export const utsnsEntry = message('utsns_entry', {
  nodename: required(1, 'string'),
  domainname: required(2, 'string'),
});

export const uidGidExtent = message('uid_gid_extent', {
  first: required(1, 'uint32'),
  lower_first: required(2, 'uint32'),
  count: required(3, 'uint32'),
});

export const usernsEntry = message('userns_entry', {
  uid_map: repeated(1, uidGidExtent),
  gid_map: repeated(2, uidGidExtent),
});

export const pidnsEntry = message('pidns_entry', {
  ext_key: optional(1, 'string'),
});

export const timespec = message('timespec', {
  tv_sec: required(1, 'uint64'),
  tv_nsec: required(2, 'uint64'),
});

export const timensEntry = message('timens_entry', {
  monotonic: required(1, timespec),
  boottime: required(2, timespec),
});

export const fstype = enumeration('fstype', { UNSUPPORTED: 0, PROC: 1, SYSFS: 2, DEVTMPFS: 3, BINFMT_MISC: 4, TMPFS: 5, DEVPTS: 6, SIMFS: 7, PSTORE: 8, SECURITYFS: 9, FUSECTL: 10, DEBUGFS: 11, CGROUP: 12, AUFS: 13, MQUEUE: 14, FUSE: 15, AUTO: 16, OVERLAYFS: 17, AUTOFS: 18, TRACEFS: 19, CGROUP2: 23 });

export const mntEntry = message('mnt_entry', {
  fstype: required(1, 'uint32'),
  mnt_id: required(2, 'uint32'),
  root_dev: required(3, 'uint32', 'device'),
  parent_mnt_id: required(4, 'uint32'),
  flags: required(5, 'uint32', 'hex'),
  root: required(6, 'string'),
  mountpoint: required(7, 'string'),
  source: required(8, 'string'),
  options: required(9, 'string'),
  shared_id: optional(10, 'uint32'),
  master_id: optional(11, 'uint32'),
  with_plugin: optional(12, 'bool'),
  ext_mount: optional(13, 'bool'),
  fsname: optional(14, 'string'),
  internal_sharing: optional(15, 'bool'),
  deleted: optional(16, 'bool'),
  sb_flags: optional(17, 'uint32', 'hex'),
  ext_key: optional(18, 'string'),
});

export const autofsEntry = message('autofs_entry', {
  fd: required(1, 'int32'),
  pgrp: required(2, 'int32'),
  timeout: required(3, 'int32'),
  minproto: required(4, 'int32'),
  maxproto: required(5, 'int32'),
  mode: required(6, 'int32'),
  uid: optional(7, 'int32'),
  gid: optional(8, 'int32'),
  read_fd: optional(9, 'int32'),
});

export const binfmtMiscEntry = message('binfmt_misc_entry', {
  name: required(1, 'string'),
  enabled: required(2, 'bool'),
  interpreter: required(3, 'string'),
  flags: optional(4, 'string'),
  extension: optional(5, 'string'),
  magic: optional(6, 'string'),
  mask: optional(7, 'string'),
  offset: optional(8, 'int32'),
});

export const cgroupPerms = message('cgroup_perms', {
  mode: required(1, 'uint32'),
  uid: required(2, 'uint32'),
  gid: required(3, 'uint32'),
});

export const cgroupPropEntry = message('cgroup_prop_entry', {
  name: required(1, 'string'),
  value: required(2, 'string'),
  perms: optional(3, cgroupPerms),
});

export const cgroupDirEntry = message('cgroup_dir_entry', {
  dir_name: required(1, 'string'),
  children: repeated(2, 'self'),
  properties: repeated(3, cgroupPropEntry),
  dir_perms: optional(4, cgroupPerms),
});

export const cgControllerEntry = message('cg_controller_entry', {
  cnames: repeated(1, 'string'),
  dirs: repeated(2, cgroupDirEntry),
  is_threaded: optional(3, 'bool'),
});

export const cgMemberEntry = message('cg_member_entry', {
  name: required(1, 'string'),
  path: required(2, 'string'),
  cgns_prefix: optional(3, 'uint32'),
});

export const cgSetEntry = message('cg_set_entry', {
  id: required(1, 'uint32'),
  ctls: repeated(2, cgMemberEntry),
});

export const cgroupEntry = message('cgroup_entry', {
  sets: repeated(1, cgSetEntry),
  controllers: repeated(2, cgControllerEntry),
});
