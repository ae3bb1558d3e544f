import { createHash } from 'node:crypto';

/** A pod to be in the cluster. */
export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly string[];
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Name of a Deployment, whose ReplicaSet owns the pod. */
  readonly deployment?: string;
  readonly image?: string;
  /** Ids that runtimes gave, by container; else they come from the names. */
  readonly containerIds?: Readonly<Record<string, string>>;
  /** Containers that have ended. */
  readonly ended?: readonly string[];
}

/** Id of a container in a rehearsal: 64 hex digits from its names. */
export function containerIdOf(namespace: string, pod: string, container: string): string {
  return createHash('sha256').update(`${namespace}/${pod}/${container}`).digest('hex');
}

/** The pod as the API has it, running on a node. */
export function podManifest({ namespace, name, containers, uid, labels = {}, annotations, deployment, image = 'localhost/lab:1', containerIds = {}, ended = [] }: PodSpec, node: string): unknown {
  const hash = '7c9d8f6b5';
  return {
    metadata: {
      name,
      namespace,
      ...(uid === undefined ? {} : { uid }),
      labels: { ...labels, ...(deployment === undefined ? {} : { 'pod-template-hash': hash }) },
      ...(annotations === undefined ? {} : { annotations }),
      ...(deployment === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-${hash}`, uid: 'owner', controller: true }] }),
    },
    spec: { nodeName: node, containers: containers.map((container) => ({ name: container, image })) },
    status: {
      phase: 'Running',
      containerStatuses: containers.map((container) => ({
        name: container,
        image,
        imageID: `sha256:${'ab'.repeat(32)}`,
        containerID: `containerd://${containerIds[container] ?? containerIdOf(namespace, name, container)}`,
        ready: !ended.includes(container),
        restartCount: 0,
        state: ended.includes(container) ? { terminated: { exitCode: 0 } } : { running: { startedAt: '2026-11-23T07:02:57Z' } },
      })),
    },
  };
}
