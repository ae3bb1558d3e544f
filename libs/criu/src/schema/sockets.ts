/* Sockets of every family, with their options and queues. */
import { enumeration, message, optional, repeated, required } from '../message.ts';
import { fownEntry } from './owner.ts';

export const skOptsEntry = message('sk_opts_entry', {
  so_sndbuf: required(1, 'uint32'),
  so_rcvbuf: required(2, 'uint32'),
  so_snd_tmo_sec: required(3, 'uint64'),
  so_snd_tmo_usec: required(4, 'uint64'),
  so_rcv_tmo_sec: required(5, 'uint64'),
  so_rcv_tmo_usec: required(6, 'uint64'),
  reuseaddr: optional(7, 'bool'),
  so_priority: optional(8, 'uint32'),
  so_rcvlowat: optional(9, 'uint32'),
  so_mark: optional(10, 'uint32'),
  so_passcred: optional(11, 'bool'),
  so_passsec: optional(12, 'bool'),
  so_dontroute: optional(13, 'bool'),
  so_no_check: optional(14, 'bool'),
  so_bound_dev: optional(15, 'string'),
  so_filter: repeated(16, 'fixed64'),
  so_reuseport: optional(17, 'bool'),
  so_broadcast: optional(18, 'bool'),
  so_keepalive: optional(19, 'bool'),
  tcp_keepcnt: optional(20, 'uint32'),
  tcp_keepidle: optional(21, 'uint32'),
  tcp_keepintvl: optional(22, 'uint32'),
  so_oobinline: optional(23, 'uint32'),
  so_linger: optional(24, 'uint32'),
  so_buf_lock: optional(25, 'uint32'),
});

export const skShutdown = enumeration('sk_shutdown', { NONE: 0, READ: 1, WRITE: 2, BOTH: 3 });

export const tcpOptsEntry = message('tcp_opts_entry', {
  cork: optional(1, 'bool'),
  nodelay: optional(2, 'bool'),
  keepcnt: optional(3, 'uint32'),
  keepidle: optional(4, 'uint32'),
  keepintvl: optional(5, 'uint32'),
});

export const tcpStreamEntry = message('tcp_stream_entry', {
  inq_len: required(1, 'uint32'),
  inq_seq: required(2, 'uint32'),
  outq_len: required(3, 'uint32'),
  outq_seq: required(4, 'uint32'),
  opt_mask: required(5, 'uint32', 'hex'),
  snd_wscale: required(6, 'uint32'),
  mss_clamp: required(7, 'uint32'),
  rcv_wscale: optional(8, 'uint32'),
  timestamp: optional(9, 'uint32'),
  cork: optional(10, 'bool'),
  nodelay: optional(11, 'bool'),
  unsq_len: optional(12, 'uint32'),
  snd_wl1: optional(13, 'uint32'),
  snd_wnd: optional(14, 'uint32'),
  max_window: optional(15, 'uint32'),
  rcv_wnd: optional(16, 'uint32'),
  rcv_wup: optional(17, 'uint32'),
});

export const ipOptsRawEntry = message('ip_opts_raw_entry', {
  hdrincl: optional(1, 'bool'),
  nodefrag: optional(2, 'bool'),
  checksum: optional(3, 'bool'),
  icmpv_filter: repeated(4, 'uint32'),
});

export const ipOptsEntry = message('ip_opts_entry', {
  freebind: optional(1, 'bool'),
  raw: optional(4, ipOptsRawEntry),
  pktinfo: optional(5, 'bool'),
  tos: optional(6, 'uint32'),
  ttl: optional(7, 'uint32'),
});

