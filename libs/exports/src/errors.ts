/** `unknown_capture`: the lake has none such; `invalid_lake`: a row is not what the tables promise; `limit`: too much is asked for. */
export type ExportCode = 'unknown_capture' | 'invalid_lake' | 'limit';

export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly code: ExportCode;

  constructor(code: ExportCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** True for an `ExportError`, from whatever copy of this library. */
export function isExportError(error: unknown): error is ExportError {
  return error instanceof Error && error.name === 'ExportError';
}
