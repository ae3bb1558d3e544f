import { hex } from '@icecore/bytes';
import { type NameTable } from './names.ts';
import { genericSyscalls } from './syscalls-generic.ts';
import { x86_64Syscalls } from './syscalls-x86-64.ts';

const architectures: NameTable = {
  0x4000_0003: 'AUDIT_ARCH_I386',
  0xc000_003e: 'AUDIT_ARCH_X86_64',
  0x4000_0028: 'AUDIT_ARCH_ARM',
  0x0000_0028: 'AUDIT_ARCH_ARMEB',
  0xc000_00b7: 'AUDIT_ARCH_AARCH64',
  0x0000_0014: 'AUDIT_ARCH_PPC',
  0x8000_0015: 'AUDIT_ARCH_PPC64',
  0xc000_0015: 'AUDIT_ARCH_PPC64LE',
  0x0000_0016: 'AUDIT_ARCH_S390',
  0x8000_0016: 'AUDIT_ARCH_S390X',
  0x0000_0008: 'AUDIT_ARCH_MIPS',
  0x4000_0008: 'AUDIT_ARCH_MIPSEL',
  0x8000_0008: 'AUDIT_ARCH_MIPS64',
  0xa000_0008: 'AUDIT_ARCH_MIPS64N32',
  0xc000_0008: 'AUDIT_ARCH_MIPSEL64',
  0xe000_0008: 'AUDIT_ARCH_MIPSEL64N32',
  0x4000_00f3: 'AUDIT_ARCH_RISCV32',
  0xc000_00f3: 'AUDIT_ARCH_RISCV64',
  0x4000_0102: 'AUDIT_ARCH_LOONGARCH32',
  0xc000_0102: 'AUDIT_ARCH_LOONGARCH64',
};

/** The number that the kernel gives a seccomp filter for the architecture of a system call. */
export const auditArch = {
  x86_64: 0xc000_003e,
  aarch64: 0xc000_00b7,
  riscv64: 0xc000_00f3,
  loongarch64: 0xc000_0102,
} as const;

/** `AUDIT_ARCH_X86_64`; the number in hex where it has no name (include/uapi/linux/audit.h). */
export function auditArchName(arch: number): string {
  return architectures[arch >>> 0] ?? hex(arch >>> 0);
}

/** System calls by number of the architecture; undefined where icecore has no table of it. */
export function syscallTable(arch: number): ReadonlyMap<number, string> | undefined {
  const number = arch >>> 0;
  if (number === auditArch.x86_64) return x86_64Syscalls;
  const generic: readonly number[] = [auditArch.aarch64, auditArch.riscv64, auditArch.loongarch64];
  return generic.includes(number) ? genericSyscalls : undefined;
}

/** `execve` for 59 on x86-64; undefined for a number without a name, or an architecture without a table. */
export function syscallName(number: number, arch: number): string | undefined {
  return syscallTable(arch)?.get(number);
}
