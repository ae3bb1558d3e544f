import { type FlagTable } from './flags.ts';

/** PROT_* of mmap(2) and of CRIU's vma_entry.prot. */
export const protectionFlags: FlagTable = [
  ['PROT_READ', 0x1],
  ['PROT_WRITE', 0x2],
  ['PROT_EXEC', 0x4],
  ['PROT_SEM', 0x8],
  ['PROT_GROWSDOWN', 0x0100_0000],
  ['PROT_GROWSUP', 0x0200_0000],
];

/** MAP_* of mmap(2) and of CRIU's vma_entry.flags, generic values. */
export const mapFlags: FlagTable = [
  ['MAP_SHARED_VALIDATE', 0x3],
  ['MAP_SHARED', 0x1],
  ['MAP_PRIVATE', 0x2],
  ['MAP_DROPPABLE', 0x8],
  ['MAP_FIXED', 0x10],
  ['MAP_ANONYMOUS', 0x20],
  ['MAP_32BIT', 0x40],
  ['MAP_ABOVE4G', 0x80],
  ['MAP_GROWSDOWN', 0x100],
  ['MAP_DENYWRITE', 0x800],
  ['MAP_EXECUTABLE', 0x1000],
  ['MAP_LOCKED', 0x2000],
  ['MAP_NORESERVE', 0x4000],
  ['MAP_POPULATE', 0x8000],
  ['MAP_NONBLOCK', 0x1_0000],
  ['MAP_STACK', 0x2_0000],
  ['MAP_HUGETLB', 0x4_0000],
  ['MAP_SYNC', 0x8_0000],
  ['MAP_FIXED_NOREPLACE', 0x10_0000],
  ['MAP_UNINITIALIZED', 0x400_0000],
];

/** Status bits of CRIU's vma_entry (criu/include/image.h). */
export const vmaStatusFlags: FlagTable = [
  ['VMA_AREA_REGULAR', 2 ** 0],
  ['VMA_AREA_STACK', 2 ** 1],
  ['VMA_AREA_VSYSCALL', 2 ** 2],
  ['VMA_AREA_VDSO', 2 ** 3],
  ['VMA_FORCE_READ', 2 ** 4],
  ['VMA_AREA_HEAP', 2 ** 5],
  ['VMA_FILE_PRIVATE', 2 ** 6],
  ['VMA_FILE_SHARED', 2 ** 7],
  ['VMA_ANON_SHARED', 2 ** 8],
  ['VMA_ANON_PRIVATE', 2 ** 9],
  ['VMA_AREA_SYSVIPC', 2 ** 10],
  ['VMA_AREA_SOCKET', 2 ** 11],
  ['VMA_AREA_VVAR', 2 ** 12],
  ['VMA_AREA_AIORING', 2 ** 13],
  ['VMA_AREA_MEMFD', 2 ** 14],
  ['VMA_AREA_SHSTK', 2 ** 15],
  ['VMA_AREA_GUARD', 2 ** 16],
  ['VMA_AREA_UPROBES', 2 ** 17],
  ['VMA_EXT_PLUGIN', 2 ** 27],
  ['VMA_CLOSE', 2 ** 28],
  ['VMA_NO_PROT_WRITE', 2 ** 29],
  ['VMA_PREMMAPED', 2 ** 30],
  ['VMA_UNSUPP', 2 ** 31],
];

/** Flags of CRIU's pagemap_entry (criu/include/pagemap.h). */
export const pagemapFlags: FlagTable = [
  ['PE_PARENT', 0x1],
  ['PE_LAZY', 0x2],
  ['PE_PRESENT', 0x4],
  ['PE_PAYLOAD_ALIGNED', 0x8],
];

/** Seals of a memfd (include/uapi/linux/fcntl.h). */
export const sealFlags: FlagTable = [
  ['F_SEAL_SEAL', 0x1],
  ['F_SEAL_SHRINK', 0x2],
  ['F_SEAL_GROW', 0x4],
  ['F_SEAL_WRITE', 0x8],
  ['F_SEAL_FUTURE_WRITE', 0x10],
  ['F_SEAL_EXEC', 0x20],
];

/** Protection and sharing as /proc/PID/maps shows them: `r-xp`, `rw-s`. */
export function permissions(protection: number, flags: number): string {
  const letter = (bit: number, shown: string): string => ((protection & bit) === 0 ? '-' : shown);
  return letter(1, 'r') + letter(2, 'w') + letter(4, 'x') + ((flags & 1) === 0 ? 'p' : 's');
}
