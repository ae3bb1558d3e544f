import { crypto } from '../crypto.ts';
import { remembered } from '../remembered.ts';
import { type Judgement, rule } from '../rule.ts';

/** Judges a PEM block: whether it parses as a key, whether it is encrypted, and whose it is by its public half. */
const judgePem = remembered(64, (pem): Judgement | undefined => {
  const text = pem.replaceAll('\\n', '\n').replaceAll('\\r', '');
  const body = /KEY(?: BLOCK)?-----([\s\S]*?)-----END/.exec(text)?.[1] ?? '';
  if (body.replace(/[^A-Za-z0-9+/=]/g, '').length < 40) return undefined;
  if (/Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED/.test(text)) return { validity: 'form_only', check: 'encrypted with a pass phrase' };
  if (text.includes('PGP')) return { validity: 'form_only', check: 'an OpenPGP block' };
  try {
    const { createPrivateKey, createPublicKey } = crypto();
    const key = createPrivateKey(text);
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return { validity: 'valid', check: `parses as ${key.asymmetricKeyType ?? 'a'} key`, principal: `public key ${fingerprint(spki)}` };
  } catch {
    return openSsh(body) ?? { validity: 'form_only', check: 'does not parse: cut or overwritten' };
  }
});

/** OpenSSH's own format (PROTOCOL.key): magic, cipher name, then the public key. Node does not parse all kinds of it. */
function openSsh(body: string): Judgement | undefined {
  const bytes = Buffer.from(body.replace(/\s/g, ''), 'base64');
  const magic = 'openssh-key-v1\0';
  if (!bytes.toString('latin1', 0, magic.length).startsWith(magic)) return undefined;
  const cipherLength = bytes.length > magic.length + 4 ? bytes.readUInt32BE(magic.length) : 0;
  const cipher = bytes.toString('latin1', magic.length + 4, magic.length + 4 + Math.min(cipherLength, 64));
  return { validity: cipher === 'none' ? 'valid' : 'form_only', check: cipher === 'none' ? 'an OpenSSH key without a pass phrase' : `an OpenSSH key, encrypted with ${cipher}` };
}

export function fingerprint(der: Uint8Array): string {
  return `SHA256:${crypto().createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;
}

export const keyRules = [
  rule({
    id: 'private_key',
    type: 'private key',
    anchors: ['-----BEGIN'],
    expression: /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----(?:-?[A-Za-z0-9+/=\s\\:,.()]){64,7000}-----END[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----/y,
    maxLength: 7500,
    boundary: 'none',
    judge: (value) => judgePem(value),
  }),
  rule({
    id: 'private_key_cut',
    type: 'private key without its end',
    anchors: ['-----BEGIN'],
    expression: /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s){1,4}(?:[A-Za-z0-9+/=:,.-]{20,100}(?:\\n|\s){1,4}){1,100}(?:[A-Za-z0-9+/=]{0,80})(?!-)/y,
    maxLength: 7500,
    boundary: 'none',
    judge: () => ({ validity: 'form_only', check: 'cut or overwritten' }),
  }),
  rule({ id: 'age_secret_key', type: 'age secret key', anchors: ['AGE-SECRET-KEY-1'], expression: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y, maxLength: 74 }),
  rule({
    id: 'kubeconfig_client_key',
    type: 'kubeconfig client key',
    anchors: ['client-key-data'],
    expression: /client-key-data["']?:\s{0,4}["']?(?<value>[A-Za-z0-9+/=]{100,7000})/y,
    maxLength: 7100,
    boundary: 'none',
    judge: (value) => judgePem(Buffer.from(value, 'base64').toString('latin1')) ?? { validity: 'invalid', check: 'no PEM key inside' },
  }),
];
