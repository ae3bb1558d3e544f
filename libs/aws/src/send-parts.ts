import { createHash } from 'node:crypto';
import { type CompletedPart, UploadPartCommand } from '@aws-sdk/client-s3';
import { type ByteSource, readInto } from '@icecore/bytes';
import { crc64Nvme, type Fingerprint, rememberUpload } from '@icecore/evidence';
import { combineCrc64 } from './crc64-combine.ts';
import { base64OfHex, isMd5Tag, partSize, samePart, type StoredUploadPart } from './parts.ts';
import type { S3Place } from './s3-place.ts';
import { unsignedBody } from './unsigned-body.ts';

const pieceBytes = 1 << 20;

interface Sending {
  readonly key: string;
  readonly uploadId: string;
  readonly source: ByteSource;
  /** What the upload holds already. */
  readonly stored: ReadonlyMap<number, StoredUploadPart>;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((doneBytes: number) => void) | undefined;
}

/**
 * Reads the source once and sends what is not there yet, with a few parts in memory at a time. `received` is true where by
 * checksums of its own the store got every part as it was sent.
 */
export async function sendParts(place: S3Place, sending: Sending): Promise<{ readonly parts: CompletedPart[]; readonly found: Fingerprint; readonly received: boolean }> {
  const { key, source, signal, onProgress } = sending;
  const size = partSize(key, source.size, place.partBytes);
  const sha256 = createHash('sha256');
  const parts: CompletedPart[] = [];
  const free = Array.from({ length: place.partsAtOnce }, () => new Uint8Array(Math.min(size, source.size)));
  const running = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | undefined;
  let whole = '0000000000000000';
  let received = true;
  try {
    for (let start = 0, number = 1; start < source.size; start += size, number += 1) {
      while (free.length === 0) await Promise.race(running);
      if (failed !== undefined) throw failed.error;
      const buffer = free.pop()!;
      const part = buffer.subarray(0, Math.min(size, source.size - start));
      const crc = await readPart(source, start, part, sha256, (done) => {
        signal?.throwIfAborted();
        onProgress?.(done);
      });
      whole = combineCrc64(whole, crc, part.length);
      const sent: Promise<void> = sendPart(place, sending, number, part, base64OfHex(crc))
        .then((sentPart) => {
          parts[number - 1] = sentPart.completed;
          received &&= sentPart.received;
        })
        .catch((error: unknown) => void (failed ??= { error }))
        .finally(() => {
          free.push(buffer);
          running.delete(sent);
        });
      running.add(sent);
    }
  } finally {
    await Promise.all(running);
  }
  if (failed !== undefined) throw failed.error;
  signal?.throwIfAborted();
  return { parts, found: { bytes: source.size, sha256: sha256.digest('hex'), crc64nvme: whole }, received };
}

async function readPart(source: ByteSource, start: number, part: Uint8Array, sha256: { update(bytes: Uint8Array): unknown }, onPiece: (done: number) => void): Promise<string> {
  const crc = crc64Nvme();
  for (let at = 0; at < part.length; at += pieceBytes) {
    const piece = part.subarray(at, Math.min(part.length, at + pieceBytes));
    await readInto(source, piece, start + at);
    sha256.update(piece);
    crc.update(piece);
    onPiece(start + at + piece.length);
  }
  return crc.digest();
}

async function sendPart(place: S3Place, { key, uploadId, stored, signal }: Sending, number: number, part: Uint8Array, crc: string): Promise<{ readonly completed: CompletedPart; readonly received: boolean }> {
  const { client, bucket, root, journal } = place;
  const md5 = (): string => createHash('md5').update(part).digest('hex');
  const there = stored.get(number);
  if (there !== undefined && samePart(there, part.length, crc, md5)) {
    return { completed: { PartNumber: number, ETag: there.etag, ...(there.crc64nvme === undefined ? {} : { ChecksumCRC64NVME: crc }) }, received: true };
  }
  const command = new UploadPartCommand({ Bucket: bucket, Key: root + key, UploadId: uploadId, PartNumber: number, Body: part, ContentLength: part.length, ChecksumCRC64NVME: crc });
  unsignedBody(command);
  const { ETag, ChecksumCRC64NVME } = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
  if (journal !== undefined) await rememberUpload(journal, key, { part: number, bytes: part.length, etag: ETag ?? '', crc64nvme: ChecksumCRC64NVME ?? null });
  // Who can read the object back does that, and needs no MD5.
  return { completed: { PartNumber: number, ETag, ChecksumCRC64NVME: crc }, received: ChecksumCRC64NVME === crc || (journal !== undefined && isMd5Tag(ETag, md5())) };
}
