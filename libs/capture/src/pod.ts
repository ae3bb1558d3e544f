import type { ResolvedPod } from '@icecore/alerts';
import { z } from 'zod';

const containerStatus = z.object({
  name: z.string(),
  containerID: z.string().optional(),
  image: z.string().default(''),
  imageID: z.string().default(''),
  state: z.object({ running: z.object({}).optional() }).optional(),
});

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z.object({ nodeName: z.string().optional(), containers: z.array(z.object({ name: z.string(), image: z.string().default('') })) }),
  status: z
    .object({ phase: z.string().default('Unknown'), containerStatuses: z.array(containerStatus).default([]), initContainerStatuses: z.array(containerStatus).default([]) })
    .default({ phase: 'Unknown', containerStatuses: [], initContainerStatuses: [] }),
});

/** A pod of the API, as far as it bears on captures. */
export type Pod = z.infer<typeof podSchema>;

/** Throws a `ZodError` for what is no pod. */
export function parsePod(value: unknown): Pod {
  return podSchema.parse(value);
}

/** Id of a container without the runtime's prefix (`containerd://`). */
export function bareContainerId(id: string | undefined): string | undefined {
  const bare = id?.replace(/^[a-z-]+:\/\//, '');
  return bare === undefined || bare === '' ? undefined : bare;
}

/**
 * The top-most owner as `Kind/name`. A ReplicaSet's Deployment is known by the hash at the end of its name, which the pod
 * carries as a label; no other resource has to be read for it.
 */
export function ownerOf({ metadata }: Pod): string | undefined {
  const owner = metadata.ownerReferences.find(({ controller }) => controller === true) ?? metadata.ownerReferences[0];
  if (owner === undefined) return undefined;
  const hash = metadata.labels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) return `Deployment/${owner.name.slice(0, -hash.length - 1)}`;
  return `${owner.kind}/${owner.name}`;
}

/** The pod in the form in which policy asks about it. */
export function resolvedPod(pod: Pod, namespaceLabels: Readonly<Record<string, string>>): ResolvedPod {
  const statuses = new Map([...pod.status.initContainerStatuses, ...pod.status.containerStatuses].map((status) => [status.name, status]));
  return {
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    uid: pod.metadata.uid,
    node: pod.spec.nodeName ?? '',
    phase: pod.spec.nodeName === undefined ? 'Pending' : pod.status.phase,
    owner: ownerOf(pod),
    labels: pod.metadata.labels,
    namespaceLabels,
    images: pod.spec.containers.map(({ image }) => image),
    containers: pod.spec.containers.map(({ name, image }) => {
      const status = statuses.get(name);
      return { name, image, containerId: bareContainerId(status?.containerID), running: status?.state?.running !== undefined };
    }),
  };
}
