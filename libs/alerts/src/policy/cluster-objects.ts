import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { AlertTarget } from '../alert.ts';
import type { ResolvedPod } from './decide.ts';

const text = z.string().max(1000);
const labels = z.record(z.string(), z.string()).nullish();
const metadata = z.object({
  name: text,
  namespace: text.default('default'),
  uid: text.default(''),
  labels,
  ownerReferences: z.array(z.object({ kind: text, name: text, controller: z.boolean().optional() })).nullish(),
});
const containerStatus = z.object({
  name: text,
  containerID: text.optional(),
  state: z.object({ running: z.object({}).optional() }).nullish(),
});
const podSchema = z.object({
  kind: z.literal('Pod'),
  metadata,
  spec: z.object({ nodeName: text.default(''), containers: z.array(z.object({ name: text, image: text.default('') })).max(1000) }),
  status: z.object({ phase: text.default('Unknown'), containerStatuses: z.array(containerStatus).nullish() }).default({ phase: 'Unknown' }),
});
type Pod = z.infer<typeof podSchema>;
const owned = z.object({ kind: text, metadata });
type Owned = z.infer<typeof owned>;

/** A file of objects that is none; the message names the object. */
export class ClusterObjectsError extends Error {
  override readonly name = 'ClusterObjectsError';
}

/** What a file of the cluster's objects tells of targets. */
export interface ClusterObjects {
  /** Pods that an alert's target is or, where it names a workload, that belong to it. */
  podsOf(target: AlertTarget): readonly ResolvedPod[];
}

/** Largest file of objects that is read, in characters. */
export const maxObjectsCharacters = 64 << 20;

/**
 * Reads what `kubectl get -o yaml` or `-o json` prints: pods, and beside them namespaces (for their labels) and the
 * owners of pods (to know the owner of the owner). Lists are taken apart, other objects count as owners at most.
 */
export function readClusterObjects(documents: readonly string[]): ClusterObjects {
  const pods: Pod[] = [];
  const others: Owned[] = [];
  for (const object of documents.flatMap(objectsIn)) {
    const kind = z.object({ kind: text }).safeParse(object);
    if (!kind.success) throw new ClusterObjectsError('holds something that is no object of Kubernetes: it has no kind');
    if (kind.data.kind === 'Pod') {
      const pod = podSchema.safeParse(object);
      if (!pod.success) throw new ClusterObjectsError(`a pod cannot be read: ${pod.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 3).join('; ')}`);
      pods.push(pod.data);
    } else {
      const other = owned.safeParse(object);
      if (other.success) others.push(other.data);
    }
  }
  const resolved = pods.map((pod) => resolve(pod, others));
  return {
    podsOf({ namespace, pod, workload }) {
      const inNamespace = resolved.filter((each) => each.namespace === namespace);
      if (pod !== undefined) return inNamespace.filter((each) => each.pod === pod);
      return workload === undefined ? [] : inNamespace.filter(({ owner }) => owner !== undefined && resourceName(owner) === resourceName(`${workload.kind}/${workload.name}`));
    },
  };
}

/** `deployments/api` and `Deployment/api` name the same. */
function resourceName(kindAndName: string): string {
  const [kind = '', name = ''] = kindAndName.split('/');
  return `${kind.toLowerCase().replace(/s$/, '')}/${name}`;
}

function objectsIn(content: string): readonly unknown[] {
  if (content.length > maxObjectsCharacters) throw new ClusterObjectsError(`has more than ${maxObjectsCharacters} characters`);
  const documents = parseAllDocuments(content);
  // A file of nothing is a stream of its own kind, with no documents.
  return ('empty' in documents ? [] : documents).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new ClusterObjectsError(`is neither YAML nor JSON: ${problem.message.split('\n')[0]}`);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const list = z.object({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) }).safeParse(value);
    if (list.success) return list.data.items;
    return value === null ? [] : [value];
  });
}

function resolve({ metadata: about, spec, status }: Pod, others: readonly Owned[]): ResolvedPod {
  const statuses = new Map((status.containerStatuses ?? []).map((each) => [each.name, each]));
  const namespaceObject = others.find(({ kind, metadata: { name } }) => kind === 'Namespace' && name === about.namespace);
  return {
    namespace: about.namespace,
    pod: about.name,
    uid: about.uid,
    node: spec.nodeName,
    phase: status.phase,
    labels: about.labels ?? {},
    namespaceLabels: namespaceObject?.metadata.labels ?? {},
    images: spec.containers.map(({ image }) => image),
    owner: topmostOwner(about, others),
    containers: spec.containers.map(({ name, image }) => {
      const found = statuses.get(name);
      return { name, image, containerId: found?.containerID?.replace(/^[a-z-]+:\/\//, ''), running: found?.state?.running !== undefined };
    }),
  };
}

/** Owners of owners, at most: a Job of a CronJob, a ReplicaSet of a Deployment of something else. */
const maxOwnerDepth = 8;

function topmostOwner({ namespace, ownerReferences, labels: podLabels }: Pod['metadata'], others: readonly Owned[]): string | undefined {
  let owner = controllerOf(ownerReferences);
  for (let depth = 0; owner !== undefined && depth < maxOwnerDepth; depth++) {
    const { kind, name } = owner;
    const above = controllerOf(others.find((each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace)?.metadata.ownerReferences);
    if (above === undefined) break;
    owner = above;
  }
  if (owner === undefined) return undefined;
  // A Deployment names its ReplicaSets after itself and the hash that is a label of their pods.
  const hash = podLabels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) return `Deployment/${owner.name.slice(0, -hash.length - 1)}`;
  return `${owner.kind}/${owner.name}`;
}

function controllerOf(references: Pod['metadata']['ownerReferences']): { readonly kind: string; readonly name: string } | undefined {
  return references?.find(({ controller }) => controller === true) ?? references?.[0];
}
