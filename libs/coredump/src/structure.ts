/** A C structure of `size` bytes; what `fill` does not put is zero. Both machines of a core file are little-endian. */
export function structure(size: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer), bytes);
  return bytes;
}

/** Puts 32-bit words one after the other. */
export function putWords(view: DataView, offset: number, words: readonly number[]): void {
  words.forEach((word, i) => view.setUint32(offset + 4 * i, word, true));
}

/** Puts 64-bit words one after the other. */
export function putLongs(view: DataView, offset: number, longs: readonly bigint[]): void {
  longs.forEach((long, i) => view.setBigUint64(offset + 8 * i, long, true));
}
