import { z } from 'zod';
import type { MovablePod } from './pod-copy.ts';

const nodeSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({ unschedulable: z.boolean().optional() }).default({}),
  status: z
    .looseObject({
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      nodeInfo: z.looseObject({ architecture: z.string().optional(), kernelVersion: z.string().optional(), containerRuntimeVersion: z.string().optional() }).default({}),
    })
    .default({ conditions: [], nodeInfo: {} }),
});

/** A node as the API has it, as far as a move looks at it. */
export type MoveNode = z.infer<typeof nodeSchema>;

/** Throws a `z.ZodError` for what is no node. */
export function parseMoveNode(value: unknown): MoveNode {
  return nodeSchema.parse(value);
}

/** What speaks against a move, before anything was done. */
export interface Misgivings {
  /** Why it is not begun; empty where it may be. */
  readonly refusals: readonly string[];
  /** What goes along, and what does not: for the person who decides. */
  readonly cautions: readonly string[];
}

/** Looks at the pod, the node it is on and the node it is to go to. A node is undefined where the cluster has none of that name. */
export function misgivingsOf(pod: MovablePod, container: string, source: MoveNode | undefined, target: MoveNode | undefined, to: string): Misgivings {
  return { refusals: [...refusalsOfPod(pod, container), ...refusalsOfNode(pod, source, target, to)], cautions: cautionsOf(pod, container) };
}

function refusalsOfPod({ metadata, spec }: MovablePod, container: string): string[] {
  const refusals: string[] = [];
  const pod = `${metadata.namespace}/${metadata.name}`;
  const owner = metadata.ownerReferences.find(({ controller }) => controller === true);
  if (owner !== undefined && owner.kind !== 'Node') {
    refusals.push(
      `${pod} belongs to ${owner.kind} ${owner.name}, which makes another as soon as it is deleted. migrate changes no owner and scales nothing, so it does not move what has one. Take a label from the pod that the owner selects by (kubectl label pod ${metadata.name} KEY-): the owner lets it go, and makes another; scale the owner down before where that is not wanted. Then the pod can be moved`,
    );
  }
  if (owner?.kind === 'Node' || metadata.annotations['kubernetes.io/config.mirror'] !== undefined) refusals.push(`${pod} is a static pod: its node runs it from a file, and starts it again whoever deletes it`);
  if (metadata.deletionTimestamp !== undefined) refusals.push(`${pod} is being deleted`);
  if (!spec.containers.some(({ name }) => name === container)) refusals.push(`${pod} has no container ${container}; it has ${spec.containers.map(({ name }) => name).join(', ')}`);
  return refusals;
}

function refusalsOfNode({ metadata, spec }: MovablePod, source: MoveNode | undefined, target: MoveNode | undefined, to: string): string[] {
  if (spec.nodeName === to) return [`${metadata.namespace}/${metadata.name} is on ${to} already`];
  if (target === undefined) return [`the cluster has no node ${to}`];
  const refusals: string[] = [];
  const ready = target.status.conditions.find(({ type }) => type === 'Ready');
  if (ready !== undefined && ready.status !== 'True') refusals.push(`node ${to} is not ready`);
  if (target.spec.unschedulable === true) refusals.push(`node ${to} is cordoned: somebody wants nothing new on it`);
  const [from, there] = [architectureOf(source), architectureOf(target)];
  if (from !== undefined && there !== undefined && from !== there) refusals.push(`${spec.nodeName ?? 'its node'} is ${from} and ${to} is ${there}: a checkpoint goes on on its own architecture alone`);
  return refusals;
}

export function architectureOf(node: MoveNode | undefined): string | undefined {
  return node?.status.nodeInfo.architecture ?? node?.metadata.labels['kubernetes.io/arch'];
}

function cautionsOf({ metadata, spec }: MovablePod, container: string): string[] {
  const cautions = ['what the source does after the capture is lost', 'the copy has the labels of the source: Services send it traffic as soon as it is ready, while the source still runs'];
  const others = spec.containers.filter(({ name }) => name !== container).map(({ name }) => name);
  if (others.length > 0) cautions.push(`${listed(others)} ${others.length === 1 ? 'begins' : 'begin'} anew: one container goes on from a checkpoint, and not its pod`);
  if (spec.initContainers.length > 0) cautions.push(`${listed(spec.initContainers.map(({ name }) => name))} ${spec.initContainers.length === 1 ? 'runs' : 'run'} again before it`);
  for (const volume of spec.volumes) {
    if (volume.persistentVolumeClaim !== undefined) cautions.push(`volume ${volume.name} is claimed: one that a single node can have is not there for the copy while the source runs, and then the move is taken back`);
    if (volume.hostPath !== undefined) cautions.push(`volume ${volume.name} is ${volume.hostPath.path} of the node: the copy sees that of the other node`);
    if (volume.emptyDir !== undefined) cautions.push(`volume ${volume.name} begins empty: a checkpoint does not hold it`);
  }
  if (spec.hostNetwork !== true) cautions.push('the copy has another address: connections of the source break');
  if (metadata.labels['pod-template-hash'] !== undefined) cautions.push('a ReplicaSet whose selector fits the copy may take it as its own');
  return cautions;
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? `container ${names[0] ?? ''}` : `containers ${names.join(', ')}`;
}
