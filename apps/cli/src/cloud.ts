/*
 * What the cloud takes: a file of its own in the bundle, for whoever works with folders must not load the SDK of AWS.
 */
import { kmsSignerFor, s3LakeFromUrl, s3VaultFromUrl } from '@icecore/aws';
import type { EvidenceVault, Signer } from '@icecore/evidence';
import type { LakeStore } from '@icecore/lake';

export function cloudVault(url: string): EvidenceVault {
  return s3VaultFromUrl(url, process.env);
}

export function cloudLake(url: string): LakeStore {
  return s3LakeFromUrl(url, process.env);
}

export function cloudSigner(arn: string): Promise<Signer> {
  return kmsSignerFor(arn);
}
