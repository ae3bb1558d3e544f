import type { ModuleMemory, TextModule } from './instantiate.ts';
import type { LiteralTables } from './literal-tables.ts';

/** Finds which literals stand in a buffer. */
export interface LiteralKernel {
  /** Begins a buffer of `length` bytes. */
  begin(length: number): void;
  /** Looks in it for the literals that the pass of the text does not meet, and calls `met` once for each, by its index. */
  find(length: number, met: (literal: number) => void): void;
  /** Offsets of the first and the last place at which the anchor of a literal may stand; undefined where the literal was not met. */
  span(literal: number): readonly [first: number, last: number] | undefined;
}

/** Bytes that are looked at between two looks at what was met. */
const stripBytes = 16384;

const leftBytes = 4 * stripBytes + 16;

/** Bytes of memory that a kernel takes from the address on that its tables are for. */
export function literalKernelBytes(tables: LiteralTables): number {
  return tables.bytes.length + leftBytes + 13 * tables.count + 64;
}

/** The part of a module that looks for literals in its buffer; the tables lie at `start`. */
export function literalKernel(tables: LiteralTables, module: TextModule, { memory, start, buffer }: { readonly memory: ModuleMemory; readonly start: number; readonly buffer: number }): LiteralKernel {
  const { bytes, slots, slotShift, count: literals, textual } = tables;
  if (literals === 0) return { begin: () => undefined, find: () => undefined, span: () => undefined };
  const view = new Uint8Array(memory.buffer);
  view.set(bytes, start);
  const left = (start + bytes.length + 15) & ~15;
  const out = left + leftBytes;
  const spansAt = out + 4 * literals;
  const found = spansAt + 8 * literals;
  const met = new Uint32Array(memory.buffer, out, literals);
  const spans = new Uint32Array(memory.buffer, spansAt, 2 * literals);
  module.configureLiterals(start, start + slots, slotShift, found, out, left, spansAt, buffer);
  const hasOthers = textual.includes(undefined);
  return {
    begin(length) {
      view.fill(0, found, found + literals);
      module.beginLiterals(length);
    },
    find(length, handle) {
      if (!hasOthers) return;
      // What stands at the end is seen with the bytes behind it.
      const end = (length + 31) & ~15;
      for (let from = 0; from < end; from += stripBytes) {
        const count = module.find(from, Math.min(end, from + stripBytes));
        for (let i = 0; i < count; i++) handle(met[i] ?? 0);
      }
    },
    span: (literal) => (view[found + literal] !== 1 ? undefined : [spans[2 * literal] ?? 0, spans[2 * literal + 1] ?? 0]),
  };
}
