import type { Catcher, Retrier } from './definition.ts';
import type { StateError } from './errors.ts';

/** Errors that `States.ALL` and `States.TaskFailed` do not stand for (Amazon States Language, "Errors"). */
const terminal = new Set(['States.DataLimitExceeded', 'States.Runtime']);

function matchesError(names: readonly string[], { error }: StateError): boolean {
  return names.some((name) => {
    if (name === error) return true;
    if (terminal.has(error)) return false;
    return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
  });
}

/** How often each retrier of a state was used so far. */
export type RetryCounts = Map<Retrier, number>;

/** Seconds to wait before the state is tried again; undefined where it is not. `random` is from [0, 1). */
export function retryDelay(retriers: readonly Retrier[], error: StateError, counts: RetryCounts, random: () => number): number | undefined {
  const retrier = retriers.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
  if (retrier === undefined) return undefined;
  const used = counts.get(retrier) ?? 0;
  if (used >= retrier.MaxAttempts) return undefined;
  counts.set(retrier, used + 1);
  const delay = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** used, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

export function catcherOf(catchers: readonly Catcher[], error: StateError): Catcher | undefined {
  return catchers.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
}
