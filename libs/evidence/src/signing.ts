import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';

/** `ed25519`: RFC 8032. `ecdsa-p256-sha256`: over SHA-256, the signature in DER as AWS KMS gives it. */
export type SignatureAlgorithm = 'ed25519' | 'ecdsa-p256-sha256';

/** Signs for the ledger; the private key need not be here. */
export interface Signer {
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** The public key as PEM (SPKI), for the trust file. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

const trustedKey = z.strictObject({
  keyId: z.string().min(1).max(2048),
  algorithm: z.enum(['ed25519', 'ecdsa-p256-sha256']),
  publicKey: z.string().max(10_000),
});

const trustSchema = z.strictObject({
  version: z.literal(1),
  keys: z.array(trustedKey).max(1000),
  /** Certificates, as PEM, of the authorities whose time stamps count. */
  timestampAuthorities: z.array(z.string().max(100_000)).max(100).default([]),
});

/** Which keys, and which time stamp authorities, a verifier believes. Pinned: nothing in the evidence can add to it. */
export type Trust = z.infer<typeof trustSchema>;

/** Reads a trust file. Throws where it is none. */
export function parseTrust(text: string): Trust {
  const trust = trustSchema.parse(JSON.parse(text));
  for (const key of trust.keys) publicKeyOf(key);
  return trust;
}

/** A trust in one signer. */
export function trustIn(...signers: readonly Pick<Signer, 'keyId' | 'algorithm' | 'publicKey'>[]): Trust {
  return { version: 1, keys: signers.map(({ keyId, algorithm, publicKey }) => ({ keyId, algorithm, publicKey })), timestampAuthorities: [] };
}

/** Name of a key by its content: `sha256:` and the SHA-256 of its SPKI in DER. */
export function keyIdOf(publicKey: KeyObject): string {
  return `sha256:${createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex')}`;
}

/** Why a signature does not count; undefined where it does. */
export function signatureFault(trust: Trust, signed: { readonly keyId: string; readonly algorithm: string }, bytes: Uint8Array, signature: Uint8Array): string | undefined {
  const key = trust.keys.find(({ keyId }) => keyId === signed.keyId);
  if (key === undefined) return `is signed by the key ${signed.keyId}, which is not trusted`;
  if (key.algorithm !== signed.algorithm) return `says it is signed by ${signed.algorithm}, and the key is for ${key.algorithm}`;
  return verify(key.algorithm === 'ed25519' ? null : 'sha256', bytes, publicKeyOf(key), signature) ? undefined : 'has a signature that does not hold';
}

function publicKeyOf({ publicKey, algorithm }: Trust['keys'][number]): KeyObject {
  const key = createPublicKey(publicKey);
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const fits = algorithm === 'ed25519' ? key.asymmetricKeyType === 'ed25519' : key.asymmetricKeyType === 'ec' && curve === 'prime256v1';
  if (!fits) throw new TypeError(`a ${algorithm} key is a ${key.asymmetricKeyType ?? 'unknown'} key`);
  return key;
}
