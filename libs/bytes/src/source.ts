/**
 * Where bytes come from: a file, memory, an object in a store. Everything that decodes takes one of these and
 * asks only for the ranges it needs.
 */
export interface ByteSource {
  /** Length in bytes, at most 2^53 - 1. */
  readonly size: number;
  /**
   * The bytes of [start, end). Rejects with a `DamageError` (`truncated`) where the range is not inside the
   * source, or where the source turns out to be shorter than it said. The caller must not write to the result.
   */
  read(start: number, end: number): Promise<Uint8Array>;
  /** Fills `target` from `start` on, with no copy of its own. For scans that reuse one buffer. */
  readInto?(target: Uint8Array, start: number): Promise<void>;
}

/** Fills `target` from `source` at `start`, by the source's own way where it has one. */
export async function readInto(source: ByteSource, target: Uint8Array, start: number): Promise<void> {
  if (source.readInto !== undefined) return source.readInto(target, start);
  target.set(await source.read(start, start + target.length));
}

/** All of a source at once. For sources whose size a limit has passed already. */
export function readAll(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, source.size);
}

/** The bytes of a source in order, in pieces of at most `pieceBytes`. */
export async function* readPieces(source: ByteSource, pieceBytes = 1 << 20): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < source.size; start += pieceBytes) {
    yield await source.read(start, Math.min(source.size, start + pieceBytes));
  }
}
