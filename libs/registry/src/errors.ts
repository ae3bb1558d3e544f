/**
 * Why a registry did not do what it was asked.
 * - `usage`: the reference or a configuration file cannot be followed.
 * - `refused`: it wants other credentials, or forbids it.
 * - `unreachable`: no answer, also after all retries.
 * - `unexpected`: an answer that the distribution-spec does not know.
 */
export type RegistryCode = 'usage' | 'refused' | 'unreachable' | 'unexpected';

/** Decide by `code`, never by the text; no message holds a credential. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryCode;

  constructor(code: RegistryCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
