import { randomBytes } from 'node:crypto';
import { scenario } from '../scenario.ts';

/** New at each capture, so that no text of the repository looks like a credential. */
function madeUpCredentials(): Record<string, string> {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const id = [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
  return { AWS_ACCESS_KEY_ID: `AKIA${id}`, AWS_SECRET_ACCESS_KEY: randomBytes(30).toString('base64') };
}

export const secrets = scenario({
  id: '19-secrets',
  about: 'Credentials in the environment; a private key, a token and a database address in memory.',
  container: {
    command: ['python3', '/srv/lab/secrets-in-memory.py'],
    environment: madeUpCredentials(),
  },
  expected: [
    { signal: 'S36' },
    { signal: 'S35' },
    { signal: 'S32' },
  ],
  also: ['S39'],
});
