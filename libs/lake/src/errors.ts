/**
 * What went wrong with the lake.
 * - `invalid_table`: a table's definition breaks the lake's rules; found when the program starts.
 * - `invalid_value`: a row holds a value that its column cannot.
 * - `invalid_name`: a name that would not be safe as part of a path, or a date that is none.
 * - `limit`: a named limit was passed.
 * - `unsorted`: rows that must arrive sorted did not.
 * - `missing`: the lake has no such part.
 * - `damaged`: a part that cannot be read.
 * - `query_refused`: text that is not exactly one reading statement, or that asks for more than the lake.
 * - `query_failed`: the engine could not run the statement; the message is the engine's.
 * - `query_timeout`: the statement ran longer than allowed and was stopped.
 */
export type LakeCode =
  | 'invalid_table'
  | 'invalid_value'
  | 'invalid_name'
  | 'limit'
  | 'unsorted'
  | 'missing'
  | 'damaged'
  | 'query_refused'
  | 'query_failed'
  | 'query_timeout';

/** An error of the lake, its tables or its engines. Decide by `code`, never by the text. */
export class LakeError extends Error {
  override readonly name = 'LakeError';
  readonly code: LakeCode;

  constructor(code: LakeCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** True for a `LakeError`, also for one that another copy of this library made. */
export function isLakeError(error: unknown): error is LakeError {
  return error instanceof Error && error.name === 'LakeError' && 'code' in error;
}
