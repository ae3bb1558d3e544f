import type { CoreEntry } from './threads.ts';

/** General registers of a thread, under the names that its machine gives them. */
export interface Registers {
  readonly machine: string;
  /** Address of the instruction that runs next. */
  readonly instructionPointer: bigint;
  readonly stackPointer: bigint;
  readonly general: Readonly<Record<string, bigint>>;
}

/** The registers of a thread; undefined for a thread that has none (a zombie) or a machine that is not known. */
export function registersOf(core: CoreEntry): Registers | undefined {
  const machine = String(core.mtype);
  const make = (instructionPointer: bigint, stackPointer: bigint, general: Readonly<Record<string, bigint>>): Registers => ({
    machine,
    instructionPointer,
    stackPointer,
    general,
  });
  if (core.thread_info !== undefined) {
    const { mode: _mode, $unknown: _unknown, ...general } = core.thread_info.gpregs;
    return make(general.ip, general.sp, general);
  }
  if (core.ti_aarch64 !== undefined) {
    const { regs, sp, pc, pstate } = core.ti_aarch64.gpregs;
    return make(pc, sp, { ...named('x', regs), sp, pc, pstate });
  }
  if (core.ti_arm !== undefined) {
    const { $unknown: _unknown, ...words } = core.ti_arm.gpregs;
    const general = Object.fromEntries(Object.entries(words).map(([name, value]) => [name, BigInt(value)]));
    return make(BigInt(words.pc), BigInt(words.sp), general);
  }
  if (core.ti_ppc64 !== undefined) {
    const { gpr, nip, msr, orig_gpr3, ctr, link, xer, ccr, trap } = core.ti_ppc64.gpregs;
    return make(nip, gpr[1] ?? 0n, { ...named('r', gpr), nip, msr, orig_gpr3, ctr, link, xer, ccr, trap });
  }
  if (core.ti_s390 !== undefined) {
    const { psw_mask, psw_addr, gprs } = core.ti_s390.gpregs;
    return make(psw_addr, gprs[15] ?? 0n, { ...named('r', gprs), psw_mask, psw_addr });
  }
  if (core.ti_mips !== undefined) {
    const { $unknown: _unknown, ...general } = core.ti_mips.gpregs;
    return make(general.cp0_epc, general.r29, general);
  }
  if (core.ti_loongarch64 !== undefined) {
    const { regs, pc } = core.ti_loongarch64.gpregs;
    return make(pc, regs[3] ?? 0n, { ...named('r', regs), pc });
  }
  if (core.ti_riscv64 !== undefined) {
    const { $unknown: _unknown, ...general } = core.ti_riscv64.gpregs;
    return make(general.pc, general.sp, general);
  }
  return undefined;
}

function named(prefix: string, values: readonly bigint[]): Record<string, bigint> {
  return Object.fromEntries(values.map((value, i) => [`${prefix}${i}`, value]));
}
