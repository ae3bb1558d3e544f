import type { Literal } from '../yara/literals.ts';
import { instantiateTextModule, moduleMemory } from './instantiate.ts';
import { type LiteralKernel, literalKernel, literalKernelBytes } from './literal-kernel.ts';
import { literalTables } from './literal-tables.ts';
import { kernelTables } from './tables.ts';

/** Kinds of events, as assembly/text.as.ts numbers them. */
export const eventKind = { run: 1, wideRun: 2, anchor: 3, domain: 4, quad: 5, at: 6, token: 7, schedule: 8, literal: 9 } as const;

/**
 * Something that the kernel met. In UTF-16LE text `offset` is that of the run's first byte and `character` the index of the
 * character in it; else `character` is 0 and `offset` that of the thing itself.
 */
export type EventHandler = (kind: number, wide: boolean, offset: number, length: number, anchor: number, character: number) => void;

/** Finds text and what stands in it, in a buffer that the caller fills. */
export interface TextKernel {
  /** As large as the kernel was asked to be; the caller writes into it and then calls `scan`. */
  readonly buffer: Buffer;
  /** Reports what stands in the first `length` bytes of the buffer, in the order of where it was met. */
  scan(length: number, handle: EventHandler): void;
  /** Offsets, ascending, at which what may be an expanded AES key begins, in the bytes that `scan` looked at last. */
  schedules(length: number, handle: (offset: number, keyBytes: number) => void): void;
  /** Finds those literals that the kernel was given and that `scan` does not tell of, in the bytes that it looked at last. */
  readonly literals: LiteralKernel;
}

/** Bytes that are looked at between two looks at the events: small enough that the events of the worst text fit. */
const stripBytes = 16384;
/** Zero bytes on either side of the buffer, which the kernel may read. */
const guardBytes = 512;
/** Longest UTF-16LE run that is taken as one, in characters. */
const maxWideCharacters = 65536;
const maxAnchors = 4096;
/** Most places that are told of one buffer; more are data that repeats itself, and no keys. */
const maxSchedules = 16384;

export function textKernel(bufferBytes: number, anchors: readonly string[], topLevelDomains: readonly string[], literals: readonly Literal[] = []): TextKernel {
  if (anchors.length > maxAnchors) throw new RangeError(`${anchors.length} anchors, takes ${maxAnchors}`);
  const sieve = literalTables(literals);
  const tables = kernelTables(anchors, topLevelDomains, sieve.textual);
  const align = (value: number): number => (value + 63) & ~63;
  const scratch = align(tables.bytes.length) + guardBytes;
  // Besides the anchors of a pair, each strip reports runs, and may follow one wide run to its end.
  const eventBytes = 16 * (tables.mostAtOnce + 1) * (stripBytes + maxWideCharacters);
  const events = align(scratch + maxWideCharacters + guardBytes);
  const bufferStart = align(events + eventBytes) + guardBytes;
  const capacity = align(bufferBytes);
  const literalStart = align(bufferStart + capacity + guardBytes);
  const shared = moduleMemory(literalStart + literalKernelBytes(sieve));
  const module = instantiateTextModule(shared);
  const memory = shared.buffer;
  new Uint8Array(memory).set(tables.bytes);
  module.configure(tables.pairs, tables.lists, tables.domains, tables.domainMask, scratch, maxWideCharacters);
  const apart = literalKernel(sieve, module, { memory: shared, start: literalStart, buffer: bufferStart });
  const buffer = Buffer.from(memory, bufferStart, capacity + guardBytes);
  const view = new Uint32Array(memory, events, eventBytes / 4);
  return {
    literals: apart,
    buffer: buffer.subarray(0, bufferBytes),
    scan(length, handle) {
      buffer.fill(0, length);
      module.begin(bufferStart, length, events);
      apart.begin(length);
      const end = align(length);
      for (let from = 0; from < end; from += stripBytes) {
        const count = module.scan(from, Math.min(end, from + stripBytes));
        for (let i = 0; i < 4 * count; i += 4) {
          const kind = view[i] ?? 0;
          const id = view[i + 3] ?? 0;
          handle(kind & 0xff, (kind & 0x100) !== 0, view[i + 1] ?? 0, view[i + 2] ?? 0, id & 0xfff, id >>> 12);
        }
      }
    },
    schedules(length, handle) {
      const count = module.schedules(0, length & ~15, maxSchedules);
      for (let i = 0; i < 4 * count; i += 4) handle(view[i + 1] ?? 0, view[i + 2] ?? 0);
    },
  };
}
