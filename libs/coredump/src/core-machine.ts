import { DamageError, type Gap } from '@icecore/bytes';
import type { imageTypes, MessageOf } from '@icecore/criu';
import { aarch64 } from './aarch64.ts';
import type { Note } from './note.ts';
import { x86 } from './x86.ts';

/** A thread's entry of `core-<tid>.img`. */
export type CoreEntry = MessageOf<typeof imageTypes.CORE.message>;

/** How the core file of a machine lays out what a thread has in its registers. */
export interface CoreMachine {
  /** e_machine (include/uapi/linux/elf-em.h). */
  readonly elfMachine: number;
  /** elf_gregset_t, as `pr_reg` of NT_PRSTATUS holds it. Rejects registers that do not fill it as `malformed`. */
  generalRegisters(core: CoreEntry): Uint8Array;
  /** Notes of the other registers; what of them the dump or the note does not hold goes to `gaps`. */
  otherRegisters(core: CoreEntry, tid: number, gaps: Gap[]): Note[];
}

const machines: Readonly<Record<string, CoreMachine>> = { X86_64: x86, AARCH64: aarch64 };

/** The machine under CRIU's name; one that has no core files here is refused as `unsupported`. */
export function coreMachine(name: string): CoreMachine {
  const machine = machines[name];
  if (machine === undefined) throw new DamageError('unsupported', `core files are written for X86_64 and AARCH64, not for ${name}`);
  return machine;
}
