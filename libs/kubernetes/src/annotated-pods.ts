import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { reflect, type ReflectOptions } from './reflect.ts';

const podSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string(), annotations: z.record(z.string(), z.string()).default({}), deletionTimestamp: z.string().nullish() }),
});

/** A pod that somebody annotated. */
export interface AnnotatedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Tells of pods that carry an annotation, at the beginning and as they change. Only metadata is asked for: pods are many and large. */
export function watchAnnotatedPods(api: ApiClient, annotation: string, options: Pick<ReflectOptions, 'signal' | 'backoffMs'>, told: { onPod(pod: AnnotatedPod): void; onTrouble(error: unknown): void }): Promise<void> {
  const changed = (object: unknown): void => {
    const parsed = podSchema.safeParse(object);
    if (!parsed.success) return told.onTrouble(parsed.error);
    const { name, namespace, uid, annotations, deletionTimestamp } = parsed.data.metadata;
    if (deletionTimestamp == null && Object.hasOwn(annotations, annotation)) told.onPod({ namespace, name, uid, annotations });
  };
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
  return reflect(api, { path: '/api/v1/pods', accept, ...options }, { listing: () => undefined, listed: () => undefined, changed, removed: () => undefined, troubled: told.onTrouble });
}
