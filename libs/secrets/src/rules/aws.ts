import { entropyOf, isPlaceholder } from '../entropy.ts';
import { type Judgement, rule, type Surroundings } from '../rule.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The account that an access key id belongs to, which its fourth character on holds in base 32 (ids made since 2019). */
export function awsAccountOf(keyId: string): string | undefined {
  let bits = 0n;
  for (const character of keyId.slice(4, 14)) bits = (bits << 5n) | BigInt(base32.indexOf(character));
  // 50 bits: the account is the 40 bits behind the first, and then 7 bits of other use follow.
  const account = (bits >> 2n) & 0x7fff_ffff_ff80n;
  const number = account >> 7n;
  const digits = number.toString().padStart(12, '0');
  return digits.length === 12 ? digits : undefined;
}

const secretForm = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
/** How far from a key id its secret is looked for, in characters. */
const pairDistance = 512;

function isSecretKey(value: string): boolean {
  return entropyOf(value) >= 4.25 && !/^[0-9a-f]+$/i.test(value) && /[0-9]/.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value);
}

function hasSecretNear({ text, start, end }: Surroundings): boolean {
  const near = text.slice(Math.max(0, start - pairDistance), end + pairDistance);
  return (near.match(secretForm) ?? []).some(isSecretKey);
}

function judgeKeyId(value: string, surroundings: Surroundings): Judgement | undefined {
  const account = value.startsWith('AKIA') || value.startsWith('ASIA') ? awsAccountOf(value) : undefined;
  const principal = account === undefined ? {} : { principal: `account ${account}` };
  if (value.endsWith('EXAMPLE')) return { validity: 'example', check: 'the key id of the documentation' };
  if (entropyOf(value.slice(4)) < 2.5) return undefined;
  if (hasSecretNear(surroundings)) return { validity: 'valid', check: 'its secret key is beside it', ...principal };
  return { validity: 'form_only', ...principal };
}

export const awsRules = [
  rule({
    id: 'aws_access_key_id',
    type: 'AWS access key id',
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'A3T'],
    expression: /(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)(?:[A-Z2-7]{16}|[A-Z0-9]{9}EXAMPLE)/y,
    maxLength: 20,
    judge: judgeKeyId,
  }),
  rule({
    id: 'aws_secret_access_key',
    type: 'AWS secret access key',
    anchors: ['aws_secret_access_key', 'AWS_SECRET_ACCESS_KEY', 'SecretAccessKey', 'secretAccessKey', 'aws_secret_key', 'secret_access_key'],
    expression: /(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY|SecretAccessKey|secretAccessKey|aws_secret_key|secret_access_key)["']?\s{0,4}[:=]\s{0,4}["']?(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/y,
    maxLength: 100,
    boundary: 'none',
    judge: (value) => {
      if (value.endsWith('EXAMPLEKEY') || isPlaceholder(value)) return { validity: 'example', check: 'the secret key of the documentation, or a placeholder' };
      return entropyOf(value) < 3.5 ? undefined : { validity: 'form_only' };
    },
  }),
  rule({
    id: 'aws_session_token',
    type: 'AWS session token',
    anchors: ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz'],
    expression: /(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/=]{100,2000}/y,
    maxLength: 2012,
    judge: (value) => ({ validity: Buffer.from(value, 'base64').length >= 80 ? 'valid' : 'invalid', check: 'base64 of a session token' }),
  }),
];
