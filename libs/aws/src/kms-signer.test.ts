import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { KMSClient } from '@aws-sdk/client-kms';
import { signatureFault, trustIn } from '@icecore/evidence';
import { kmsSigner } from './index.ts';

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1';

/** Speaks the JSON protocol of KMS, with a key of its own. KMS signs digests; the pair of the digest is kept by the test. */
function kmsServer(namedCurve: string): { server: Server; bytes: Uint8Array; asked: string[] } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const bytes = new TextEncoder().encode('a head of the ledger'.repeat(400));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(Buffer.concat(chunks).toString());
      const operation = request.headers['x-amz-target'];
      const answer =
        operation === 'TrentService.GetPublicKey'
          ? { KeyId: arn, PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
          : { KeyId: arn, Signature: sign('sha256', bytes, privateKey).toString('base64') };
      response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
    });
  });
  return { server, bytes, asked };
}

async function withKms(namedCurve: string, check: (client: KMSClient, kms: ReturnType<typeof kmsServer>) => Promise<void>): Promise<void> {
  const kms = kmsServer(namedCurve);
  await new Promise<void>((listening) => kms.server.listen(0, '127.0.0.1', listening));
  const address = kms.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new KMSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  try {
    await check(client, kms);
  } finally {
    client.destroy();
    await new Promise((closed) => kms.server.close(closed));
  }
}

describe('a signer in KMS', () => {
  it('gives signatures that a verifier without KMS believes, and no others', async () => {
    await withKms('prime256v1', async (client, { bytes, asked }) => {
      const signer = await kmsSigner({ client, keyId: 'alias/ledger' });
      const signature = await signer.sign(bytes);
      expect(signatureFault(trustIn(signer), signer, bytes, signature)).toBeUndefined();
      expect(signatureFault(trustIn(signer), signer, bytes.subarray(1), signature)).toMatch('does not hold');
      expect(signer.keyId).toBe(arn);
      expect(JSON.parse(asked[1] ?? '')).toMatchObject({ MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' });
    });
  });

  it('refuses a key of another curve', async () => {
    await withKms('secp384r1', async (client) => {
      await expect(kmsSigner({ client, keyId: 'x' })).rejects.toMatchObject({ code: 'refused' });
    });
  });
});
