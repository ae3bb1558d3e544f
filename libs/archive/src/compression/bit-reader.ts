import { DamageError } from '@icecore/bytes';

/** Bits of a buffer, the most significant of each byte first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#position = position;
  }

  /** Offset of the next bit. */
  get position(): number {
    return this.#position;
  }

  /** The next 1 to 24 bits as a number, zeros where the bytes end; they stay to be taken. */
  peek(count: number): number {
    const at = this.#position >>> 3;
    const bytes = this.#bytes;
    const word = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return (word << (this.#position & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.#position += count;
    if (this.#position > this.#bytes.length * 8) throw new DamageError('truncated', 'the bzip2 data ends inside a block');
  }

  /** The next 1 to 24 bits. */
  take(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** 32 bits, as an unsigned number. */
  takeWord(): number {
    return this.take(16) * 0x10000 + this.take(16);
  }

  /** Moves to the next whole byte. */
  align(): void {
    this.#position = Math.ceil(this.#position / 8) * 8;
  }
}
