import { type ByteSource } from '@icecore/bytes';

const smallest = 64 * 1024;
const largest = 4 * 1024 * 1024;
/** So many looks into one window say that headers lie close together. */
const closeTogether = 4;

/**
 * A look at a tar that moves forward. It reads ahead by 64 KiB, by twice as much each time headers prove to lie
 * close together, and by 64 KiB again after a skip over a large body: few reads for many small files, few bytes
 * for few large ones.
 */
export class HeaderWindow {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #readAhead = smallest;
  #looks = 0;

  constructor(source: ByteSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  /** The bytes of [position, position + length) if they are here already. */
  peek(position: number, length: number): Uint8Array | undefined {
    const from = position - this.#start;
    if (from < 0 || from + length > this.#bytes.length) return undefined;
    this.#looks += 1;
    return this.#bytes.subarray(from, from + length);
  }

  /** The bytes of [position, position + length), which must lie inside the source. */
  async read(position: number, length: number): Promise<Uint8Array> {
    const here = this.peek(position, length);
    if (here !== undefined) return here;
    this.#signal?.throwIfAborted();
    const skipped = position - (this.#start + this.#bytes.length);
    if (skipped > this.#readAhead) this.#readAhead = smallest;
    else if (this.#looks >= closeTogether) this.#readAhead = Math.min(largest, this.#readAhead * 2);
    this.#bytes = await this.#source.read(position, Math.min(this.#source.size, position + Math.max(length, this.#readAhead)));
    this.#start = position;
    this.#looks = 1;
    return this.#bytes.subarray(0, length);
  }
}
