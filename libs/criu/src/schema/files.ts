/* Open files of every kind. In current images all of them are variants of `file_entry`. */
import { enumeration, message, optional, repeated, required } from '../message.ts';
import { memfdFileEntry } from './memory.ts';
import { fownEntry } from './owner.ts';
import { inetSkEntry, netlinkSkEntry, packetSockEntry, unixSkEntry } from './sockets.ts';

export const regFileEntry = message('reg_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'flags:rfile.flags'),
  pos: required(3, 'uint64'),
  fown: required(5, fownEntry),
  name: required(6, 'string'),
  mnt_id: optional(7, 'sint32'),
  size: optional(8, 'uint64'),
  ext: optional(9, 'bool'),
  mode: optional(10, 'uint32'),
  build_id: repeated(11, 'uint32'),
  checksum: optional(12, 'uint32'),
  checksum_config: optional(13, 'uint32'),
  checksum_parameter: optional(14, 'uint32'),
});

export const extFileEntry = message('ext_file_entry', {
  id: required(1, 'uint32'),
  fown: required(5, fownEntry),
});

export const nsFileEntry = message('ns_file_entry', {
  id: required(1, 'uint32'),
  ns_id: required(2, 'uint32'),
  ns_cflag: required(3, 'uint32'),
  flags: required(4, 'uint32'),
});

export const eventfdFileEntry = message('eventfd_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32'),
  fown: required(3, fownEntry),
  counter: required(4, 'uint64'),
});

export const eventpollTfdEntry = message('eventpoll_tfd_entry', {
  id: required(1, 'uint32'),
  tfd: required(2, 'uint32'),
  events: required(3, 'uint32'),
  data: required(4, 'uint64'),
  dev: optional(5, 'uint32'),
  inode: optional(6, 'uint64'),
  pos: optional(7, 'uint64'),
});

export const eventpollFileEntry = message('eventpoll_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32'),
  fown: required(3, fownEntry),
  tfd: repeated(4, eventpollTfdEntry),
});

export const signalfdEntry = message('signalfd_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'hex'),
  fown: required(3, fownEntry),
  sigmask: required(4, 'uint64', 'hex'),
});

export const timerfdEntry = message('timerfd_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'hex'),
  fown: required(3, fownEntry),
  clockid: required(4, 'uint32'),
  ticks: required(5, 'uint64'),
  settime_flags: required(6, 'uint32', 'hex'),
  vsec: required(7, 'uint64'),
  vnsec: required(8, 'uint64'),
  isec: required(9, 'uint64'),
  insec: required(10, 'uint64'),
});

export const fhEntrySizes = enumeration('fh_entry_sizes', { min_entries: 16 });

export const fhEntry = message('fh_entry', {
  bytes: required(1, 'uint32'),
  type: required(2, 'uint32'),
  handle: repeated(3, 'uint64'),
  path: optional(4, 'string'),
  mnt_id: optional(5, 'uint32'),
});

export const irmapCacheEntry = message('irmap_cache_entry', {
  dev: required(1, 'uint32', 'user-device'),
  inode: required(2, 'uint64'),
  path: required(3, 'string'),
});

export const inotifyWdEntry = message('inotify_wd_entry', {
  id: required(1, 'uint32'),
  i_ino: required(2, 'uint64'),
  mask: required(3, 'uint32', 'hex'),
  ignored_mask: required(4, 'uint32', 'hex'),
  s_dev: required(5, 'uint32', 'device'),
  wd: required(6, 'uint32'),
  f_handle: required(7, fhEntry),
});

export const inotifyFileEntry = message('inotify_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'hex'),
  fown: required(4, fownEntry),
  wd: repeated(5, inotifyWdEntry),
});

export const markType = enumeration('mark_type', { INODE: 1, MOUNT: 2 });

export const fanotifyInodeMarkEntry = message('fanotify_inode_mark_entry', {
  i_ino: required(1, 'uint64'),
  f_handle: required(2, fhEntry),
});

export const fanotifyMountMarkEntry = message('fanotify_mount_mark_entry', {
  mnt_id: required(1, 'uint32'),
  path: optional(2, 'string'),
});

export const fanotifyMarkEntry = message('fanotify_mark_entry', {
  id: required(1, 'uint32'),
  type: required(2, markType),
  mflags: required(3, 'uint32', 'hex'),
  mask: required(4, 'uint32', 'hex'),
  ignored_mask: required(5, 'uint32', 'hex'),
  s_dev: required(6, 'uint32', 'device'),
  ie: optional(7, fanotifyInodeMarkEntry),
  me: optional(8, fanotifyMountMarkEntry),
});

export const fanotifyFileEntry = message('fanotify_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'hex'),
  fown: required(3, fownEntry),
  faflags: required(4, 'uint32', 'hex'),
  evflags: required(5, 'uint32', 'hex'),
  mark: repeated(6, fanotifyMarkEntry),
});

export const pipeEntry = message('pipe_entry', {
  id: required(1, 'uint32'),
  pipe_id: required(2, 'uint32'),
  flags: required(3, 'uint32', 'hex'),
  fown: required(4, fownEntry),
});

export const pipeDataEntry = message('pipe_data_entry', {
  pipe_id: required(1, 'uint32'),
  bytes: required(2, 'uint32'),
  size: optional(3, 'uint32'),
});

export const fifoEntry = message('fifo_entry', {
  id: required(1, 'uint32'),
  pipe_id: required(2, 'uint32'),
  regf_id: optional(3, 'uint32'),
});

