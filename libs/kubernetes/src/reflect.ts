import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError, KubernetesError } from './errors.ts';

const listSchema = z.object({ metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }), items: z.array(z.unknown()) });
const eventSchema = z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']), object: z.looseObject({}) });
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const errorSchema = z.object({ code: z.number().optional(), message: z.string().optional() });

export interface ReflectOptions {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** `application/json`, or the form that leaves out all but metadata. */
  readonly accept?: string;
  readonly signal: AbortSignal;
  /** Objects of one answer of a list. */
  readonly pageSize?: number;
  /** How long one watch lasts before it is taken up anew, in seconds. */
  readonly watchSeconds?: number;
  /** Waits after a failure, the first and the longest, in milliseconds. */
  readonly backoffMs?: readonly [number, number];
}

/** Who is told. A list is told page by page, between `listing` and `listed`. */
export interface Watcher {
  listing(): void;
  listed(): void;
  changed(object: unknown): void;
  removed(object: unknown): void;
  /** The API does not answer, or has forgotten where the watch was; it is tried again. */
  troubled?(error: unknown): void;
}

/**
 * Lists, then watches from there, until the signal: takes a watch up again where it ended, and lists anew where the server
 * no longer knows that place (410). Resolves when the signal is given.
 */
export async function reflect(api: ApiClient, options: ReflectOptions, watcher: Watcher): Promise<void> {
  const { signal, backoffMs: [first, longest] = [250, 30_000] } = options;
  let version: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const begun = Date.now();
    try {
      version ??= await list(api, options, watcher);
      version = await watch(api, options, watcher, version, (seen) => (version = seen));
      // A server that ends watches at once is not asked at once.
      if (Date.now() - begun > 1000) failures = 0;
      else failures += 1;
    } catch (error) {
      if (signal.aborted) break;
      watcher.troubled?.(error);
      if (isExpired(error)) version = undefined;
      failures = Date.now() - begun > 10_000 ? 1 : failures + 1;
    }
    if (failures > 0) await sleep(Math.min(longest, first * 2 ** Math.min(failures - 1, 10)) * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

async function list(api: ApiClient, { path, query = {}, accept, signal, pageSize = 500 }: ReflectOptions, watcher: Watcher): Promise<string> {
  watcher.listing();
  let position = '';
  for (;;) {
    const page = listSchema.parse(await api.json({ method: 'GET', path, query: { ...query, limit: String(pageSize), ...(position === '' ? {} : { continue: position }) }, signal, ...(accept === undefined ? {} : { accept: listed(accept) }) }));
    for (const item of page.items) watcher.changed(item);
    position = page.metadata.continue ?? '';
    if (position !== '') continue;
    watcher.listed();
    return page.metadata.resourceVersion;
  }
}

/** Resolves with the last version that was seen when the server ends the watch, as it does from time to time. */
async function watch(api: ApiClient, { path, query = {}, accept, signal, watchSeconds = 300 }: ReflectOptions, watcher: Watcher, from: string, seen: (version: string) => void): Promise<string> {
  let version = from;
  const asked = { ...query, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from, timeoutSeconds: String(watchSeconds) };
  // The server ends the watch; where it does not, for it is dead, this side does.
  const lines = api.lines({ method: 'GET', path, query: asked, signal, timeoutMs: (watchSeconds + 15) * 1000, ...(accept === undefined ? {} : { accept }) });
  for await (const line of lines) {
    if (line === '') continue;
    const { type, object } = eventSchema.parse(JSON.parse(line));
    if (type === 'ERROR') {
      const { code, message } = errorSchema.parse(object);
      throw new KubernetesError(code, code === 410 ? 'Expired' : 'WatchError', message ?? 'the watch ended with an error');
    }
    version = versionSchema.parse(object).metadata.resourceVersion;
    seen(version);
    if (type === 'DELETED') watcher.removed(object);
    else if (type !== 'BOOKMARK') watcher.changed(object);
  }
  return version;
}

/** The list form of an object form: `PartialObjectMetadata` becomes `PartialObjectMetadataList`. */
function listed(accept: string): string {
  return accept.replace('as=PartialObjectMetadata;', 'as=PartialObjectMetadataList;');
}

function isExpired(error: unknown): boolean {
  return isKubernetesError(error) && (error.status === 410 || error.reason === 'Expired');
}
