import { flagNames, type FlagTable } from './flags.ts';

const accessModes = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'] as const;

const shared: FlagTable = [
  ['O_CREAT', 0o100],
  ['O_EXCL', 0o200],
  ['O_NOCTTY', 0o400],
  ['O_TRUNC', 0o1000],
  ['O_APPEND', 0o2000],
  ['O_NONBLOCK', 0o4000],
  ['O_SYNC', 0o4010000],
  ['O_DSYNC', 0o10000],
  ['O_ASYNC', 0o20000],
  ['O_NOATIME', 0o1000000],
  ['O_CLOEXEC', 0o2000000],
  ['O_PATH', 0o10000000],
];

/** Flags of open(2) with the generic values: x86, s390, RISC-V, LoongArch (include/uapi/asm-generic/fcntl.h). */
const generic: FlagTable = [
  ['O_TMPFILE', 0o20200000],
  ...shared,
  ['O_DIRECT', 0o40000],
  ['O_LARGEFILE', 0o100000],
  ['O_DIRECTORY', 0o200000],
  ['O_NOFOLLOW', 0o400000],
];

/** The same with the values of ARM and arm64, which have four of them in other places. */
const arm: FlagTable = [
  ['O_TMPFILE', 0o20040000],
  ...shared,
  ['O_DIRECTORY', 0o40000],
  ['O_NOFOLLOW', 0o100000],
  ['O_DIRECT', 0o200000],
  ['O_LARGEFILE', 0o400000],
];

/** And of PowerPC, which has two of the four the other way round. */
const powerpc: FlagTable = [
  ['O_TMPFILE', 0o20040000],
  ...shared,
  ['O_DIRECTORY', 0o40000],
  ['O_NOFOLLOW', 0o100000],
  ['O_LARGEFILE', 0o200000],
  ['O_DIRECT', 0o400000],
];

const tables = { generic, arm, powerpc } as const;

/** Whose numbers open flags have. MIPS differs in most of them and is not covered. */
export type OpenFlagNumbering = keyof typeof tables;

/** Names of the flags of an open file, the access mode first: `['O_RDWR', 'O_APPEND', 'O_LARGEFILE']`. */
export function openFlags(value: number, numbering: OpenFlagNumbering = 'generic'): string[] {
  const mode = accessModes[value & 3] ?? 'O_ACCMODE';
  return [mode, ...flagNames(value & ~3, tables[numbering])];
}
