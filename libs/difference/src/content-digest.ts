import { createHash } from 'node:crypto';
import { type ByteSource, type Gap, gapOf, readPieces } from '@icecore/bytes';

/** Most bytes of files that are hashed on one side: a sparse file can be larger than any archive. */
export const maxHashedBytes = 2 ** 36;

/** Hashes the files of one side, within its limit. */
export interface Digester {
  /** SHA-256 as hex, or why there is none. */
  digest(subject: string, source: ByteSource): Promise<string | Gap>;
}

export function digester(signal?: AbortSignal): Digester {
  let left = maxHashedBytes;
  return {
    async digest(subject, source) {
      if (source.size > left) return { code: 'limit', subject, reason: `more than ${maxHashedBytes} bytes of files`, place: {} };
      left -= source.size;
      const hash = createHash('sha256');
      try {
        for await (const piece of readPieces(source)) {
          signal?.throwIfAborted();
          hash.update(piece);
        }
        return hash.digest('hex');
      } catch (error) {
        signal?.throwIfAborted();
        return gapOf(subject, error);
      }
    },
  };
}
