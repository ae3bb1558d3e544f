import { at, type Gap, gapOf } from '@icecore/bytes';
import type { Process } from '@icecore/snapshot';
import type { CoreEntry } from './core-machine.ts';
import { type NoteContext, readCore } from './note-context.ts';
import { type Note, noteType } from './note.ts';
import { structure } from './structure.ts';

/** The notes of a thread, NT_PRSTATUS first; none, and a gap, for a thread whose registers cannot be had. */
export async function threadNotes(tid: number, context: NoteContext, gaps: Gap[]): Promise<Note[]> {
  const { machine, process, images } = context;
  const image = `core-${tid}.img`;
  try {
    return await at({ image }, async () => {
      const core = await readCore(image, images);
      const status: Note = { owner: 'CORE', type: noteType.prstatus, description: prstatus(tid, core, machine.generalRegisters(core), process) };
      return [status, ...machine.otherRegisters(core, tid, gaps)];
    });
  } catch (error) {
    const gap = gapOf(`registers of thread ${tid}`, error);
    if (gap.code === 'unsupported') throw error;
    gaps.push(gap);
    return [];
  }
}

/**
 * struct elf_prstatus (include/linux/elfcore.h). No signal ended the process, so `pr_cursig` is 0; times are not in the
 * dump and are 0.
 */
function prstatus(tid: number, core: CoreEntry, registers: Uint8Array, { ppid, pgid, sid }: Process): Uint8Array {
  const end = 112 + registers.length;
  return structure(end + 8, (view, bytes) => {
    view.setBigUint64(16, pendingSignals(core), true);
    view.setBigUint64(24, core.thread_core?.blk_sigset ?? core.tc?.blk_sigset ?? 0n, true);
    [tid, ppid, pgid, sid].forEach((id, i) => view.setUint32(32 + 4 * i, id, true));
    bytes.set(registers, 112);
    // pr_fpvalid: floating-point registers have a note of their own.
    view.setUint32(end, 1, true);
  });
}

/** Signals that wait for this thread alone, as a set: bit 0 is signal 1. */
function pendingSignals({ thread_core }: CoreEntry): bigint {
  let set = 0n;
  for (const { siginfo } of thread_core?.signals_p?.signals ?? []) {
    // si_signo comes first, a little-endian word that is at most 64.
    const number = siginfo[0] ?? 0;
    if (number >= 1 && number <= 64) set |= 1n << BigInt(number - 1);
  }
  return set;
}
