import { putLongs, structure } from './structure.ts';

/** Bytes of Elf64_Ehdr, Elf64_Phdr and Elf64_Shdr (include/uapi/linux/elf.h). */
export const headerBytes = { file: 64, program: 56, section: 64 } as const;
/** PT_LOAD and PT_NOTE. */
export const segmentType = { load: 1, note: 4 } as const;
/** e_phnum of a file with more program headers than it can say: the first section header says how many. */
export const manyHeaders = 0xffff;

/** One Elf64_Phdr; offsets and sizes in bytes. */
export interface ProgramHeader {
  readonly type: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileBytes: bigint;
  readonly memoryBytes: bigint;
  readonly alignment: bigint;
}

/** Elf64_Ehdr of a little-endian core file whose program headers, and then its section header if any, follow it. */
export function fileHeader(elfMachine: number, programHeaders: number): Uint8Array {
  const many = programHeaders >= manyHeaders;
  return structure(headerBytes.file, (view, bytes) => {
    // Magic number, ELFCLASS64, ELFDATA2LSB, EV_CURRENT; the operating system stays ELFOSABI_NONE, as the kernel writes it.
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    view.setUint16(16, 4, true);
    view.setUint16(18, elfMachine, true);
    view.setUint32(20, 1, true);
    view.setBigUint64(32, BigInt(headerBytes.file), true);
    view.setBigUint64(40, many ? BigInt(headerBytes.file + headerBytes.program * programHeaders) : 0n, true);
    view.setUint16(52, headerBytes.file, true);
    view.setUint16(54, headerBytes.program, true);
    view.setUint16(56, many ? manyHeaders : programHeaders, true);
    view.setUint16(58, many ? headerBytes.section : 0, true);
    view.setUint16(60, many ? 1 : 0, true);
  });
}

/** Where what follows the headers begins, in bytes. */
export function headersEnd(programHeaders: number): number {
  return headerBytes.file + headerBytes.program * programHeaders + (programHeaders >= manyHeaders ? headerBytes.section : 0);
}

export function programHeader({ type, flags, offset, address, fileBytes, memoryBytes, alignment }: ProgramHeader): Uint8Array {
  return structure(headerBytes.program, (view) => {
    view.setUint32(0, type, true);
    view.setUint32(4, flags, true);
    putLongs(view, 8, [offset, address, 0n, fileBytes, memoryBytes, alignment]);
  });
}

/** The section header that says the number of program headers in `sh_info` (elf(5), PN_XNUM). */
export function countingSectionHeader(programHeaders: number): Uint8Array {
  return structure(headerBytes.section, (view) => {
    view.setBigUint64(32, 1n, true);
    view.setUint32(44, programHeaders, true);
  });
}
