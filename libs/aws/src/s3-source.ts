import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type ByteSource, DamageError, outside } from '@icecore/bytes';
import { VaultError } from '@icecore/evidence';
import { answerOf, asking } from './s3-errors.ts';

/** First read-ahead, in bytes; it doubles while reads go on where the last one ended. */
const firstWindow = 64 * 1024;
const largestWindow = 8 * 2 ** 20;

export interface S3SourceOptions {
  readonly size: number;
  readonly versionId?: string | undefined;
  /** The object is refused (`mismatch`) where its entity tag is another. */
  readonly etag?: string | undefined;
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * An object of a bucket by ranges. Small reads that follow each other share one request; a read far away begins with a
 * small one again. Rejects with a `DamageError` (`truncated`) for a body that is too short, else with a `VaultError`.
 */
export function s3Source(client: S3Client, bucket: string, key: string, { size, versionId, etag }: S3SourceOptions): ByteSource {
  let window: Window | undefined;
  let windowBytes = firstWindow;
  const fetchRange = (start: number, end: number): Promise<Uint8Array> => range(client, { Bucket: bucket, Key: key, VersionId: versionId, IfMatch: etag }, start, end);
  return {
    size,
    async read(start, end) {
      const refusal = outside(size, start, end);
      if (refusal !== undefined) throw refusal;
      if (start === end) return new Uint8Array(0);
      if (window !== undefined && start >= window.start && end <= window.end) {
        return (await window.bytes).subarray(start - window.start, end - window.start);
      }
      const follows = window !== undefined && start >= window.start && start <= window.end;
      windowBytes = follows ? Math.min(largestWindow, windowBytes * 2) : firstWindow;
      if (end - start >= windowBytes && !follows) return fetchRange(start, end);
      const stop = Math.min(size, Math.max(end, start + windowBytes));
      const next: Window = { start, end: stop, bytes: fetchRange(start, stop) };
      window = next;
      try {
        return (await next.bytes).subarray(0, end - start);
      } catch (error) {
        if (window === next) window = undefined;
        throw error;
      }
    },
  };
}

async function range(client: S3Client, object: { Bucket: string; Key: string; VersionId: string | undefined; IfMatch: string | undefined }, start: number, end: number): Promise<Uint8Array> {
  const bytes = await asking(object.Key, async () => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ ...object, Range: `bytes=${start}-${end - 1}` }));
      return Body === undefined ? new Uint8Array(0) : await Body.transformToByteArray();
    } catch (error) {
      if (answerOf(error).status === 412) throw new VaultError('mismatch', object.Key, 'changed while it was read', { cause: error });
      throw error;
    }
  });
  if (bytes.length !== end - start) throw new DamageError('truncated', `the store gave ${bytes.length} bytes of ${end - start}`, { offset: start });
  return bytes;
}
