/* What stands behind open files: deleted content, locks, working directories. */
import { enumeration, message, optional, required } from '../message.ts';
import { timeval } from './owner.ts';

export const ghostFileEntry = message('ghost_file_entry', {
  uid: required(1, 'uint32'),
  gid: required(2, 'uint32'),
  mode: required(3, 'uint32'),
  dev: optional(4, 'uint32', 'device'),
  ino: optional(5, 'uint64'),
  rdev: optional(6, 'uint32', 'user-device'),
  atim: optional(7, timeval),
  mtim: optional(8, timeval),
  chunks: optional(9, 'bool'),
  size: optional(10, 'uint64'),
  symlnk_target: optional(11, 'string'),
});

export const ghostChunkEntry = message('ghost_chunk_entry', {
  len: required(1, 'uint64'),
  off: required(2, 'uint64'),
});

export const remapType = enumeration('remap_type', { LINKED: 0, GHOST: 1, PROCFS: 2 });

export const remapFilePathEntry = message('remap_file_path_entry', {
  orig_id: required(1, 'uint32'),
  remap_id: required(2, 'uint32'),
  remap_type: optional(3, remapType),
});

export const fileLockEntry = message('file_lock_entry', {
  flag: required(1, 'uint32'),
  type: required(2, 'uint32'),
  pid: required(3, 'int32'),
  fd: required(4, 'int32'),
  start: required(5, 'int64'),
  len: required(6, 'int64'),
});

export const fsEntry = message('fs_entry', {
  cwd_id: required(1, 'uint32'),
  root_id: required(2, 'uint32'),
  umask: optional(3, 'uint32'),
});

export const bpfmapDataEntry = message('bpfmap_data_entry', {
  map_id: required(1, 'uint32'),
  keys_bytes: required(2, 'uint32'),
  values_bytes: required(3, 'uint32'),
  count: required(4, 'uint32'),
});
