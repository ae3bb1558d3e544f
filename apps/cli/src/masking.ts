import type { JsonValue } from '@icecore/criu';
import { knownSecretKey } from '@icecore/local';
import { type ByteRange, holdsAnchor, knownSecrets, maskBytes, redactArguments, redactKnown, redactVariable, secretKey, type SecretKey, secretRanges } from '@icecore/secrets';

/** Where the tenant's key is, unless ICECORE_SECRET_KEY_FILE names another file. */
export function secretKeyPath(option?: string): string {
  return option ?? process.env['ICECORE_SECRET_KEY_FILE'] ?? '.icecore/secret-key';
}

let key: SecretKey | undefined;
let known: readonly string[] = [];

/** The key by which marks on the screen are made: that of the tables, where there is one. */
function screenKey(): SecretKey {
  key ??= secretKey(knownSecretKey(secretKeyPath()));
  return key;
}

/** Values that the environments of the evidence (`NAME=value`) tell to be secrets: masked from now on wherever they stand. */
export function rememberSecrets(assignments: Iterable<string>): void {
  known = [...new Set([...known, ...knownSecrets(assignments)])].sort((a, b) => b.length - a.length);
}

/** Those values, the longest first. */
export function rememberedSecrets(): readonly string[] {
  return known;
}

/** The text with a mark in place of each secret. Most texts hold none, which one look tells. */
export function masked(text: string): string {
  if (text.length < 6) return text;
  return holdsAnchor(text) || known.some((value) => text.includes(value)) ? redactKnown(text, known, screenKey()) : text;
}

/** A variable of an environment, `NAME=value`: its name may tell that its value is a secret. */
export function maskedVariable(assignment: string): string {
  const equals = assignment.indexOf('=');
  if (equals <= 0) return masked(assignment);
  return `${masked(assignment.slice(0, equals))}=${maskedValue(assignment.slice(0, equals), assignment.slice(equals + 1))}`;
}

export function maskedValue(name: string, value: string): string {
  return masked(redactVariable(name, value, lazyKey).value);
}

/** The arguments of a process: an option before may tell that one is a secret. */
export function maskedArguments(words: readonly string[]): string[] {
  return redactArguments(words, lazyKey).map(masked);
}

/** The screen's key, made when a first secret is met. */
const lazyKey: SecretKey = {
  get id() {
    return screenKey().id;
  },
  hmac: (value) => screenKey().hmac(value),
};

/** A copy with an asterisk for each byte of a secret. */
export function maskedBytes(bytes: Uint8Array): Uint8Array {
  return maskBytes(bytes, known);
}

/** Where secrets stand in bytes. */
export function hiddenRanges(bytes: Uint8Array): readonly ByteRange[] {
  return secretRanges(bytes, known);
}

/** JSON with every text masked; with `bytes`, also what is base64 of bytes that hold a secret. */
export function maskedJson(value: JsonValue, { bytes = false } = {}): JsonValue {
  if (typeof value === 'string') return bytes ? maskedBase64(value) : masked(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((each) => maskedJson(each, { bytes }));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [masked(name), maskedJson(each, { bytes })]));
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function maskedBase64(text: string): string {
  if (text.length < 12 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return masked(text);
  const bytes = Buffer.from(text, 'base64');
  const clean = maskedBytes(bytes);
  return clean === bytes ? masked(text) : Buffer.from(clean).toString('base64');
}
