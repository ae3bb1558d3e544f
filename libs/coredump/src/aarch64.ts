import { DamageError } from '@icecore/bytes';
import type { CoreMachine } from './core-machine.ts';
import { type Note, noteType } from './note.ts';
import { putLongs, putWords, structure } from './structure.ts';

/** arm64: user_pt_regs, user_fpsimd_state and TPIDR_EL0 (arch/arm64/include/uapi/asm/ptrace.h). */
export const aarch64: CoreMachine = {
  elfMachine: 183,
  generalRegisters({ ti_aarch64 }) {
    if (ti_aarch64 === undefined) throw new DamageError('malformed', 'thread has no registers');
    const { regs, sp, pc, pstate } = ti_aarch64.gpregs;
    if (regs.length !== 31) throw new DamageError('malformed', `thread has ${regs.length} general registers, not 31`);
    return structure(34 * 8, (view) => putLongs(view, 0, [...regs, sp, pc, pstate]));
  },
  otherRegisters({ ti_aarch64 }, tid, gaps) {
    if (ti_aarch64 === undefined) return [];
    const { fpsimd, tls } = ti_aarch64;
    const notes: Note[] = [{ owner: 'LINUX', type: noteType.armTls, description: structure(8, (view) => putLongs(view, 0, [tls])) }];
    if (fpsimd.vregs.length !== 64) {
      const reason = `${fpsimd.vregs.length} halves of vector registers, not 64`;
      gaps.push({ code: 'malformed', subject: `vector registers of thread ${tid}`, reason, place: { image: `core-${tid}.img` } });
      return notes;
    }
    const state = structure(528, (view) => {
      putLongs(view, 0, fpsimd.vregs);
      putWords(view, 512, [fpsimd.fpsr, fpsimd.fpcr]);
    });
    return [{ owner: 'CORE', type: noteType.fpregset, description: state }, ...notes];
  },
};
