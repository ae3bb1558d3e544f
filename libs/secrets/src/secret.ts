/** How sure it is that a string is the secret that it looks like. No check leaves the machine. */
export type SecretValidity =
  /** An offline check holds: a checksum, a key that parses, a token whose parts decode. */
  | 'valid'
  /** It has the form, and nothing more can be checked offline. */
  | 'form_only'
  /** A documented example, a placeholder, a test vector. */
  | 'example'
  /** It has the form and fails its check. */
  | 'invalid';

/**
 * A secret that was recognised. The value itself is not in it, by design: this may go into tables, logs, reports and
 * errors. Whoever needs the value reads it from the evidence, where the location says.
 */
export interface Secret {
  /** Id of the rule: `aws_access_key_id`. */
  readonly rule: string;
  /** Kind of secret for people: `AWS access key id`. */
  readonly type: string;
  /** First 4 and last 2 characters, or the public prefix alone where shorter than 20; empty for low-entropy values. */
  readonly masked: string;
  /** HMAC-SHA256 of the normalised value under the tenant's key, 64 lower-case hex digits. */
  readonly hmac: string;
  /** Which key made the HMAC; another key gives another value for the same secret. */
  readonly hmacKeyId: string;
  /** Length of the value in characters. */
  readonly length: number;
  /** Shannon entropy of the value, in bits a character. */
  readonly entropy: number;
  readonly validity: SecretValidity;
  /** What the validity rests on, for people: `base62 CRC32 of the token`. */
  readonly check: string | undefined;
  /** Who the secret belongs to, where it says: account, issuer and subject, fingerprint of the public key. */
  readonly principal: string | undefined;
  readonly expiresAt: Date | undefined;
}

/** Where in a text a secret stands: [start, end) in characters of the text that was searched. */
export interface SecretMatch {
  readonly start: number;
  readonly end: number;
  readonly secret: Secret;
}

/** The tenant's key for HMACs of secrets. A key never leaves the place that holds it. */
export interface SecretKey {
  readonly id: string;
  /** HMAC-SHA256 of the UTF-8 bytes, 64 lower-case hex digits. */
  hmac(value: string): string;
}