export const winsizeEntry = message('winsize_entry', {
  ws_row: required(1, 'uint32'),
  ws_col: required(2, 'uint32'),
  ws_xpixel: required(3, 'uint32'),
  ws_ypixel: required(4, 'uint32'),
});

export const termiosEntry = message('termios_entry', {
  c_iflag: required(1, 'uint32'),
  c_oflag: required(2, 'uint32'),
  c_cflag: required(3, 'uint32'),
  c_lflag: required(4, 'uint32'),
  c_line: required(5, 'uint32'),
  c_ispeed: required(6, 'uint32'),
  c_ospeed: required(7, 'uint32'),
  c_cc: repeated(8, 'uint32'),
});

export const ttyPtyEntry = message('tty_pty_entry', {
  index: required(1, 'uint32'),
});

export const ttytype = enumeration('TtyType', { UNKNOWN: 0, PTY: 1, CONSOLE: 2, VT: 3, CTTY: 4, EXT_TTY: 5, SERIAL: 6 });

export const ttyDataEntry = message('tty_data_entry', {
  tty_id: required(1, 'uint32'),
  data: required(2, 'bytes'),
});

export const ttyInfoEntry = message('tty_info_entry', {
  id: required(1, 'uint32'),
  type: required(2, ttytype),
  locked: required(3, 'bool'),
  exclusive: required(4, 'bool'),
  packet_mode: required(5, 'bool'),
  sid: required(6, 'uint32'),
  pgrp: required(7, 'uint32'),
  rdev: required(8, 'uint32'),
  termios: optional(9, termiosEntry),
  termios_locked: optional(10, termiosEntry),
  winsize: optional(11, winsizeEntry),
  pty: optional(12, ttyPtyEntry),
  dev: optional(13, 'uint32'),
  uid: optional(14, 'uint32'),
  gid: optional(15, 'uint32'),
});

export const ttyFileEntry = message('tty_file_entry', {
  id: required(1, 'uint32'),
  tty_info_id: required(2, 'uint32'),
  flags: required(3, 'uint32', 'hex'),
  fown: required(4, fownEntry),
  regf_id: optional(6, 'uint32'),
});

export const tunfileEntry = message('tunfile_entry', {
  id: required(1, 'uint32'),
  netdev: optional(2, 'string'),
  detached: optional(3, 'bool'),
  ns_id: optional(4, 'uint32'),
});

export const tunLinkEntry = message('tun_link_entry', {
  flags: required(1, 'uint32', 'hex'),
  owner: required(2, 'int32'),
  group: required(3, 'int32'),
  vnethdr: required(4, 'uint32'),
  sndbuf: required(5, 'uint32'),
});

export const pidfdEntry = message('pidfd_entry', {
  id: required(1, 'uint32'),
  ino: required(2, 'uint32'),
  flags: required(3, 'uint32'),
  nspid: required(4, 'int32'),
  fown: required(5, fownEntry),
});

export const bpfmapFileEntry = message('bpfmap_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'flags:rfile.flags'),
  pos: required(3, 'uint64'),
  fown: required(4, fownEntry),
  map_type: required(5, 'uint32'),
  key_size: required(6, 'uint32'),
  value_size: required(7, 'uint32'),
  map_id: required(8, 'uint32'),
  max_entries: required(9, 'uint32'),
  map_flags: required(10, 'uint32'),
  memlock: required(11, 'uint64'),
  frozen: required(12, 'bool'),
  map_name: required(13, 'string'),
  ifindex: required(14, 'uint32'),
  mnt_id: optional(15, 'sint32'),
  map_extra: optional(16, 'uint64'),
});

export const fdTypes = enumeration('fd_types', { UND: 0, REG: 1, PIPE: 2, FIFO: 3, INETSK: 4, UNIXSK: 5, EVENTFD: 6, EVENTPOLL: 7, INOTIFY: 8, SIGNALFD: 9, PACKETSK: 10, TTY: 11, FANOTIFY: 12, NETLINKSK: 13, NS: 14, TUNF: 15, EXT: 16, TIMERFD: 17, MEMFD: 18, BPFMAP: 19, PIDFD: 20, CTL_TTY: 65534, AUTOFS_PIPE: 65535 });

export const fdinfoEntry = message('fdinfo_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32'),
  type: required(3, fdTypes),
  fd: required(4, 'uint32'),
  xattr_security_selinux: optional(5, 'string'),
});

export const fileEntry = message('file_entry', {
  type: required(1, fdTypes),
  id: required(2, 'uint32'),
  reg: optional(3, regFileEntry),
  isk: optional(4, inetSkEntry),
  nsf: optional(5, nsFileEntry),
  psk: optional(6, packetSockEntry),
  nlsk: optional(7, netlinkSkEntry),
  efd: optional(8, eventfdFileEntry),
  epfd: optional(9, eventpollFileEntry),
  sgfd: optional(10, signalfdEntry),
  tunf: optional(11, tunfileEntry),
  tfd: optional(12, timerfdEntry),
  ify: optional(13, inotifyFileEntry),
  ffy: optional(14, fanotifyFileEntry),
  ext: optional(15, extFileEntry),
  usk: optional(16, unixSkEntry),
  fifo: optional(17, fifoEntry),
  pipe: optional(18, pipeEntry),
  tty: optional(19, ttyFileEntry),
  memfd: optional(20, memfdFileEntry),
  bpf: optional(21, bpfmapFileEntry),
  pidfd: optional(22, pidfdEntry),
});
