/*
 * What the cloud takes: a file of its own in the bundle, for whoever works with folders must not load the SDK of AWS.
 */
import { athenaClientFor, type AthenaEngine, athenaEngine, kmsSignerFor, s3LakeFromUrl, s3PutOnlyVaultFromUrl, s3VaultFromUrl } from '@icecore/aws';
import type { EvidenceVault, PutJournal, Signer } from '@icecore/evidence';
import type { LakeStore } from '@icecore/lake';

export { athenaCost, athenaPricePerTiB } from '@icecore/aws';

export function cloudVault(url: string): EvidenceVault {
  return s3VaultFromUrl(url, process.env);
}

export function cloudPutOnlyVault(url: string, journal: PutJournal): EvidenceVault {
  return s3PutOnlyVaultFromUrl(url, process.env, journal);
}

export function cloudLake(url: string): LakeStore {
  return s3LakeFromUrl(url, process.env);
}

export function cloudSigner(arn: string): Promise<Signer> {
  return kmsSignerFor(arn);
}

/** A query engine in AWS, which tells what each query cost. `limitBytes` is what bounds a query's cost before it ran. */
export function athena(options: { readonly workgroup: string; readonly database: string; readonly onScanned: (bytes: number) => void }): AthenaEngine {
  return athenaEngine({ client: athenaClientFor(process.env), ...options });
}
