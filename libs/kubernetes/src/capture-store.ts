import { type Capture, captureApi, captureFinalizer, captureManifest, type CaptureStatus, type CaptureStore, parseCapture, type Written } from '@icecore/capture';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';
import { createEvent } from './events.ts';
import { reflect, type ReflectOptions } from './reflect.ts';

const mergePatch = 'application/merge-patch+json';

/** Captures of the API, and a view of them that a watch keeps. */
export interface WatchedCaptures extends CaptureStore {
  /** Keeps the view until the signal; `onChange` is told of each capture that came or changed, `onListed` when all are known. */
  watch(options: Pick<ReflectOptions, 'signal' | 'watchSeconds' | 'backoffMs'>, told: { onChange(capture: Capture): void; onListed?(): void; onTrouble?(error: unknown): void }): Promise<void>;
}

export interface CaptureStoreOptions {
  readonly namespace: string;
  /** Whose captures are watched: `icecore.dev/node=NODE`; all where it is not given. */
  readonly labelSelector?: string;
  /** Who tells events: `icecore-node`. */
  readonly component: string;
}

export function captureStore(api: ApiClient, { namespace, labelSelector, component }: CaptureStoreOptions): WatchedCaptures {
  const collection = `/apis/${captureApi.group}/${captureApi.version}/namespaces/${encodeURIComponent(namespace)}/${captureApi.plural}`;
  const pathOf = (name: string): string => `${collection}/${encodeURIComponent(name)}`;
  const view = new Map<string, Capture>();
  const keep = (capture: Capture): Capture => {
    const { name } = capture.metadata;
    const before = view.get(name);
    // A watch may be behind what this process itself wrote.
    if (before === undefined || before.metadata.uid !== capture.metadata.uid || isNewer(capture, before)) view.set(name, capture);
    return capture;
  };
  const written = async (ask: () => Promise<unknown>): Promise<Written> => {
    try {
      return { outcome: 'stored', capture: keep(parseCapture(await ask())) };
    } catch (error) {
      if (isKubernetesError(error, 'Conflict')) return { outcome: 'conflict' };
      if (isKubernetesError(error, 'NotFound')) return { outcome: 'gone' };
      throw error;
    }
  };
  return {
    async get(name) {
      try {
        return keep(parseCapture(await api.json({ method: 'GET', path: pathOf(name) })));
      } catch (error) {
        if (!isKubernetesError(error, 'NotFound')) throw error;
        view.delete(name);
        return undefined;
      }
    },
    known: () => view.values(),
    async create(capture) {
      try {
        keep(parseCapture(await api.json({ method: 'POST', path: collection, query: { fieldValidation: 'Strict' }, body: captureManifest(capture, namespace) })));
        return 'created';
      } catch (error) {
        if (isKubernetesError(error, 'AlreadyExists')) return 'exists';
        throw error;
      }
    },
    writeStatus: (capture, status) =>
      written(() => api.json({ method: 'PATCH', path: `${pathOf(capture.metadata.name)}/status`, contentType: mergePatch, body: { metadata: { resourceVersion: capture.metadata.resourceVersion }, status: replacing(capture.status, status) } })),
    release: (capture) =>
      written(() => api.json({ method: 'PATCH', path: pathOf(capture.metadata.name), contentType: mergePatch, body: { metadata: { resourceVersion: capture.metadata.resourceVersion, finalizers: (capture.metadata.finalizers ?? []).filter((each) => each !== captureFinalizer) } } })),
    tell: (capture, event) => createEvent(api, namespace, component, capture, event),
    async watch(options, { onChange, onListed, onTrouble }) {
      let listing: Set<string> | undefined;
      await reflect(api, { path: collection, ...(labelSelector === undefined ? {} : { query: { labelSelector } }), ...options }, {
        listing: () => (listing = new Set()),
        listed: () => {
          for (const name of view.keys()) if (listing?.has(name) === false) view.delete(name);
          listing = undefined;
          onListed?.();
        },
        changed: (object) => {
          const capture = tolerant(object, onTrouble);
          if (capture === undefined) return;
          listing?.add(capture.metadata.name);
          onChange(keep(capture));
        },
        removed: (object) => void view.delete(tolerant(object, onTrouble)?.metadata.name ?? ''),
        troubled: (error) => onTrouble?.(error),
      });
    },
  };
}

/** One that cannot be read, as another version may have written it, must not end the watch of the others. */
function tolerant(object: unknown, onTrouble: ((error: unknown) => void) | undefined): Capture | undefined {
  try {
    return parseCapture(object);
  } catch (error) {
    onTrouble?.(error);
    return undefined;
  }
}

/** A merge patch that leaves exactly the new status: what is no longer there is set to null. */
function replacing(before: CaptureStatus, after: CaptureStatus): Readonly<Record<string, unknown>> {
  const gone = Object.keys(before).filter((key) => !(key in after)).map((key) => [key, null] as const);
  return { ...Object.fromEntries(gone), ...after };
}

/** Versions are numbers that grow (KEP-5504 makes comparing them a promise). */
function isNewer(a: Capture, b: Capture): boolean {
  const [left, right] = [a.metadata.resourceVersion, b.metadata.resourceVersion];
  return !/^\d+$/.test(left) || !/^\d+$/.test(right) || BigInt(left) >= BigInt(right);
}
