import { DamageError } from '@icecore/bytes';

/** One instruction of a classic BPF program: struct sock_filter (include/uapi/linux/filter.h). */
export interface BpfInstruction {
  /** Operation, 16 bits. */
  readonly code: number;
  /** Instructions to skip where a comparison holds. */
  readonly jt: number;
  /** Instructions to skip where it does not. */
  readonly jf: number;
  /** Operand, unsigned 32 bits. */
  readonly k: number;
}

/** Most instructions that the kernel takes in one program: BPF_MAXINSNS. */
export const maxBpfInstructionCount = 4096;

const instructionBytes = 8;

/** Where a comparison's other side comes from. */
export type BpfOperand = 'k' | 'x';

/** What an instruction does, with its code taken apart. */
export type BpfOperation =
  | { readonly kind: 'load'; readonly offset: number }
  | { readonly kind: 'immediate'; readonly to: 'a' | 'x'; readonly value: number }
  | { readonly kind: 'memory'; readonly to: 'a' | 'x'; readonly slot: number }
  | { readonly kind: 'store'; readonly from: 'a' | 'x'; readonly slot: number }
  | { readonly kind: 'arithmetic'; readonly operator: BpfOperator; readonly operand: BpfOperand; readonly value: number }
  | { readonly kind: 'jump'; readonly target: number }
  | {
      readonly kind: 'branch';
      readonly test: BpfTest;
      readonly operand: BpfOperand;
      readonly value: number;
      readonly whenTrue: number;
      readonly whenFalse: number;
    }
  | { readonly kind: 'return'; readonly value: number | 'a' }
  | { readonly kind: 'transfer'; readonly to: 'a' | 'x' }
  | { readonly kind: 'unknown'; readonly code: number };

export type BpfOperator = (typeof operators)[number];
export type BpfTest = (typeof tests)[number];

const operators = ['add', 'sub', 'mul', 'div', 'or', 'and', 'lsh', 'rsh', 'neg', 'mod', 'xor'] as const;
const tests = ['jeq', 'jgt', 'jge', 'jset'] as const;

/**
 * The instructions of a program, eight little-endian bytes each: code u16, jt u8, jf u8, k u32.
 * Throws a `DamageError`: `truncated` for bytes that are no whole number of instructions, `malformed` for none at
 * all, `limit` for more than the kernel would take.
 */
export function decodeBpf(bytes: Uint8Array): BpfInstruction[] {
  if (bytes.length % instructionBytes !== 0) {
    throw new DamageError('truncated', `BPF program of ${bytes.length} bytes ends inside an instruction`, { offset: bytes.length });
  }
  const count = bytes.length / instructionBytes;
  if (count === 0) throw new DamageError('malformed', 'BPF program holds no instruction', { offset: 0 });
  if (count > maxBpfInstructionCount) {
    throw new DamageError('limit', `BPF program of ${count} instructions passes maxBpfInstructionCount ${maxBpfInstructionCount}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, index) => {
    const at = index * instructionBytes;
    return { code: view.getUint16(at, true), jt: view.getUint8(at + 2), jf: view.getUint8(at + 3), k: view.getUint32(at + 4, true) };
  });
}

/** What the instruction at `index` does; jump targets are indexes of instructions, and may lie past the program's end. */
export function bpfOperation(instruction: BpfInstruction, index: number): BpfOperation {
  const { code, k } = instruction;
  const next = index + 1;
  const operand: BpfOperand = (code & 0x08) === 0 ? 'k' : 'x';
  if (code === 0x20) return { kind: 'load', offset: k };
  if (code === 0x00 || code === 0x01) return { kind: 'immediate', to: code === 0 ? 'a' : 'x', value: k };
  if (code === 0x60 || code === 0x61) return { kind: 'memory', to: code === 0x60 ? 'a' : 'x', slot: k };
  if (code === 0x02 || code === 0x03) return { kind: 'store', from: code === 0x02 ? 'a' : 'x', slot: k };
  if (code === 0x80) return { kind: 'immediate', to: 'a', value: seccompDataBytes };
  if (code === 0x81) return { kind: 'immediate', to: 'x', value: seccompDataBytes };
  if (code === 0x05) return { kind: 'jump', target: next + k };
  if (code === 0x06) return { kind: 'return', value: k };
  if (code === 0x16) return { kind: 'return', value: 'a' };
  if (code === 0x07 || code === 0x87) return { kind: 'transfer', to: code === 0x07 ? 'x' : 'a' };
  const operator = operators[code >> 4];
  if (operator !== undefined && (code & 0x07) === 4) return { kind: 'arithmetic', operator, operand, value: k };
  const test = tests[(code >> 4) - 1];
  if (test === undefined || (code & 0x07) !== 5) return { kind: 'unknown', code };
  return { kind: 'branch', test, operand, value: k, whenTrue: next + instruction.jt, whenFalse: next + instruction.jf };
}

/** Length of struct seccomp_data, which a filter may load as the packet's length. */
const seccompDataBytes = 64;

/** The result of an arithmetic operation on unsigned 32 bits; undefined for a division by zero, which ends a program. */
export function bpfArithmetic(operator: BpfOperator, left: number, right: number): number | undefined {
  switch (operator) {
    case 'add':
      return (left + right) >>> 0;
    case 'sub':
      return (left - right) >>> 0;
    case 'mul':
      return Math.imul(left, right) >>> 0;
    case 'div':
      return right === 0 ? undefined : Math.trunc(left / right);
    case 'mod':
      return right === 0 ? undefined : left % right;
    case 'or':
      return (left | right) >>> 0;
    case 'and':
      return (left & right) >>> 0;
    case 'xor':
      return (left ^ right) >>> 0;
    case 'lsh':
      return right > 31 ? 0 : (left << right) >>> 0;
    case 'rsh':
      return right > 31 ? 0 : left >>> right;
    case 'neg':
      return -left >>> 0;
  }
}

/** Whether a comparison of unsigned 32-bit values holds. */
export function bpfTest(test: BpfTest, left: number, right: number): boolean {
  switch (test) {
    case 'jeq':
      return left === right;
    case 'jgt':
      return left > right;
    case 'jge':
      return left >= right;
    case 'jset':
      return (left & right) !== 0;
  }
}
