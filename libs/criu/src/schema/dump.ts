/* The dump itself: inventory, statistics, the machine it was taken on. */
import { enumeration, message, optional, repeated, required } from '../message.ts';
import { taskKobjIdsEntry } from './process.ts';

export const lsmtype = enumeration('lsmtype', { NO_LSM: 0, SELINUX: 1, APPARMOR: 2 });

export const pluginsEntry = message('plugins_entry', {
  plugins: repeated(12, 'string'),
});

export const inventoryEntry = message('inventory_entry', {
  img_version: required(1, 'uint32'),
  fdinfo_per_id: optional(2, 'bool'),
  root_ids: optional(3, taskKobjIdsEntry),
  ns_per_id: optional(4, 'bool'),
  root_cg_set: optional(5, 'uint32'),
  lsmtype: optional(6, lsmtype),
  dump_uptime: optional(8, 'uint64'),
  pre_dump_mode: optional(9, 'uint32'),
  tcp_close: optional(10, 'bool'),
  network_lock_method: optional(11, 'uint32'),
  plugins_entry: optional(12, pluginsEntry),
  dump_criu_run_id: optional(13, 'string'),
  allow_uprobes: optional(14, 'bool'),
});

export const dumpStatsEntry = message('dump_stats_entry', {
  freezing_time: required(1, 'uint32'),
  frozen_time: required(2, 'uint32'),
  memdump_time: required(3, 'uint32'),
  memwrite_time: required(4, 'uint32'),
  pages_scanned: required(5, 'uint64'),
  pages_skipped_parent: required(6, 'uint64'),
  pages_written: required(7, 'uint64'),
  irmap_resolve: optional(8, 'uint32'),
  pages_lazy: required(9, 'uint64'),
  page_pipes: optional(10, 'uint64'),
  page_pipe_bufs: optional(11, 'uint64'),
  shpages_scanned: optional(12, 'uint64'),
  shpages_skipped_parent: optional(13, 'uint64'),
  shpages_written: optional(14, 'uint64'),
});

export const restoreStatsEntry = message('restore_stats_entry', {
  pages_compared: required(1, 'uint64'),
  pages_skipped_cow: required(2, 'uint64'),
  forking_time: required(3, 'uint32'),
  restore_time: required(4, 'uint32'),
  pages_restored: optional(5, 'uint64'),
});

export const statsEntry = message('stats_entry', {
  dump: optional(1, dumpStatsEntry),
  restore: optional(2, restoreStatsEntry),
});

export const vendor = enumeration('vendor', { UNKNOWN: 0, INTEL: 1, AMD: 2 });

export const cpuinfoX86Entry = message('cpuinfo_x86_entry', {
  vendor_id: required(1, vendor),
  cpu_family: required(2, 'uint32'),
  model: required(3, 'uint32'),
  stepping: required(4, 'uint32'),
  capability_ver: required(5, 'uint32'),
  capability: repeated(6, 'uint32'),
  model_id: optional(7, 'string'),
  xfeatures_mask: optional(8, 'uint64'),
  xsave_size: optional(9, 'uint32'),
  xsave_size_max: optional(10, 'uint32'),
});

export const endianness = enumeration('endianness', { BIGENDIAN: 0, LITTLEENDIAN: 1 });

export const cpuinfoPpc64Entry = message('cpuinfo_ppc64_entry', {
  endian: required(1, endianness),
  hwcap: repeated(2, 'uint64'),
});

export const cpuinfoS390Entry = message('cpuinfo_s390_entry', {
  hwcap: repeated(2, 'uint64'),
});

export const cpuinfoEntry = message('cpuinfo_entry', {
  x86_entry: repeated(1, cpuinfoX86Entry),
  ppc64_entry: repeated(2, cpuinfoPpc64Entry),
  s390_entry: repeated(3, cpuinfoS390Entry),
});

export const aaPolicy = message('aa_policy', {
  name: required(1, 'string'),
  blob: required(2, 'bytes'),
});

export const aaNamespace = message('aa_namespace', {
  name: required(1, 'string'),
  policies: repeated(2, aaPolicy),
  namespaces: repeated(3, 'self'),
});

export const apparmorEntry = message('apparmor_entry', {
  namespaces: repeated(1, aaNamespace),
});
