import { createHash } from 'node:crypto';
import { type ByteSource, DamageError, formatBytes, type Gap, gapOf, type Place, readPieces } from '@icecore/bytes';
import type { Filling } from './filled-table.ts';

/** Most bytes of file content that are read for the hashes of one capture; sizes in archives may be lies. */
export const maxHashedBytes = 32 * 2 ** 30;

/** Content to be hashed, and what to call it where that fails. */
export interface Content {
  readonly subject: string;
  readonly source: ByteSource;
  /** Bytes there should be; undefined where the source itself is the measure. */
  readonly size?: number;
  readonly place: Place;
}

/** SHA-256 of content in lower-case hex, read in pieces; null with a gap where it cannot be read as a whole. */
export async function contentHash(content: Content, { gaps, hashing }: Pick<Filling, 'gaps' | 'hashing'>): Promise<string | null> {
  const { subject, source, size, place } = content;
  try {
    if (size !== undefined && source.size < size) throw new DamageError('truncated', `${source.size} of ${size} bytes are there`);
    if (source.size > hashing.bytesLeft) {
      throw new DamageError('limit', `${formatBytes(source.size)} are more than what is left of maxHashedBytes`);
    }
    hashing.bytesLeft -= source.size;
    const hash = createHash('sha256');
    for await (const piece of readPieces(source)) hash.update(piece);
    return hash.digest('hex');
  } catch (error) {
    const gap: Gap = gapOf(`SHA-256 of ${subject}`, error);
    gaps.push({ ...gap, place: { ...place, ...gap.place } });
    return null;
  }
}
