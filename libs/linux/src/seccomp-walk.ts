import { bpfArithmetic, type BpfOperation, bpfTest } from './bpf.ts';
import { seccompField } from './seccomp-data.ts';

/** Where a walk stands: the next instruction and the two registers, undefined where they depend on arguments. */
interface Step {
  readonly index: number;
  readonly a: number | undefined;
  readonly x: number | undefined;
}

/** Most places at which one walk may meet a comparison with different registers. */
export const maxSeccompStates = 65_536;

/** How many instructions all walks together may still take. */
export interface WalkBudget {
  left: number;
}

/**
 * Every value that a filter can return for one system call of one architecture, whatever its arguments are.
 * Both sides of a comparison that depends on arguments are followed. Undefined where the filter leaves its own end,
 * holds an instruction that the kernel refuses or returns a computed value, and where the budget is used up or
 * `maxSeccompStates` is passed.
 */
export function possibleReturns(
  operations: readonly BpfOperation[],
  nr: number,
  arch: number,
  budget: WalkBudget,
): Set<number> | undefined {
  const returns = new Set<number>();
  const seen = new Set<string>();
  const pending: Step[] = [{ index: 0, a: 0, x: 0 }];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const operation = operations[step.index];
    budget.left -= 1;
    if (operation === undefined || budget.left < 0 || seen.size > maxSeccompStates) return undefined;
    if (operation.kind === 'return') {
      const value = operation.value === 'a' ? step.a : operation.value;
      if (value === undefined) return undefined;
      returns.add(value);
      continue;
    }
    const next = follow(operation, step, nr, arch);
    if (next.length === 0) return undefined;
    for (const following of next) {
      if (next.length > 1 && !isNew(seen, following)) continue;
      pending.push(following);
    }
  }
  return returns;
}

function isNew(seen: Set<string>, step: Step): boolean {
  const key = `${step.index} ${step.a ?? '?'} ${step.x ?? '?'}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

/** The steps that may follow: one, two behind an undecided comparison, none where the program is no valid filter. */
function follow(operation: BpfOperation, step: Step, nr: number, arch: number): Step[] {
  const next = { ...step, index: step.index + 1 };
  switch (operation.kind) {
    case 'load': {
      const field = seccompField(operation.offset);
      return [{ ...next, a: field === 'nr' ? nr : field === 'arch' ? arch : undefined }];
    }
    case 'immediate':
      return [{ ...next, [operation.to]: operation.value }];
    case 'memory':
      return [{ ...next, [operation.to]: undefined }];
    case 'store':
      return [next];
    case 'transfer':
      return [operation.to === 'x' ? { ...next, x: step.a } : { ...next, a: step.x }];
    case 'arithmetic': {
      const right = operation.operand === 'x' ? step.x : operation.value;
      if (step.a === undefined || right === undefined) return [{ ...next, a: undefined }];
      const result = bpfArithmetic(operation.operator, step.a, right);
      return result === undefined ? [] : [{ ...next, a: result }];
    }
    case 'jump':
      return [{ ...step, index: operation.target }];
    case 'branch': {
      const right = operation.operand === 'x' ? step.x : operation.value;
      const whenTrue = { ...step, index: operation.whenTrue };
      const whenFalse = { ...step, index: operation.whenFalse };
      if (step.a === undefined || right === undefined) return [whenTrue, whenFalse];
      return [bpfTest(operation.test, step.a, right) ? whenTrue : whenFalse];
    }
    default:
      return [];
  }
}
