import { createHash } from 'node:crypto';
import { type ByteSource, readInto } from '@icecore/bytes';

/** SHA-256 of a whole source, in lower-case hex. */
export async function sha256Of(source: ByteSource, onProgress: (done: number) => void = () => undefined): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  for (let start = 0; start < source.size; start += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, source.size - start));
    await readInto(source, piece, start);
    hash.update(piece);
    onProgress(start + piece.length);
  }
  return hash.digest('hex');
}
