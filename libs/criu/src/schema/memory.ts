/* Memory: areas of the address space, which of their pages the dump holds, memfds. */
import { message, optional, packed, repeated, required } from '../message.ts';
import { fownEntry } from './owner.ts';

export const vmaEntry = message('vma_entry', {
  start: required(1, 'uint64', 'hex'),
  end: required(2, 'uint64', 'hex'),
  pgoff: required(3, 'uint64'),
  shmid: required(4, 'uint64'),
  prot: required(5, 'uint32', 'flags:mmap.prot'),
  flags: required(6, 'uint32', 'flags:mmap.flags'),
  status: required(7, 'uint32', 'flags:mmap.status'),
  fd: required(8, 'sint64'),
  madv: optional(9, 'uint64', 'hex'),
  fdflags: optional(10, 'uint32', 'hex'),
});

export const aioRingEntry = message('aio_ring_entry', {
  id: required(1, 'uint64'),
  nr_req: required(2, 'uint32'),
  ring_len: required(3, 'uint32'),
});

export const mmEntry = message('mm_entry', {
  mm_start_code: required(1, 'uint64', 'hex'),
  mm_end_code: required(2, 'uint64', 'hex'),
  mm_start_data: required(3, 'uint64', 'hex'),
  mm_end_data: required(4, 'uint64', 'hex'),
  mm_start_stack: required(5, 'uint64', 'hex'),
  mm_start_brk: required(6, 'uint64', 'hex'),
  mm_brk: required(7, 'uint64', 'hex'),
  mm_arg_start: required(8, 'uint64', 'hex'),
  mm_arg_end: required(9, 'uint64', 'hex'),
  mm_env_start: required(10, 'uint64', 'hex'),
  mm_env_end: required(11, 'uint64', 'hex'),
  exe_file_id: required(12, 'uint32'),
  mm_saved_auxv: repeated(13, 'uint64'),
  vmas: repeated(14, vmaEntry),
  dumpable: optional(15, 'int32'),
  aios: repeated(16, aioRingEntry),
  thp_disabled: optional(17, 'bool'),
});

export const pagemapHead = message('pagemap_head', {
  pages_id: required(1, 'uint32'),
});

/** Sizes of compressed regions, as newer dumps with compressed pages write them. */
export const pagemapRegions = message('pagemap_regions', {
  region_sizes: packed(1, 'uint32'),
  total_payload_size: optional(2, 'uint64'),
  pages_per_region: optional(3, 'uint32'),
});

/*
 * Field 6 has two forms on the wire, told apart by wire type: a list of sizes (the first form of compressed pages),
 * or a message (the later one).
 */
export const pagemapEntry = message('pagemap_entry', {
  vaddr: required(1, 'uint64', 'hex'),
  compat_nr_pages: optional(2, 'uint32'),
  in_parent: optional(3, 'bool'),
  flags: optional(4, 'uint32', 'flags:pmap.flags'),
  nr_pages: optional(5, 'uint64'),
  compressed_size: repeated(6, 'uint32'),
  regions: optional(6, pagemapRegions),
  total_compressed_size: optional(7, 'uint64'),
  region_pages: optional(8, 'uint32'),
});

export const memfdFileEntry = message('memfd_file_entry', {
  id: required(1, 'uint32'),
  flags: required(2, 'uint32', 'flags:rfile.flags'),
  pos: required(3, 'uint64'),
  fown: required(4, fownEntry),
  inode_id: required(5, 'uint32'),
});

export const memfdInodeEntry = message('memfd_inode_entry', {
  name: required(1, 'string'),
  uid: required(2, 'uint32'),
  gid: required(3, 'uint32'),
  size: required(4, 'uint64'),
  shmid: required(5, 'uint32'),
  seals: required(6, 'uint32', 'flags:seals.flags'),
  inode_id: required(7, 'uint64'),
  hugetlb_flag: optional(8, 'uint32'),
  mode: optional(9, 'uint32'),
});
