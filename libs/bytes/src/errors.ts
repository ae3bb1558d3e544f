/** Where in the evidence something was found: the archive's entry, the CRIU image, the byte offset in it. */
export interface Place {
  /** Path of the entry in the archive, as the archive spells it; nested archives are joined with `!`. */
  readonly entry?: string;
  /** Name of the CRIU image, for example `core-1.img`. */
  readonly image?: string;
  /** Byte offset in the innermost of the above. */
  readonly offset?: number;
}

/**
 * What is wrong with a piece of evidence.
 * - `truncated`: bytes that a length promises are not there.
 * - `malformed`: bytes that break the format's rules.
 * - `limit`: a named limit was passed; the evidence may be sound, we refuse to follow it.
 * - `unsupported`: a form that is known to exist and that icecore cannot read.
 * - `missing`: something that other evidence refers to is not there.
 */
export type DamageCode = 'truncated' | 'malformed' | 'limit' | 'unsupported' | 'missing';

/** Evidence that cannot be read as its format says. Decide by `code`, never by the text. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
  readonly code: DamageCode;
  readonly place: Place;
  /** What is wrong, without the place. */
  readonly reason: string;

  constructor(code: DamageCode, reason: string, place: Place = {}, options?: ErrorOptions) {
    super(`${formatPlace(place)}${reason}`, options);
    this.code = code;
    this.reason = reason;
    this.place = place;
  }
}

/** True for a `DamageError`, also for one that another copy of this library made. */
export function isDamageError(error: unknown): error is DamageError {
  return error instanceof Error && error.name === 'DamageError' && 'code' in error && 'place' in error;
}

/** `entry, image, offset 0x1f: `, as far as known; empty where nothing is known. */
export function formatPlace(place: Place): string {
  const parts: string[] = [];
  if (place.entry !== undefined) parts.push(place.entry);
  if (place.image !== undefined && !(place.entry ?? '').endsWith(place.image)) parts.push(place.image);
  if (place.offset !== undefined) parts.push(`offset ${place.offset}`);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

/** The same error with a place that the reader knows; what the error already knows stays. Other errors stay as they are. */
export function placed(place: Place, error: unknown): unknown {
  if (!isDamageError(error)) return error;
  return new DamageError(error.code, error.reason, { ...place, ...error.place }, { cause: error });
}

/** Runs a step that reads a known place, so that damage it reports names that place too. */
export async function at<T>(place: Place, step: () => Promise<T> | T): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw placed(place, error);
  }
}
