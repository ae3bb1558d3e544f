import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { crc64Nvme, type Fingerprint, isVaultError, VaultError } from '@icecore/evidence';
import { release } from './release.ts';
import { answerOf } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';

/** How often in a row an answer may break off without a byte. */
const maxBreaks = 4;

/** The hashes of what the store has, as its bytes come: no more of the object is in memory than the network gave last. */
export async function readBack({ client, bucket, root }: S3Place, key: string, versionId: string | undefined): Promise<Fingerprint> {
  const [sha256, crc] = [createHash('sha256'), crc64Nvme()];
  let [done, size, breaks] = [0, 1, 0];
  while (done < size) {
    const before = done;
    let broken: unknown = new VaultError('unavailable', key, `the store gave ${done} bytes of ${size}`);
    try {
      const { Body, ContentRange, ContentLength } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: root + key, VersionId: versionId, ...(done === 0 ? {} : { Range: `bytes=${done}-` }) }));
      size = Number(ContentRange?.split('/')[1] ?? ContentLength ?? 0);
      if (!(Body instanceof Readable)) throw new VaultError('refused', key, 'the client gives no stream');
      for await (const piece of Body) {
        if (!(piece instanceof Uint8Array)) continue;
        sha256.update(piece);
        crc.update(piece);
        done += piece.length;
        release(piece);
      }
    } catch (error) {
      if ((answerOf(error).status ?? 0) >= 400 || isVaultError(error)) throw error;
      broken = error;
    }
    breaks = done > before ? 0 : breaks + 1;
    if (done < size && breaks >= maxBreaks) throw broken;
  }
  return { bytes: done, sha256: sha256.digest('hex'), crc64nvme: crc.digest() };
}
