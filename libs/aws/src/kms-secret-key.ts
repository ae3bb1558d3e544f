import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { VaultError } from '@icecore/evidence';
import { asking } from './s3-errors.ts';

export interface KmsSecretKeyOptions {
  readonly client: KMSClient;
  /** Id, ARN or alias of a key of the kind HMAC_256 that is for generating MACs. */
  readonly keyId: string;
}

/**
 * Bytes of a tenant's key for HMACs of secrets: the MAC that KMS makes of the tenant's name, so that the same tenant has the same
 * key everywhere and nobody has to keep it.
 */
export function kmsSecretKey({ client, keyId }: KmsSecretKeyOptions, tenant: string): Promise<Uint8Array> {
  return asking(keyId, async () => {
    const { Mac } = await client.send(new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message: new TextEncoder().encode(`icecore key for secrets of ${tenant}`) }));
    if (Mac === undefined) throw new VaultError('unavailable', keyId, 'KMS gave no MAC');
    return Mac;
  });
}
