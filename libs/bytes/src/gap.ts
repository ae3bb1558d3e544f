import { isDamageError, type DamageCode, formatPlace, type Place } from './errors.ts';

/**
 * Something that the result does not hold, and why. A result with gaps is still a result: what is not in it and
 * not in its gaps was looked for and is not there.
 * - a `DamageCode`: the evidence is damaged, or a limit kept us from following it.
 * - `not_captured`: the dump leaves this out by design (clean file pages, exec'd processes, modified files of some
 *   engines): no archive of this kind can hold it.
 */
export interface Gap {
  readonly code: DamageCode | 'not_captured';
  /** What is absent from the result, in the field's words: `process 7`, `memory of process 1`. */
  readonly subject: string;
  /** Why, as one sentence without a full stop. */
  readonly reason: string;
  readonly place: Place;
}

/** The gap that an error leaves in a result. Errors that are not about the evidence are thrown on. */
export function gapOf(subject: string, error: unknown): Gap {
  if (!isDamageError(error)) throw error;
  return { code: error.code, subject, reason: error.reason, place: error.place };
}

/** One line for a reader. */
export function formatGap(gap: Gap): string {
  return `${gap.subject}: ${formatPlace(gap.place)}${gap.reason} (${gap.code})`;
}
