import { DamageError } from '@icecore/bytes';
import { type NameTable } from './names.ts';

const tags: NameTable = {
  0: 'AT_NULL',
  1: 'AT_IGNORE',
  2: 'AT_EXECFD',
  3: 'AT_PHDR',
  4: 'AT_PHENT',
  5: 'AT_PHNUM',
  6: 'AT_PAGESZ',
  7: 'AT_BASE',
  8: 'AT_FLAGS',
  9: 'AT_ENTRY',
  10: 'AT_NOTELF',
  11: 'AT_UID',
  12: 'AT_EUID',
  13: 'AT_GID',
  14: 'AT_EGID',
  15: 'AT_PLATFORM',
  16: 'AT_HWCAP',
  17: 'AT_CLKTCK',
  18: 'AT_FPUCW',
  19: 'AT_DCACHEBSIZE',
  20: 'AT_ICACHEBSIZE',
  21: 'AT_UCACHEBSIZE',
  22: 'AT_IGNOREPPC',
  23: 'AT_SECURE',
  24: 'AT_BASE_PLATFORM',
  25: 'AT_RANDOM',
  26: 'AT_HWCAP2',
  27: 'AT_RSEQ_FEATURE_SIZE',
  28: 'AT_RSEQ_ALIGN',
  29: 'AT_HWCAP3',
  30: 'AT_HWCAP4',
  31: 'AT_EXECFN',
  32: 'AT_SYSINFO',
  33: 'AT_SYSINFO_EHDR',
  40: 'AT_L1I_CACHESIZE',
  41: 'AT_L1I_CACHEGEOMETRY',
  42: 'AT_L1D_CACHESIZE',
  43: 'AT_L1D_CACHEGEOMETRY',
  44: 'AT_L2_CACHESIZE',
  45: 'AT_L2_CACHEGEOMETRY',
  46: 'AT_L3_CACHESIZE',
  47: 'AT_L3_CACHEGEOMETRY',
  51: 'AT_MINSIGSTKSZ',
};

/** Numbers of the entries that icecore itself reads. */
export const auxvTag = { phdr: 3n, phent: 4n, phnum: 5n, pageSize: 6n, base: 7n, entry: 9n, random: 25n, execfn: 31n, vdso: 33n } as const;

/** Most values that an auxiliary vector may have; kernels of today write about 50. */
export const maxAuxvCount = 1024;

/** `AT_ENTRY` for 9. */
export function auxvName(tag: bigint | number): string {
  return tags[Number(tag)] ?? `AT_${tag}`;
}

/**
 * The auxiliary vector that CRIU keeps in mm_entry.mm_saved_auxv, a flat list of tag and value, as a map.
 * Ends at AT_NULL or at the list's end; where a tag comes twice the first counts, as it does for the C library.
 */
export function parseAuxv(values: readonly bigint[]): Map<bigint, bigint> {
  if (values.length > maxAuxvCount) {
    throw new DamageError('limit', `auxiliary vector of ${values.length} values passes maxAuxvCount ${maxAuxvCount}`);
  }
  const entries = new Map<bigint, bigint>();
  for (let i = 0; i + 1 < values.length; i += 2) {
    const tag = values[i] ?? 0n;
    if (tag === 0n) break;
    if (!entries.has(tag)) entries.set(tag, values[i + 1] ?? 0n);
  }
  return entries;
}

/**
 * Page size in bytes that the vector tells, undefined where it tells none.
 * A value that is no power of two from 4 KiB to 64 KiB is `malformed`.
 */
export function auxvPageSize(entries: ReadonlyMap<bigint, bigint>): number | undefined {
  const value = entries.get(auxvTag.pageSize);
  if (value === undefined) return undefined;
  if (value < 0x1000n || value > 0x10000n || (value & (value - 1n)) !== 0n) {
    throw new DamageError('malformed', `AT_PAGESZ of ${value} bytes is no page size`);
  }
  return Number(value);
}
