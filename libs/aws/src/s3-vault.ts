import { PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { type EvidenceVault, requireLater, requireLiveLock, requireVaultKey, requireVaultPrefix, VaultError } from '@icecore/evidence';
import { putLarge } from './put-large.ts';
import { asking, vaultErrorOf } from './s3-errors.ts';
import { locationOf, s3PlaceOf, type S3VaultOptions } from './s3-place.ts';
import { putSmall, requireFree } from './s3-put.ts';
import { s3Source } from './s3-source.ts';
import { openUploads, storedParts } from './s3-uploads.ts';
import { describeVersion, type FirstVersion, firstVersion, firstVersions } from './s3-versions.ts';

/**
 * A vault in a bucket of S3. Objects are locked in the mode COMPLIANCE from the moment they are there. Reading takes the
 * first version of a key, so neither a marker of deletion nor a version laid over it hides the evidence.
 */
export function s3Vault(options: S3VaultOptions): EvidenceVault {
  const { client, bucket, now = () => new Date() } = options;
  const place = s3PlaceOf(options);
  const existing = async (key: string): Promise<FirstVersion> => {
    const found = await firstVersion(place, requireVaultKey(key));
    if (found === undefined) throw new VaultError('missing', key, 'the vault has no such object');
    return found;
  };
  return {
    location: locationOf(place),
    async put(key, source, options) {
      requireVaultKey(key);
      requireLiveLock(key, options.lock, now());
      return asking(key, async () => {
        await requireFree(place, key);
        return source.size <= place.partBytes ? putSmall(place, key, source, options) : putLarge(place, key, source, options);
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
      try {
        for await (const found of firstVersions(place, below)) yield await describeVersion(place, found);
      } catch (error) {
        throw vaultErrorOf(`${locationOf(place)}/${below}`, error);
      }
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
      try {
        for await (const { key, uploadId, startedAt } of openUploads(place, below)) {
          const parts = [...(await storedParts(place, key, uploadId)).values()];
          yield { key, startedAt, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
        }
      } catch (error) {
        throw vaultErrorOf(`${locationOf(place)}/${below}`, error);
      }
    },
  };
}
