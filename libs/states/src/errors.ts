/** A definition that cannot be run as it stands. The message names the state and the field. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

/**
 * A failure inside an execution, with an error name that `Retry` and `Catch` match on: one of the reserved names
 * (`States.TaskFailed`, `States.Timeout`, …; Amazon States Language, "Errors") or a task's own.
 */
export class StateError extends Error {
  override readonly name = 'StateError';
  /** The error name. */
  readonly error: string;
  /** What happened, for people. */
  readonly reason: string;

  constructor(error: string, reason: string, options?: ErrorOptions) {
    super(`${error}: ${reason}`, options);
    this.error = error;
    this.reason = reason;
  }
}

/** A failure of any kind as a state error: an `Error` of a task gives its name, as AWS Lambda reports it for Node.js. */
export function stateErrorOf(error: unknown): StateError {
  if (error instanceof StateError) return error;
  if (error instanceof Error) return new StateError(error.name, error.message, { cause: error });
  return new StateError('Error', String(error));
}

/** The journal of an execution could not be read or written: the execution cannot go on, whatever its definition catches. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
