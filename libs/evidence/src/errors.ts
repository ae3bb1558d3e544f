/**
 * Why a vault did not do what it was asked.
 * - `exists`: the key is taken, by the same bytes or by others. - `missing`: there is no such object.
 * - `mismatch`: size or hash are not what was promised. - `locked`: the lock forbids it.
 * - `refused`: the key, the option or the permission is not one the vault allows.
 * - `incomplete`: the object was begun and not finished. - `unavailable`: the store did not answer; trying again may help.
 */
export type VaultCode = 'exists' | 'missing' | 'mismatch' | 'locked' | 'refused' | 'incomplete' | 'unavailable';

/** Decide by `code`, never by the text. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultCode;
  /** The key it is about. */
  readonly key: string;

  constructor(code: VaultCode, key: string, reason: string, options?: ErrorOptions) {
    super(`${key}: ${reason}`, options);
    this.code = code;
    this.key = key;
  }
}

/** True for a `VaultError`, also for one that another copy of this library made. */
export function isVaultError(error: unknown): error is VaultError {
  return error instanceof Error && error.name === 'VaultError' && 'code' in error && 'key' in error;
}
