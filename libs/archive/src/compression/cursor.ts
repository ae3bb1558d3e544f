import { type ByteSource } from '@icecore/bytes';
import { pieceBytes } from './pieces.ts';

/** Reads a source from front to back with a look ahead. */
export class Cursor {
  readonly source: ByteSource;
  #offset = 0;
  #ahead: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Offset in the source of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.source.size;
  }

  /** The next bytes, at least `length` of them unless the source ends before; they stay to be taken. */
  async peek(length: number): Promise<Uint8Array> {
    const known = this.#ahead.length;
    if (known >= length) return this.#ahead;
    const start = this.#offset + known;
    const end = Math.min(this.source.size, start + Math.max(length - known, pieceBytes));
    if (start >= end) return this.#ahead;
    const more = await this.source.read(start, end);
    this.#ahead = known === 0 ? more : Buffer.concat([this.#ahead, more]);
    return this.#ahead;
  }

  /** Moves on; what was not looked at is not read. */
  skip(length: number): void {
    this.#offset = Math.min(this.source.size, this.#offset + length);
    this.#ahead = this.#ahead.subarray(Math.min(length, this.#ahead.length));
  }
}
