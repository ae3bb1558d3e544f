import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import type { Fingerprint } from '@icecore/evidence';
import { combineCrc64 } from './crc64-combine.ts';
import { partSize } from './parts.ts';
import { release } from './release.ts';
import type { S3Place } from './s3-place.ts';
import { readPart, type Sending, sendPart } from './send-part.ts';

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
      const bytes = buffer.subarray(0, Math.min(size, source.size - start));
      const crc = await readPart(source, start, bytes, (piece, done) => {
        sha256.update(piece);
        signal?.throwIfAborted();
        onProgress?.(done);
      });
      whole = combineCrc64(whole, crc, bytes.length);
      const sent: Promise<void> = sendPart(place, sending, { number, start, bytes, crc })
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
    free.forEach(release);
  }
  if (failed !== undefined) throw failed.error;
  signal?.throwIfAborted();
  return { parts, found: { bytes: source.size, sha256: sha256.digest('hex'), crc64nvme: whole }, received };
}
