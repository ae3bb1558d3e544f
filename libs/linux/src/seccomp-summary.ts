import { auditArchName, syscallTable } from './audit.ts';
import { type BpfInstruction, bpfOperation } from './bpf.ts';
import { seccompAction } from './seccomp-data.ts';
import { possibleReturns, type WalkBudget } from './seccomp-walk.ts';

/** What a seccomp filter lets a process of one architecture do. */
export interface SeccompSummary {
  /** Architecture whose system calls these are: `AUDIT_ARCH_X86_64`. */
  readonly arch: string;
  /** What happens to a system call that the filter does not name. */
  readonly defaultAction: string;
  /** What happens to one newer than every number known here; engines often answer ENOSYS to those. */
  readonly newerAction: string;
  /** System calls with another action than the default, by action, in the order of their numbers. */
  readonly byAction: readonly { readonly action: string; readonly syscalls: readonly string[] }[];
  /** System calls whose action depends on their arguments, with all actions they can meet. */
  readonly byArguments: readonly { readonly syscall: string; readonly actions: readonly string[] }[];
}

/** Most instructions that all walks of one summary take together: every number once through the longest program. */
export const maxSeccompSteps = 2_000_000;

/** Numbers that no 64-bit architecture assigns: one below the newest system calls, one far above them. */
const unassigned = 400;
const newer = 0x1000_0000;

/**
 * The actions of a filter for every known system call of `arch` (AUDIT_ARCH_*), found by walking the program once
 * for each. Undefined where that does not give the whole truth: the architecture has no table, the program is not
 * one that the kernel would take, its default depends on arguments, or the walk passes `maxSeccompSteps`.
 */
export function summariseSeccomp(program: readonly BpfInstruction[], arch: number): SeccompSummary | undefined {
  const table = syscallTable(arch);
  if (table === undefined) return undefined;
  const operations = program.map(bpfOperation);
  const budget: WalkBudget = { left: maxSeccompSteps };
  const actionsOf = (nr: number): string[] | undefined => {
    const returns = possibleReturns(operations, nr, arch >>> 0, budget);
    return returns === undefined ? undefined : [...new Set([...returns].map(seccompAction))].sort();
  };
  const defaultAction = single(actionsOf(unassigned));
  const newerAction = single(actionsOf(newer));
  if (defaultAction === undefined || newerAction === undefined) return undefined;

  const byAction = new Map<string, string[]>();
  const byArguments: { syscall: string; actions: string[] }[] = [];
  for (const [nr, syscall] of table) {
    const actions = actionsOf(nr);
    if (actions === undefined) return undefined;
    const action = single(actions);
    if (action === undefined) byArguments.push({ syscall, actions });
    else if (action !== defaultAction) byAction.set(action, [...(byAction.get(action) ?? []), syscall]);
  }
  return {
    arch: auditArchName(arch),
    defaultAction,
    newerAction,
    byAction: [...byAction].sort(([one], [other]) => (one < other ? -1 : 1)).map(([action, syscalls]) => ({ action, syscalls })),
    byArguments,
  };
}

function single(actions: readonly string[] | undefined): string | undefined {
  return actions?.length === 1 ? actions[0] : undefined;
}
