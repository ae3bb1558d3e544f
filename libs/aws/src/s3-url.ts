import { S3Client } from '@aws-sdk/client-s3';
import { type EvidenceVault, type PutJournal, VaultError } from '@icecore/evidence';
import type { LakeStore } from '@icecore/lake';
import { s3PutOnlyVault, type S3PutOnlyVault } from './put-only-vault.ts';
import { s3LakeStore } from './s3-lake-store.ts';
import type { S3VaultOptions } from './s3-place.ts';
import { s3Vault } from './s3-vault.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Bucket and folder of `s3://BUCKET/FOLDER`; undefined for any other text. */
export function parseS3Url(url: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(url);
  return match?.[1] === undefined ? undefined : { bucket: match[1], prefix: match[2] ?? '' };
}

/** A client with the retries that a vault wants. An endpoint that is not AWS's gets the bucket in its path. */
export function s3ClientFor(env: Environment): S3Client {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'];
  return new S3Client({
    maxAttempts: 6,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // A request that waits for the store's word before its body takes a connection of its own, and a TLS handshake for each part.
    expectContinueHeader: false,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(env['AWS_REGION'] === undefined ? {} : { region: env['AWS_REGION'] }),
  });
}

/**
 * The vault at `s3://BUCKET/FOLDER`. Region, credentials and endpoint are those of the AWS SDK's environment and files;
 * `ICECORE_KMS_KEY` names the key that encrypts what is written. Throws a `VaultError` (`refused`) for another URL.
 */
export function s3VaultFromUrl(url: string, env: Environment): EvidenceVault {
  return s3Vault(vaultOptionsOf(url, env));
}

/** The same for a writer who may put and not read, with what it remembers of its puts. */
export function s3PutOnlyVaultFromUrl(url: string, env: Environment, journal: PutJournal): S3PutOnlyVault {
  return s3PutOnlyVault({ ...vaultOptionsOf(url, env), journal });
}

/** The lake at `s3://BUCKET/FOLDER`, reached as the vault is. Throws a `VaultError` (`refused`) for another URL. */
export function s3LakeFromUrl(url: string, env: Environment): LakeStore {
  return s3LakeStore({ client: s3ClientFor(env), ...placeOf(url) });
}

function vaultOptionsOf(url: string, env: Environment): S3VaultOptions {
  const kmsKeyId = env['ICECORE_KMS_KEY'];
  return { client: s3ClientFor(env), ...placeOf(url), ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
}

function placeOf(url: string): { readonly bucket: string; readonly prefix: string } {
  const place = parseS3Url(url);
  if (place === undefined) throw new VaultError('refused', url, 'is no URL of the form s3://BUCKET/FOLDER');
  return place;
}
