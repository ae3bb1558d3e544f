/** Most bytes that are held or handed over at once. */
export const pieceBytes = 1 << 20;

/** Where a core file goes, from its first byte to its last. */
export interface CoreSink {
  /** Appends at most 1 MiB. The chunk is not touched again. */
  write(chunk: Uint8Array): Promise<void>;
}

/** Gathers small writes into pieces. */
export class PieceWriter {
  readonly #sink: CoreSink;
  #piece = new Uint8Array(pieceBytes);
  #used = 0;
  /** Bytes written so far. */
  position = 0;

  constructor(sink: CoreSink) {
    this.#sink = sink;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const part = bytes.subarray(done, done + pieceBytes - this.#used);
      this.#piece.set(part, this.#used);
      done += part.length;
      await this.#advance(part.length);
    }
  }

  /** Writes zeros up to a position. */
  async zerosTo(position: number): Promise<void> {
    while (this.position < position) await this.#advance(Math.min(position - this.position, pieceBytes - this.#used));
  }

  async finish(): Promise<void> {
    if (this.#used > 0) await this.#sink.write(this.#piece.subarray(0, this.#used));
    this.#used = 0;
  }

  async #advance(count: number): Promise<void> {
    this.position += count;
    this.#used += count;
    if (this.#used < pieceBytes) return;
    await this.finish();
    this.#piece = new Uint8Array(pieceBytes);
  }
}
