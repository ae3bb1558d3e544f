import { DamageError, type Gap } from '@icecore/bytes';
import type { CoreMachine } from './core-machine.ts';
import { type Note, noteType } from './note.ts';
import { putLongs, structure } from './structure.ts';
import { type FloatingPoint, legacyArea, xsaveArea } from './xsave.ts';

/** x86-64: user_regs_struct and the XSAVE area (arch/x86/include/asm/user_64.h). */
export const x86: CoreMachine = {
  elfMachine: 62,
  generalRegisters({ thread_info }) {
    if (thread_info === undefined) throw new DamageError('malformed', 'thread has no registers');
    const { gpregs: r } = thread_info;
    if (r.mode === 'COMPAT') throw new DamageError('unsupported', 'core files are not written for 32-bit processes of X86_64');
    const order = [
      ...[r.r15, r.r14, r.r13, r.r12, r.bp, r.bx, r.r11, r.r10, r.r9, r.r8, r.ax, r.cx, r.dx, r.si, r.di, r.orig_ax],
      ...[r.ip, r.cs, r.flags, r.sp, r.ss, r.fs_base, r.gs_base, r.ds, r.es, r.fs, r.gs],
    ];
    return structure(8 * order.length, (view) => putLongs(view, 0, order));
  },
  otherRegisters({ thread_info }, tid, gaps) {
    const state = thread_info?.fpregs;
    return state === undefined ? [] : floatingPointNotes(state, tid, gaps);
  },
};

function floatingPointNotes(state: FloatingPoint, tid: number, gaps: Gap[]): Note[] {
  const subject = `vector registers of thread ${tid}`;
  const place = { image: `core-${tid}.img` };
  const legacy = legacyArea(state);
  if (legacy === undefined) {
    gaps.push({ code: 'malformed', subject, reason: 'x87 and SSE registers are not as many as there are', place });
    return [];
  }
  const notes: Note[] = [{ owner: 'CORE', type: noteType.fpregset, description: legacy }];
  if (state.xsave === undefined) {
    gaps.push({ code: 'not_captured', subject, reason: 'the dump has no XSAVE state: x87 and SSE are all there is', place });
    return notes;
  }
  const { area, problems } = xsaveArea(legacy, state.xsave);
  gaps.push(...problems.map(({ code, reason }) => ({ code, subject, reason, place })));
  return [...notes, { owner: 'LINUX', type: noteType.x86Xstate, description: area }];
}
