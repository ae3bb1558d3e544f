import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A new key. Node's cryptography is loaded when the first is made: most commands that could need one end without it. */
function newKey(): Uint8Array {
  return process.getBuiltinModule('node:crypto').randomBytes(32);
}

/**
 * The bytes of the tenant's key for HMACs of secrets, from a file that its owner alone may read: made where there is
 * none. Two who make it at once end up with one key.
 */
export function secretKeyFile(path: string): Uint8Array {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeFileSync(path, newKey(), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  return readFileSync(path);
}

/** The key's bytes where there is a file of one; else those of one that is forgotten when the program ends. Makes no file. */
export function knownSecretKey(path: string): Uint8Array {
  return existsSync(path) ? readFileSync(path) : newKey();
}
