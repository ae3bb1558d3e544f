import { DamageError } from '@icecore/bytes';

/** Wire types of the protocol buffers encoding. */
export const wireVarint = 0;
export const wireFixed64 = 1;
export const wireBytes = 2;
export const wireFixed32 = 5;

/** A position in encoded bytes that moves on as values are read. Offsets in errors count from `base`. */
export class WireReader {
  position: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly base: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, base = 0) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.base = base;
  }

  fail(code: 'truncated' | 'malformed' | 'limit', reason: string, position = this.position): never {
    throw new DamageError(code, reason, { offset: this.base + position });
  }

  /** A varint of up to 64 bits, as its low and its high 32 bits in `low` and `high`. */
  low = 0;
  high = 0;
  varint(): void {
    const { bytes, end } = this;
    let position = this.position;
    const first = bytes[position];
    if (first !== undefined && first < 0x80 && position < end) {
      this.position = position + 1;
      this.low = first;
      this.high = 0;
      return;
    }
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (position >= end) this.fail('truncated', 'varint runs past the end', position);
      const byte = bytes[position++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else if (bits > 1) this.fail('malformed', 'varint is longer than 64 bits', position - 1);
      else high |= bits << 31;
      if (byte < 0x80) {
        this.position = position;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    this.fail('malformed', 'varint is longer than 10 bytes', position);
  }

  uint64(): bigint {
    this.varint();
    return this.high === 0 ? BigInt(this.low) : (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** The length of a delimited field; checked to lie inside. */
  length(): number {
    const start = this.position;
    this.varint();
    const length = this.high * 2 ** 32 + this.low;
    if (length > this.end - this.position) this.fail('truncated', `field of ${length} bytes runs past the end`, start);
    return length;
  }

  delimited(): Uint8Array {
    const length = this.length();
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, start + length);
  }

  fixed(size: 4 | 8): Uint8Array {
    if (this.end - this.position < size) this.fail('truncated', 'fixed-size field runs past the end');
    const start = this.position;
    this.position += size;
    return this.bytes.subarray(start, start + size);
  }

  /** Moves over a value of the given wire type. */
  skip(wire: number): void {
    if (wire === wireVarint) this.varint();
    else if (wire === wireFixed64) this.fixed(8);
    else if (wire === wireBytes) this.delimited();
    else if (wire === wireFixed32) this.fixed(4);
    else this.fail('malformed', `wire type ${wire} is not known`);
  }
}

/** Grows as values are written to it. */
export class WireWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  varint(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  delimited(bytes: Uint8Array): void {
    this.varint(BigInt(bytes.length));
    this.raw(bytes);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