export const inetSkEntry = message('inet_sk_entry', {
  id: required(1, 'uint32'),
  ino: required(2, 'uint32'),
  family: required(3, 'uint32', 'name:family'),
  type: required(4, 'uint32', 'name:type'),
  proto: required(5, 'uint32', 'name:proto'),
  state: required(6, 'uint32', 'name:state'),
  src_port: required(7, 'uint32'),
  dst_port: required(8, 'uint32'),
  flags: required(9, 'uint32', 'hex'),
  backlog: required(10, 'uint32'),
  src_addr: repeated(11, 'uint32', 'address'),
  dst_addr: repeated(12, 'uint32', 'address'),
  fown: required(13, fownEntry),
  opts: required(14, skOptsEntry),
  v6only: optional(15, 'bool'),
  ip_opts: optional(16, ipOptsEntry),
  ifname: optional(17, 'string'),
  ns_id: optional(18, 'uint32'),
  shutdown: optional(19, skShutdown),
  tcp_opts: optional(20, tcpOptsEntry),
});

export const filePermsEntry = message('file_perms_entry', {
  mode: required(1, 'uint32'),
  uid: required(2, 'uint32'),
  gid: required(3, 'uint32'),
});

export const unixSkEntry = message('unix_sk_entry', {
  id: required(1, 'uint32'),
  ino: required(2, 'uint32'),
  type: required(3, 'uint32', 'name:type'),
  state: required(4, 'uint32', 'name:state'),
  flags: required(5, 'uint32', 'hex'),
  uflags: required(6, 'uint32', 'hex'),
  backlog: required(7, 'uint32'),
  peer: required(8, 'uint32'),
  fown: required(9, fownEntry),
  opts: required(10, skOptsEntry),
  name: required(11, 'bytes', 'quoted'),
  shutdown: optional(12, skShutdown),
  file_perms: optional(13, filePermsEntry),
  name_dir: optional(14, 'string'),
  deleted: optional(15, 'bool'),
  ns_id: optional(16, 'uint32'),
  mnt_id: optional(17, 'sint32'),
});

export const scmEntry = message('scm_entry', {
  type: required(1, 'uint32'),
  rights: repeated(2, 'uint32'),
});

export const skPacketEntry = message('sk_packet_entry', {
  id_for: required(1, 'uint32'),
  length: required(2, 'uint32'),
  scm: repeated(4, scmEntry),
});

export const packetMclist = message('packet_mclist', {
  index: required(1, 'uint32'),
  type: required(2, 'uint32'),
  addr: required(3, 'bytes'),
});

export const packetRing = message('packet_ring', {
  block_size: required(1, 'uint32'),
  block_nr: required(2, 'uint32'),
  frame_size: required(3, 'uint32'),
  frame_nr: required(4, 'uint32'),
  retire_tmo: required(5, 'uint32'),
  sizeof_priv: required(6, 'uint32'),
  features: required(7, 'uint32'),
});

export const packetSockEntry = message('packet_sock_entry', {
  id: required(1, 'uint32'),
  type: required(2, 'uint32'),
  protocol: required(3, 'uint32'),
  flags: required(4, 'uint32', 'hex'),
  ifindex: required(5, 'uint32'),
  fown: required(6, fownEntry),
  opts: required(7, skOptsEntry),
  version: required(8, 'uint32'),
  reserve: required(9, 'uint32'),
  aux_data: required(10, 'bool'),
  orig_dev: required(11, 'bool'),
  vnet_hdr: required(12, 'bool'),
  loss: required(13, 'bool'),
  timestamp: required(14, 'uint32'),
  copy_thresh: required(15, 'uint32'),
  mclist: repeated(16, packetMclist),
  fanout: optional(17, 'uint32'),
  rx_ring: optional(18, packetRing),
  tx_ring: optional(19, packetRing),
  ns_id: optional(20, 'uint32'),
});

export const netlinkSkEntry = message('netlink_sk_entry', {
  id: required(1, 'uint32'),
  ino: required(2, 'uint32'),
  protocol: required(3, 'uint32'),
  state: required(4, 'uint32'),
  flags: required(6, 'uint32', 'hex'),
  portid: required(7, 'uint32'),
  groups: repeated(8, 'uint32'),
  dst_portid: required(9, 'uint32'),
  dst_group: required(10, 'uint32'),
  fown: required(11, fownEntry),
  opts: required(12, skOptsEntry),
  ns_id: optional(13, 'uint32'),
});
