import { VaultError } from './errors.ts';

/** Longest key, in characters. S3 takes 1024; the rest is for what a store puts beside an object. */
export const maxKeyLength = 900;
/** Longest part of a key between two slashes: a file system takes 255, and the folder vault adds an ending of its own. */
export const maxKeyPartLength = 180;

const part = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]*$/;

/**
 * The key, where it is one that every store takes as it is: parts of letters, digits, `.`, `_`, `=` and `-`, joined by
 * slashes, none beginning with a dot. Throws a `VaultError` (`refused`) for any other.
 */
export function requireVaultKey(key: string): string {
  const parts = key.split('/');
  if (key.length > maxKeyLength) throw new VaultError('refused', `${key.slice(0, 80)}…`, `is longer than ${maxKeyLength} characters`);
  if (!parts.every((each) => part.test(each) && each.length <= maxKeyPartLength)) {
    throw new VaultError('refused', JSON.stringify(key), 'is no safe key: letters, digits, dots, underscores, equal signs and dashes, in parts that do not begin with a dot');
  }
  return key;
}

/** The prefix, where a safe key can begin with it: empty, or the beginning of a key. Throws a `VaultError` (`refused`) otherwise. */
export function requireVaultPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  const whole = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  requireVaultKey(whole);
  return prefix;
}
