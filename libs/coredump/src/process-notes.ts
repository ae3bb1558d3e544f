import { bytesFromText, type Gap, untilNul } from '@icecore/bytes';
import { type Process, valuesOf } from '@icecore/snapshot';
import type { CoreEntry } from './core-machine.ts';
import { fileNote } from './file-note.ts';
import { type Note, noteType } from './note.ts';
import type { NoteContext } from './note-context.ts';
import { putLongs, putWords, structure } from './structure.ts';

/** Bytes of siginfo_t. */
const siginfoBytes = 128;
/** An id that no user has; stands where the dump does not say. */
const nobodysId = 0xffff_ffff;

/** The notes that a process has once, in the kernel's order. */
export function processNotes({ process, leader, pageSize }: NoteContext, gaps: Gap[]): Note[] {
  const notes: Note[] = [
    { owner: 'CORE', type: noteType.prpsinfo, description: prpsinfo(process, leader, gaps) },
    // Signal number 0: no signal made the process dump its core.
    { owner: 'CORE', type: noteType.siginfo, description: new Uint8Array(siginfoBytes) },
  ];
  const { auxiliaryVector, pid } = process;
  if (auxiliaryVector.size > 0) notes.push({ owner: 'CORE', type: noteType.auxv, description: auxv(auxiliaryVector) });
  else gaps.push({ code: 'missing', subject: `auxiliary vector of process ${pid}`, reason: 'the dump has none', place: { image: `mm-${pid}.img` } });
  notes.push({ owner: 'CORE', type: noteType.file, description: fileNote(process, pageSize, gaps) });
  return notes;
}

/** struct elf_prpsinfo (include/linux/elfcore.h). */
function prpsinfo(process: Process, core: CoreEntry, gaps: Gap[]): Uint8Array {
  const { pid, ppid, pgid, sid, comm, state, credentials } = process;
  if (credentials === undefined) gaps.push({ code: 'missing', subject: `user and group of process ${pid}`, reason: 'the dump has no credentials', place: {} });
  if (process.arguments.state === 'unavailable') {
    gaps.push({ code: 'missing', subject: `arguments of process ${pid}`, reason: process.arguments.reason, place: {} });
  }
  return structure(136, (view, bytes) => {
    // The kernel's index into its letters for states, `RSDTZW`; a dump tells stopped tasks from others, no more.
    view.setUint8(0, state === 'stopped' ? 3 : 0);
    view.setUint8(1, (state === 'stopped' ? 'T' : 'R').charCodeAt(0));
    view.setInt8(3, core.thread_core?.sched_nice ?? 0);
    view.setBigUint64(8, BigInt(core.tc?.flags ?? 0), true);
    putWords(view, 16, [credentials?.uid ?? nobodysId, credentials?.gid ?? nobodysId, pid, ppid, pgid, sid]);
    bytes.set(untilNul(bytesFromText(comm)).subarray(0, 15), 40);
    bytes.set(bytesFromText(valuesOf(process.arguments).join(' ')).subarray(0, 79), 56);
  });
}

/** Pairs of tag and value, AT_NULL last. */
function auxv(vector: ReadonlyMap<bigint, bigint>): Uint8Array {
  const pairs = [...vector].flat();
  return structure(8 * (pairs.length + 2), (view) => putLongs(view, 0, pairs));
}
