import { hex } from '@icecore/bytes';
import { auditArchName, syscallName } from './audit.ts';
import { type BpfInstruction, type BpfOperation, bpfOperation } from './bpf.ts';
import { seccompAction, seccompField, seccompFieldName } from './seccomp-data.ts';

/** What the accumulator holds when an instruction is reached, on every way to it. */
type Holds = 'nr' | 'arch' | 'other';

interface Reached {
  readonly holds: Holds;
  /** The AUDIT_ARCH_* that the program has established; `any` before it asks, `mixed` where ways differ. */
  readonly arch: number | 'any' | 'mixed';
}

/**
 * A seccomp filter as lines of text, one an instruction: `0003: jeq #59 (execve), 0010, 0004`; the numbers behind a
 * comparison are where it goes when it holds and when it does not. System calls are named by the architecture
 * that the filter has established; before it asks for one, by `arch` (AUDIT_ARCH_*) where that is given.
 */
export function disassembleSeccomp(program: readonly BpfInstruction[], arch?: number): string[] {
  const reached: (Reached | undefined)[] = [{ holds: 'other', arch: 'any' }];
  return program.map((instruction, index) => {
    const operation = bpfOperation(instruction, index);
    const here = reached[index] ?? { holds: 'other', arch: 'any' };
    if (reached[index] !== undefined) spread(operation, index, here, reached);
    const named = typeof here.arch === 'number' ? here.arch : here.arch === 'any' ? arch : undefined;
    return `${line(index)}: ${describe(operation, here.holds, named)}`;
  });
}

/** Jumps only lead forward, so one pass in order has seen every way to an instruction before the instruction. */
function spread(operation: BpfOperation, index: number, here: Reached, reached: (Reached | undefined)[]): void {
  const meet = (target: number, next: Reached): void => {
    const there = reached[target];
    reached[target] = there === undefined ? next : join(there, next);
  };
  if (operation.kind === 'return') return;
  if (operation.kind === 'jump') return meet(operation.target, here);
  if (operation.kind === 'branch') {
    const decides = operation.test === 'jeq' && operation.operand === 'k' && here.holds === 'arch';
    meet(operation.whenTrue, decides ? { ...here, arch: operation.value } : here);
    return meet(operation.whenFalse, decides ? { ...here, arch: 'mixed' } : here);
  }
  meet(index + 1, { ...here, holds: holdsAfter(operation, here.holds) });
}

function join(one: Reached, other: Reached): Reached {
  return {
    holds: one.holds === other.holds ? one.holds : 'other',
    arch: one.arch === other.arch ? one.arch : 'mixed',
  };
}

function holdsAfter(operation: BpfOperation, before: Holds): Holds {
  if (operation.kind === 'load') return seccompField(operation.offset);
  const keeps = operation.kind === 'store' || ('to' in operation && operation.to === 'x');
  return keeps ? before : 'other';
}

function describe(operation: BpfOperation, holds: Holds, arch: number | undefined): string {
  switch (operation.kind) {
    case 'load': {
      const name = seccompFieldName(operation.offset);
      return `ld [${operation.offset}]${name === undefined ? '' : ` (${name})`}`;
    }
    case 'immediate':
      return `${operation.to === 'a' ? 'ld' : 'ldx'} #${hex(operation.value)}`;
    case 'memory':
      return `${operation.to === 'a' ? 'ld' : 'ldx'} M[${operation.slot}]`;
    case 'store':
      return `${operation.from === 'a' ? 'st' : 'stx'} M[${operation.slot}]`;
    case 'arithmetic':
      if (operation.operator === 'neg') return 'neg';
      return `${operation.operator} ${operation.operand === 'x' ? 'x' : `#${hex(operation.value)}`}`;
    case 'jump':
      return `ja ${line(operation.target)}`;
    case 'branch': {
      const side = operation.operand === 'x' ? 'x' : constant(operation.value, holds, arch);
      return `${operation.test} ${side}, ${line(operation.whenTrue)}, ${line(operation.whenFalse)}`;
    }
    case 'return':
      return operation.value === 'a' ? 'ret a' : `ret ${seccompAction(operation.value)}`;
    case 'transfer':
      return operation.to === 'x' ? 'tax' : 'txa';
    case 'unknown':
      return `code ${hex(operation.code)}`;
  }
}

function constant(value: number, holds: Holds, arch: number | undefined): string {
  if (holds === 'arch') return `#${hex(value)} (${auditArchName(value)})`;
  if (holds === 'other') return `#${hex(value)}`;
  const name = arch === undefined ? undefined : syscallName(value, arch);
  if (name === undefined) return value < 0x1000 ? `#${value}` : `#${hex(value)}`;
  return `#${value} (${name})`;
}

function line(index: number): string {
  return index.toString().padStart(4, '0');
}
