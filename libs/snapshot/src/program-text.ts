import { textFromBytes } from '@icecore/bytes';
import type { AddressSpace } from '@icecore/memory';

/** Longest stretch of arguments or environment that is read; the kernel allows a quarter of the stack limit. */
export const maxProgramTextBytes = 8 << 20;

/**
 * The arguments or the environment of a process, read from its own memory. A process may have overwritten them
 * (nginx, postgres do, to show a title): then they are what it wrote.
 */
export type ProgramText =
  | { readonly state: 'captured'; readonly values: readonly string[] }
  /** Some of the bytes are not in the archive: `values` has those that are whole. */
  | { readonly state: 'partial'; readonly values: readonly string[]; readonly reason: string }
  /** The process has no memory of its own: a zombie. */
  | { readonly state: 'none' }
  | { readonly state: 'unavailable'; readonly reason: string };

/**
 * Reads the arguments as `/proc/PID/cmdline` shows them. A title that a process wrote over its arguments (setproctitle(3))
 * and that goes on behind them, over the environment, is one string (kernel, `fs/proc/base.c`, get_mm_cmdline).
 */
export async function readArguments(memory: AddressSpace, area: readonly [bigint, bigint], environment: readonly [bigint, bigint]): Promise<ProgramText> {
  const [start, end] = area;
  if (end > start && environment[0] === end && environment[1] > end) {
    const last = await memory.read(end - 1n, 1);
    if (last.bytes[0] !== 0) return readTitle(memory, start);
  }
  return readProgramText(memory, start, end);
}

/** Reads the environment as `/proc/PID/environ` shows it, without the NULs at its end that a process may have left there. */
export async function readEnvironment(memory: AddressSpace, start: bigint, end: bigint): Promise<ProgramText> {
  const text = await readProgramText(memory, start, end);
  if (text.state !== 'captured' && text.state !== 'partial') return text;
  const last = text.values.findLastIndex((value) => value !== '');
  return { ...text, values: text.values.slice(0, last + 1) };
}

async function readTitle(memory: AddressSpace, start: bigint): Promise<ProgramText> {
  const text = await readProgramText(memory, start, start + BigInt(memory.pageSize));
  return text.state === 'captured' || text.state === 'partial' ? { state: 'captured', values: text.values.slice(0, 1) } : text;
}

/** Reads NUL-terminated strings from [start, end). */
async function readProgramText(memory: AddressSpace, start: bigint, end: bigint): Promise<ProgramText> {
  if (end <= start) return { state: 'captured', values: [] };
  const length = Number(end - start);
  const known = Math.min(length, maxProgramTextBytes);
  const { bytes, parts } = await memory.read(start, known);
  const whole = parts.findIndex(({ state }) => state !== 'stored' && state !== 'zero');
  if (whole === -1 && known === length) return { state: 'captured', values: split(bytes) };
  const reason = whole === -1 ? `longer than ${maxProgramTextBytes} bytes` : `memory is ${parts[whole]!.state.replace('_', ' ')}`;
  const readable = whole === -1 ? bytes : bytes.subarray(0, Number(parts[whole]!.start - start));
  if (readable.length === 0) return { state: 'unavailable', reason };
  const values = split(readable);
  // A value that the readable part cuts is not whole.
  return { state: 'partial', values: readable.at(-1) === 0 ? values : values.slice(0, -1), reason };
}

function split(bytes: Uint8Array): string[] {
  const values: string[] = [];
  let from = 0;
  while (from < bytes.length) {
    const nul = bytes.indexOf(0, from);
    const to = nul === -1 ? bytes.length : nul;
    values.push(textFromBytes(bytes.subarray(from, to)));
    from = to + 1;
  }
  return values;
}

/** The values of a program text, whatever is known of them. */
export function valuesOf(text: ProgramText): readonly string[] {
  return text.state === 'captured' || text.state === 'partial' ? text.values : [];
}
