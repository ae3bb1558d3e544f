import { instantiateLiteralsModule, type ModuleMemory } from './instantiate.ts';
import type { LiteralTables } from './literal-tables.ts';

/** Finds which of its literals stand in a buffer. */
export interface LiteralKernel {
  /** Looks at the first `length` bytes of the buffer and calls `met` once for each literal that stands in them, by its index. */
  find(length: number, met: (literal: number) => void): void;
}

/** Bytes that are looked at between two looks at what was met. */
const stripBytes = 16384;

const leftBytes = 4 * stripBytes + 16;

/** Bytes of memory that a kernel takes from the address on that its tables are for. */
export function literalKernelBytes(tables: LiteralTables): number {
  return tables.bytes.length + leftBytes + 5 * tables.count + 64;
}

/** A kernel that works in a memory, on a buffer there that has zeros on either side. */
export function literalKernel(tables: LiteralTables, memory: ModuleMemory, buffer: number): LiteralKernel {
  const { bytes, groups, slots, slotShift, count: literals } = tables;
  if (literals === 0) return { find: () => undefined };
  const view = new Uint8Array(memory.buffer);
  view.set(bytes, groups);
  const left = (groups + bytes.length + 15) & ~15;
  const out = left + leftBytes;
  const found = out + 4 * literals;
  const met = new Uint32Array(memory.buffer, out, literals);
  const module = instantiateLiteralsModule(memory);
  module.configure(groups, slots, slotShift, found, out, left, buffer);
  return {
    find(length, handle) {
      view.fill(0, found, found + literals);
      module.begin(length);
      // What stands at the end is seen with the bytes behind it.
      const end = (length + 31) & ~15;
      for (let from = 0; from < end; from += stripBytes) {
        const count = module.find(from, Math.min(end, from + stripBytes));
        for (let i = 0; i < count; i++) handle(met[i] ?? 0);
      }
    },
  };
}
