import { imageTypes } from '@icecore/criu';
import { auditArch, machineOf } from '@icecore/linux';
import type { CoreEntry } from './threads.ts';

/** The machine that the container ran on, as far as the dump tells. */
export interface MachineFacts {
  /** CRIU's name: `X86_64`, `AARCH64`, … */
  readonly name: string;
  /** CRIU's number (`core_entry.march`). */
  readonly number: number;
  /** The machine's usual page size in bytes; what a process really has, its auxiliary vector says. */
  readonly pageSize: number;
  /** Number by which seccomp filters know the machine. */
  readonly auditArch: number | undefined;
}

export function machineOfCore(core: CoreEntry): MachineFacts {
  const name = String(core.mtype);
  const number = typeof core.mtype === 'number' ? core.mtype : (imageTypes.CORE.message.fields.mtype.type.byName.get(core.mtype) ?? 0);
  return { name, number, pageSize: machineOf(number)?.pageSizes[0] ?? 4096, auditArch: auditArchs[name] };
}

const auditArchs: Readonly<Record<string, number>> = {
  X86_64: auditArch.x86_64,
  AARCH64: auditArch.aarch64,
  RISCV64: auditArch.riscv64,
  LOONGARCH64: auditArch.loongarch64,
};
