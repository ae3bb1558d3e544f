import { createHash } from 'node:crypto';
import { type ByteSource, readInto } from '@icecore/bytes';
import { crc64Nvme } from './crc64-nvme.ts';

/** What a run of bytes is known by. */
export interface Fingerprint {
  readonly bytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** 16 lower-case hex digits. */
  readonly crc64nvme: string;
}

const pieceBytes = 1 << 20;

/** Both hashes of a source, which is read once, from its beginning to its end, through one buffer. */
export async function fingerprint(source: ByteSource, onProgress?: (doneBytes: number) => void): Promise<Fingerprint> {
  const sha256 = createHash('sha256');
  const crc = crc64Nvme();
  await hashPieces(source, (piece, end) => {
    sha256.update(piece);
    crc.update(piece);
    onProgress?.(end);
  });
  return { bytes: source.size, sha256: sha256.digest('hex'), crc64nvme: crc.digest() };
}

/** SHA-256 of a whole source in lower-case hex, for where the checksum of S3 is not asked for. */
export async function sha256OfSource(source: ByteSource, onProgress?: (doneBytes: number) => void): Promise<string> {
  const sha256 = createHash('sha256');
  await hashPieces(source, (piece, end) => {
    sha256.update(piece);
    onProgress?.(end);
  });
  return sha256.digest('hex');
}

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Gives the bytes of a source in order, with the offset at which each piece ends. The piece is overwritten by the next. */
export async function hashPieces(source: ByteSource, take: (piece: Uint8Array, end: number) => void): Promise<void> {
  const buffer = new Uint8Array(Math.min(pieceBytes, source.size));
  for (let start = 0; start < source.size; start += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, source.size - start));
    await readInto(source, piece, start);
    take(piece, start + piece.length);
  }
}
