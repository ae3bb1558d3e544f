/** `invalid_hunt`: the file is no hunt; `invalid_parameter`: a value is missing or of the wrong form; `unknown_hunt`: there is none of that name. */
export type HuntCode = 'invalid_hunt' | 'invalid_parameter' | 'unknown_hunt';

export class HuntError extends Error {
  override readonly name = 'HuntError';
  readonly code: HuntCode;

  constructor(code: HuntCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True for a `HuntError`, from whatever copy of this library. */
export function isHuntError(error: unknown): error is HuntError {
  return error instanceof Error && error.name === 'HuntError';
}
