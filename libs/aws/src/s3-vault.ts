import { PutObjectLegalHoldCommand, PutObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3';
import { type EvidenceVault, requireLater, requireLiveLock, requireVaultKey, requireVaultPrefix, VaultError } from '@icecore/evidence';
import { asking } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { putLarge, putSmall, requireFree } from './s3-put.ts';
import { s3Source } from './s3-source.ts';
import { openUploads, storedParts } from './s3-uploads.ts';
import { describeVersion, type FirstVersion, firstVersion, firstVersions } from './s3-versions.ts';

export interface S3VaultOptions {
  /** Its retries are the vault's: set `maxAttempts` on it. */
  readonly client: S3Client;
  /** A bucket with Object Lock. */
  readonly bucket: string;
  /** Folder of the bucket in which the vault is; the whole bucket where it is not given. */
  readonly prefix?: string;
  readonly kmsKeyId?: string;
  /** Bytes of a part, at least 5 MiB; 8 MiB where it is not given. Raised where an object would have too many parts. */
  readonly partBytes?: number;
  /** Parts in memory at once; 3 where it is not given. */
  readonly partsAtOnce?: number;
  readonly now?: () => Date;
}

/**
 * A vault in a bucket of S3. Objects are locked in the mode COMPLIANCE from the moment they are there. Reading takes the
 * first version of a key, so neither a marker of deletion nor a version laid over it hides the evidence.
 */
export function s3Vault({ client, bucket, prefix = '', kmsKeyId, partBytes = 8 * 2 ** 20, partsAtOnce = 3, now = () => new Date() }: S3VaultOptions): EvidenceVault {
  const place: S3Place = { client, bucket, root: prefix === '' ? '' : `${requireVaultKey(prefix)}/`, kmsKeyId, partBytes, partsAtOnce };
  const existing = async (key: string): Promise<FirstVersion> => {
    const found = await firstVersion(place, requireVaultKey(key));
    if (found === undefined) throw new VaultError('missing', key, 'the vault has no such object');
    return found;
  };
  return {
    location: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    async put(key, source, options) {
      requireVaultKey(key);
      requireLiveLock(key, options.lock, now());
      return asking(key, async () => {
        await requireFree(place, key);
        return source.size <= partBytes ? putSmall(place, key, source, options) : putLarge(place, key, source, options);
      });
    },
    open: (key) =>
      asking(key, async () => {
        const { bytes, versionId, etag } = await existing(key);
        return s3Source(client, bucket, place.root + key, { size: bytes, versionId, etag });
      }),
    describe: (key) =>
      asking(key, async () => {
        const found = await firstVersion(place, requireVaultKey(key));
        return found === undefined ? undefined : describeVersion(place, found);
      }),
    async *list(below) {
      requireVaultPrefix(below);
      for await (const found of firstVersions(place, below)) yield await describeVersion(place, found);
    },
    extend: (key, retainUntil) =>
      asking(key, async () => {
        const found = await existing(key);
        requireLater(key, (await describeVersion(place, found)).lock, retainUntil);
        await client.send(new PutObjectRetentionCommand({ Bucket: bucket, Key: place.root + key, VersionId: found.versionId, Retention: { Mode: 'COMPLIANCE', RetainUntilDate: retainUntil } }));
      }),
    hold: (key, held) =>
      asking(key, async () => {
        const found = await existing(key);
        await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: place.root + key, VersionId: found.versionId, LegalHold: { Status: held ? 'ON' : 'OFF' } }));
      }),
    async *incomplete(below) {
      requireVaultPrefix(below);
      for await (const { key, uploadId, startedAt } of openUploads(place, below)) {
        const parts = [...(await storedParts(place, key, uploadId)).values()];
        yield { key, startedAt, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
      }
    },
  };
}
