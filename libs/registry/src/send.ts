import { setTimeout as sleep } from 'node:timers/promises';
import { RegistryError } from './errors.ts';

/** Sends one request; rejects with a `RegistryError` (`unreachable`) where no answer comes. */
export type Send = (url: URL, init: RequestInit) => Promise<Response>;

const responseTimeoutMs = 120_000;
const maxAnswerBytes = 1 << 16;

/** Sends by Node's own client. `signal` ends waiting. */
export function httpSend(signal?: AbortSignal): Send {
  return async (url, init) => {
    const limit = AbortSignal.timeout(responseTimeoutMs);
    try {
      return await fetch(url, { ...init, redirect: init.redirect ?? 'manual', signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new RegistryError('unreachable', `${url.host} does not answer: ${reasonOf(error)}`, { cause: error });
    }
  };
}

/** The beginning of a body, as text; the rest is not read. */
export async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let step = await reader.read(); !step.done && size < maxAnswerBytes; step = await reader.read()) {
      chunks.push(step.value);
      size += step.value.length;
    }
  } catch {
    // A broken body tells less, and the status stands.
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8');
}

/** Waits before the next try: longer each time, and not at the same moment as others. */
export async function pause(attempt: number, signal?: AbortSignal): Promise<void> {
  await sleep(Math.min(10_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
