import { isDamageError } from '@icecore/bytes';
import { isVaultError } from '@icecore/evidence';
import { isLakeError } from '@icecore/lake';
import { errorNames } from './definition.ts';

/** A failure of a step by the name that the definition's `Retry` and `Catch` match. `cause` is what happened. */
export class StepFailure extends Error {
  override readonly name: (typeof errorNames)[keyof typeof errorNames];

  constructor(name: StepFailure['name'], reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = name;
  }
}

/** Evidence that is not what it must be. */
export function badInput(reason: string, options?: ErrorOptions): StepFailure {
  return new StepFailure(errorNames.badInput, reason, options);
}

/** What a step threw as the definition knows it; what is neither about the evidence nor about a store stays as it is, a defect. */
export function stepFailureOf(error: unknown): unknown {
  if (isDamageError(error)) return badInput(error.message, { cause: error });
  if (isLakeError(error) && error.code === 'invalid_name') return badInput(error.message, { cause: error });
  if (!isVaultError(error)) return error;
  if (error.code === 'mismatch' || error.code === 'missing') return badInput(error.message, { cause: error });
  // What is refused is a matter of permissions: neither a better try nor other evidence helps, the execution fails and can be redriven.
  return error.code === 'unavailable' || error.code === 'incomplete' ? new StepFailure(errorNames.unavailable, error.message, { cause: error }) : error;
}
