import { structure } from './structure.ts';

/** A note of a core file. */
export interface Note {
  readonly owner: 'CORE' | 'LINUX';
  readonly type: number;
  readonly description: Uint8Array;
}

/** Types of notes (include/uapi/linux/elf.h). */
export const noteType = {
  prstatus: 1,
  fpregset: 2,
  prpsinfo: 3,
  auxv: 6,
  x86Xstate: 0x202,
  armTls: 0x401,
  file: 0x46494c45,
  siginfo: 0x53494749,
} as const;

/** Bytes that a note takes in the file, padding included. */
export function noteBytes({ owner, description }: Note): number {
  return 12 + padded(owner.length + 1) + padded(description.length);
}

/** Elf64_Nhdr with the owner's name and the description, each padded to 4 bytes. */
export function encodeNote(note: Note): Uint8Array {
  const { owner, type, description } = note;
  return structure(noteBytes(note), (view, bytes) => {
    view.setUint32(0, owner.length + 1, true);
    view.setUint32(4, description.length, true);
    view.setUint32(8, type, true);
    bytes.set(new TextEncoder().encode(owner), 12);
    bytes.set(description, 12 + padded(owner.length + 1));
  });
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
