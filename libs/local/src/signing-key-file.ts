import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { link, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyIdOf, type Signer } from '@icecore/evidence';
import { writeNew } from './folder-files.ts';
import { systemCode } from './system-error.ts';

/**
 * An Ed25519 signer whose private key lies in a file (PKCS #8, PEM) that its owner alone may read; it is made at the first
 * use. Two who make it at once end up with one key. Rejects where others may read the file.
 */
export async function signingKeyFile(path: string): Promise<Signer> {
  const pem = (await readKey(path)) ?? (await makeKey(path));
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`${path}: is a ${key.asymmetricKeyType ?? 'unknown'} key, not an Ed25519 one`);
  const publicKey = createPublicKey(key);
  return {
    keyId: keyIdOf(publicKey),
    algorithm: 'ed25519',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    async sign(bytes) {
      return sign(null, bytes, key);
    },
  };
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw new TypeError(`${path}: others than its owner may read this key`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const temporary = `${path}.${randomUUID()}`;
  await writeNew(temporary, pem);
  try {
    await link(temporary, path);
    return pem;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return await readFile(path, 'utf8');
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
