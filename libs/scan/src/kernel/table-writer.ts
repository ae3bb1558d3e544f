/** Bytes that grow at their end. */
export class TableWriter {
  #bytes: Uint8Array;
  #end: number;

  constructor(reserved: number) {
    this.#bytes = new Uint8Array(Math.max(1 << 18, reserved));
    this.#end = reserved;
  }

  /** Adds a record at a multiple of 16 and gives its address. */
  add(record: Uint8Array): number {
    const at = (this.#end + 15) & ~15;
    this.#end = at + record.length;
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#end);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(record, at);
    return at;
  }

  put(at: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, at);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }
}

/** Numbers of 32 bits, little-endian. */
export function tableWords(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return bytes;
}
