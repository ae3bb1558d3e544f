import { z } from 'zod';

const volume = z.looseObject({ name: z.string(), persistentVolumeClaim: z.unknown().optional(), hostPath: z.looseObject({ path: z.string() }).optional(), emptyDir: z.unknown().optional() });
const container = z.looseObject({ name: z.string(), image: z.string().optional(), volumeMounts: z.array(z.looseObject({ name: z.string() })).optional() });

const podSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z.array(z.looseObject({ kind: z.string(), name: z.string(), controller: z.boolean().optional() })).default([]),
  }),
  spec: z.looseObject({
    nodeName: z.string().optional(),
    hostname: z.string().optional(),
    hostNetwork: z.boolean().optional(),
    containers: z.array(container),
    initContainers: z.array(container).default([]),
    volumes: z.array(volume).default([]),
  }),
});

/** A pod as the API has it, with all its fields, as far as a move looks at it. */
export type MovablePod = z.infer<typeof podSchema>;

/** Throws a `z.ZodError` for what is no pod. */
export function parseMovablePod(value: unknown): MovablePod {
  return podSchema.parse(value);
}

/** Which capture the copy is made of: who takes a copy back takes this one and no other. */
export const migrationAnnotation = 'icecore.dev/migrated-by';
/** The pod that the copy is of: NAMESPACE/POD/UID. */
export const migratedFromAnnotation = 'icecore.dev/migrated-from';

export interface PodCopy {
  /** Name of the new pod. */
  readonly name: string;
  /** Node that it runs on; no scheduler is asked. */
  readonly node: string;
  /** Container that goes on from the checkpoint. */
  readonly container: string;
  /** The checkpoint's image, by digest. */
  readonly image: string;
  /** Name of the capture. */
  readonly capture: string;
}

/** Volumes by which the API gives pods their tokens: it gives the copy its own. */
const tokenVolume = /^kube-api-access-/;
/** What the API or a controller works out anew, or is written anew here. */
const notCopied = ['nodeName', 'priority', 'preemptionPolicy', 'ephemeralContainers', 'serviceAccount', 'hostname', 'containers', 'initContainers', 'volumes'];

/** The pod as it is specified, under another name and on another node, with one container from a checkpoint. It has no owner. */
export function copyOfPod({ metadata, spec }: MovablePod, { name, node, container: moved, image, capture }: PodCopy): Readonly<Record<string, unknown>> {
  const annotations = Object.fromEntries(Object.entries(metadata.annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'));
  const without = Object.fromEntries(Object.entries(spec).filter(([field]) => !notCopied.includes(field)));
  const isToken = (each: { readonly name: string }): boolean => tokenVolume.test(each.name);
  const untold = (each: z.infer<typeof container>) => ({ ...each, ...(each.volumeMounts === undefined ? {} : { volumeMounts: each.volumeMounts.filter((mount) => !isToken(mount)) }) });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: metadata.labels,
      annotations: { ...annotations, [migrationAnnotation]: capture, [migratedFromAnnotation]: `${metadata.namespace}/${metadata.name}/${metadata.uid}` },
    },
    spec: {
      ...without,
      nodeName: node,
      // The processes know the name that they had.
      ...(spec.hostNetwork === true ? {} : { hostname: spec.hostname ?? metadata.name.slice(0, 63).replace(/[^a-z0-9]+$/, '').replaceAll('.', '-') }),
      containers: spec.containers.map((each) => (each.name === moved ? { ...untold(each), image, imagePullPolicy: 'IfNotPresent' } : untold(each))),
      ...(spec.initContainers.length === 0 ? {} : { initContainers: spec.initContainers.map(untold) }),
      volumes: spec.volumes.filter((each) => !isToken(each)),
    },
  };
}
