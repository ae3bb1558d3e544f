/** What an ELF file for one of CRIU's architectures says of itself, and how its memory is laid out. */
export interface Machine {
  /** CRIU's name of the architecture (core_entry.march). */
  readonly march: string;
  /** The name that uname(2) gives; CRIU's name alone does not tell the byte order of PPC64 and MIPS. */
  readonly uname: string;
  /** e_machine: EM_* of include/uapi/linux/elf-em.h. */
  readonly elfMachine: number;
  /** e_ident[EI_CLASS] as bits of an address. */
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** Page sizes in bytes that the kernel can be built with, the usual one first. */
  readonly pageSizes: readonly number[];
}

const k = 1024;

const machines: Readonly<Record<number, Machine>> = {
  1: { march: 'X86_64', uname: 'x86_64', elfMachine: 62, bits: 64, byteOrder: 'little', pageSizes: [4 * k] },
  2: { march: 'ARM', uname: 'arm', elfMachine: 40, bits: 32, byteOrder: 'little', pageSizes: [4 * k] },
  3: { march: 'AARCH64', uname: 'aarch64', elfMachine: 183, bits: 64, byteOrder: 'little', pageSizes: [4 * k, 16 * k, 64 * k] },
  4: { march: 'PPC64', uname: 'ppc64le', elfMachine: 21, bits: 64, byteOrder: 'little', pageSizes: [64 * k, 4 * k] },
  5: { march: 'S390', uname: 's390x', elfMachine: 22, bits: 64, byteOrder: 'big', pageSizes: [4 * k] },
  6: { march: 'MIPS', uname: 'mips64', elfMachine: 8, bits: 64, byteOrder: 'little', pageSizes: [16 * k, 4 * k, 64 * k] },
  7: { march: 'LOONGARCH64', uname: 'loongarch64', elfMachine: 258, bits: 64, byteOrder: 'little', pageSizes: [16 * k, 4 * k, 64 * k] },
  8: { march: 'RISCV64', uname: 'riscv64', elfMachine: 243, bits: 64, byteOrder: 'little', pageSizes: [4 * k] },
};

/** The machine of CRIU's core_entry.mtype; undefined for 0 and for numbers that no CRIU writes. */
export function machineOf(mtype: number): Machine | undefined {
  return machines[mtype];
}
