import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '@icecore/alerts';
import type { AlertsSettings } from '../settings.ts';

/** Everything that credentials are read from, as one text that changes when any of it does. */
export function readCredentials({ ICECORE_TOKENS, ICECORE_HMAC_KEYS }: AlertsSettings): () => Promise<string> {
  return async () => {
    const tokens = ICECORE_TOKENS === undefined ? [] : (await readFile(ICECORE_TOKENS, 'utf8')).split('\n').map((line) => line.trim()).filter((line) => line !== '');
    const keys: [string, string][] = [];
    // Names that begin with a dot are the links by which Kubernetes swaps a mounted secret.
    const files = ICECORE_HMAC_KEYS === undefined ? [] : (await readdir(ICECORE_HMAC_KEYS)).filter((file) => !file.startsWith('.')).sort();
    for (const file of files) keys.push([file, (await readFile(join(ICECORE_HMAC_KEYS ?? '', file), 'utf8')).trim()]);
    return JSON.stringify({ tokens, keys });
  };
}

export function parseCredentials(text: string, clientCertificates: boolean): Credentials {
  const { tokens, keys }: { tokens: string[]; keys: [string, string][] } = JSON.parse(text);
  const short = [...tokens, ...keys.map(([, key]) => key)].some((secret) => secret.length < 16);
  if (short) throw new Error('a token or a key has fewer than 16 characters');
  return { bearerTokens: tokens, hmacKeys: new Map(keys), clientCertificates };
}
