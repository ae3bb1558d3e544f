/**
 * Gives back the memory of bytes that nobody reads any more. The collector of garbage sees little of what lies outside of its
 * heap: of what the network gives it would let some 80 MiB stand before it looks.
 */
export function release({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0);
}
