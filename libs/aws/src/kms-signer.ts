import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { type Signer, VaultError } from '@icecore/evidence';
import { asking } from './s3-errors.ts';

export interface KmsSignerOptions {
  readonly client: KMSClient;
  /** Id, ARN or alias of an asymmetric key of the kind ECC_NIST_P256 that is for signing. */
  readonly keyId: string;
}

/**
 * A signer whose private key stays in AWS KMS. KMS gets the SHA-256 of what is signed, never the bytes. Rejects with a
 * `VaultError` (`refused`) for a key of another kind.
 */
export async function kmsSigner({ client, keyId }: KmsSignerOptions): Promise<Signer> {
  const { PublicKey, KeyId } = await asking(keyId, () => client.send(new GetPublicKeyCommand({ KeyId: keyId })));
  if (PublicKey === undefined || KeyId === undefined) throw new VaultError('refused', keyId, 'KMS gave no public key');
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new VaultError('refused', keyId, 'is no key of the curve P-256');
  return {
    keyId: KeyId,
    algorithm: 'ecdsa-p256-sha256',
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    async sign(bytes) {
      const Message = createHash('sha256').update(bytes).digest();
      const { Signature } = await asking(keyId, () => client.send(new SignCommand({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })));
      if (Signature === undefined) throw new VaultError('unavailable', keyId, 'KMS gave no signature');
      return Signature;
    },
  };
}

const keyArn = /^arn:aws[\w-]*:kms:([\w-]+):\d{12}:(key|alias)\/[\w/-]+$/;
const keyName = /^(?:alias\/)?[\w/-]+$/;

/** The signer of a key by its ARN, in the key's region, or by its id or alias, in that of the AWS SDK's environment, whose credentials are used. */
export function kmsSignerFor(key: string): Promise<Signer> {
  const region = keyArn.exec(key)?.[1];
  if (region === undefined && !keyName.test(key)) throw new VaultError('refused', key, 'is no ARN, id or alias of a key');
  return kmsSigner({ client: new KMSClient({ maxAttempts: 6, ...(region === undefined ? {} : { region }) }), keyId: key });
}
