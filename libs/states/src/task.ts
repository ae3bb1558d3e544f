import type { TaskState } from './definition.ts';
import { StateError } from './errors.ts';
import type { Json } from './json.ts';
import type { TaskRunner } from './ports.ts';

/** Runs one attempt of a task under its time limits. Rejects with `States.Timeout` or `States.HeartbeatTimeout`, or as the task did. */
export async function runAttempt(tasks: TaskRunner, state: TaskState, input: Json, place: string, attempt: number, outer: AbortSignal | undefined): Promise<Json> {
  const stop = new AbortController();
  const over = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let heartbeat: NodeJS.Timeout | undefined;
  const limits = new Promise<never>((_, reject) => {
    const after = (seconds: number, error: string): NodeJS.Timeout => {
      const timer = setTimeout(() => {
        const failure = new StateError(error, `${place} took longer than ${seconds} s`);
        stop.abort(failure);
        reject(failure);
      }, seconds * 1000);
      timers.add(timer);
      return timer;
    };
    if (state.TimeoutSeconds !== undefined) after(state.TimeoutSeconds, 'States.Timeout');
    if (state.HeartbeatSeconds !== undefined) heartbeat = after(state.HeartbeatSeconds, 'States.HeartbeatTimeout');
    outer?.addEventListener('abort', () => {
      stop.abort(outer.reason);
      reject(outer.reason);
    }, { signal: over.signal });
  });
  // The race may be over before the limits are: that is no unhandled rejection.
  limits.catch(() => undefined);
  try {
    outer?.throwIfAborted();
    const work = tasks.run(state.Resource, input, { place, attempt, signal: stop.signal, heartbeat: () => heartbeat?.refresh() });
    return await Promise.race([work, limits]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    over.abort();
  }
}
