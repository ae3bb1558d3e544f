import { createHash } from 'node:crypto';
import { type ByteSource, readPieces } from '@icecore/bytes';

/** SHA-256 of all bytes of a source, in hex. */
export async function sha256(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(source)) hash.update(piece);
  return hash.digest('hex');
}
