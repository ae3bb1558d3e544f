import { DamageError } from './errors.ts';
import { type ByteSource, readInto } from './source.ts';

/** A source over bytes in memory. Reads are views, not copies. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, end) => {
      const refusal = outside(bytes.length, start, end);
      return refusal === undefined ? Promise.resolve(bytes.subarray(start, end)) : Promise.reject(refusal);
    },
  };
}

/** The part [start, end) of a source, as a source. */
export function sliceSource(source: ByteSource, start: number, end: number): ByteSource {
  const refusal = outside(source.size, start, end);
  if (refusal !== undefined) throw refusal;
  const size = end - start;
  return {
    size,
    async read(from, to) {
      const inner = outside(size, from, to);
      if (inner !== undefined) throw inner;
      return source.read(start + from, start + to);
    },
    async readInto(target, from) {
      const inner = outside(size, from, from + target.length);
      if (inner !== undefined) throw inner;
      return readInto(source, target, start + from);
    },
  };
}

/** A run of bytes that a sparse source holds; what lies between runs reads as zeros. */
export interface Segment {
  /** Offset in the sparse source at which the run begins, in bytes. */
  readonly offset: number;
  readonly source: ByteSource;
}

/**
 * A source of `size` bytes made of segments, zeros between them. Segments must be in order and must not overlap;
 * a list that breaks this, and a size past 2^53 - 1, is refused as `malformed`.
 */
export function sparseSource(size: number, segments: readonly Segment[]): ByteSource {
  if (!Number.isSafeInteger(size)) throw new DamageError('malformed', `${size} bytes are no size`);
  let end = 0;
  for (const segment of segments) {
    if (segment.offset < end || segment.offset + segment.source.size > size) {
      throw new DamageError('malformed', `sparse run of ${segment.source.size} bytes at ${segment.offset} does not fit`);
    }
    end = segment.offset + segment.source.size;
  }
  const fill = async (target: Uint8Array, start: number): Promise<void> => {
    const stop = start + target.length;
    target.fill(0);
    for (let i = firstAt(segments, start); i < segments.length; i++) {
      const { offset, source } = segments[i]!;
      if (offset >= stop) break;
      const from = Math.max(start, offset);
      const to = Math.min(stop, offset + source.size);
      await readInto(source, target.subarray(from - start, to - start), from - offset);
    }
  };
  return filledSource(size, fill);
}

/** A source of `size` bytes that `fill` puts into the buffers it is given; ranges are checked before it is asked. */
export function filledSource(size: number, fill: (target: Uint8Array, start: number) => Promise<void>): ByteSource {
  return {
    size,
    async read(start, end) {
      const refusal = outside(size, start, end);
      if (refusal !== undefined) throw refusal;
      const target = new Uint8Array(end - start);
      await fill(target, start);
      return target;
    },
    async readInto(target, start) {
      const refusal = outside(size, start, start + target.length);
      if (refusal !== undefined) throw refusal;
      await fill(target, start);
    },
  };
}

/** The error for a range that does not lie inside `size` bytes; undefined where it does. */
export function outside(size: number, start: number, end: number): DamageError | undefined {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= size) return undefined;
  return new DamageError('truncated', `bytes ${start} to ${end} are not inside ${size} bytes`, { offset: size });
}

function firstAt(segments: readonly Segment[], position: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = segments[middle]!;
    if (segment.offset + segment.source.size <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
