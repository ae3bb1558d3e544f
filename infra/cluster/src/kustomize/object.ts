import { z } from 'zod';

/** A value of YAML, as Kubernetes' objects are made of. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Mapping = { readonly [name: string]: Value };

/** What is no kustomization, object or patch that this renderer follows; the message names the file. */
export class KustomizeError extends Error {
  override readonly name = 'KustomizeError';
}

const value: z.ZodType<Value> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(value), mapping]));
const mapping: z.ZodType<Mapping> = z.lazy(() => z.record(z.string(), value));
const identity = z.object({ apiVersion: z.string(), kind: z.string(), metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });

/** An object of Kubernetes with what tells it from others. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined for what belongs to no namespace. */
  readonly namespace: string | undefined;
  readonly body: Mapping;
}

/** Throws a `KustomizeError` for what has no kind or no name. */
export function kubernetesObject(given: unknown, file: string): KubernetesObject {
  const body = mappingOf(given, file);
  const known = identity.safeParse(body);
  if (!known.success) throw new KustomizeError(`${file}: an object without apiVersion, kind or metadata.name`);
  const { apiVersion, kind, metadata } = known.data;
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, body };
}

export function mappingOf(given: unknown, file: string): Mapping {
  const read = mapping.safeParse(given);
  if (!read.success) throw new KustomizeError(`${file}: not a mapping of YAML`);
  return read.data;
}

export function isMapping(given: Value | undefined): given is Mapping {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** Names an object for people and for comparison: `apps/v1/Deployment/icecore/icecore-alerts`. */
export function objectKey({ apiVersion, kind, namespace, name }: KubernetesObject): string {
  return [apiVersion, kind, namespace ?? '-', name].join('/');
}
