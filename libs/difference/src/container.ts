import type { ContainerSnapshot, NamespaceDetails } from '@icecore/snapshot';
import { compareFields, type FieldChange, type Fields, inOrder } from './fields.ts';

/** Which checkpoint this is: said of either side, never a change. */
export interface CheckpointName {
  readonly containerId: string | null;
  readonly name: string | null;
  /** ISO 8601, UTC; null where the archive does not say. */
  readonly checkpointedAt: string | null;
}

export function nameOf({ container }: ContainerSnapshot): CheckpointName {
  return {
    containerId: container.id ?? null,
    name: container.name ?? null,
    checkpointedAt: container.checkpointedAt?.toISOString() ?? null,
  };
}

/** What the engine's metadata and the namespaces say of the container: who it is, its image, its host name, its ids. */
export function compareContainers(before: ContainerSnapshot, after: ContainerSnapshot): FieldChange[] {
  const keys = (of: 'annotations' | 'labels'): string[] => [...new Set([...before.container[of].keys(), ...after.container[of].keys()])].sort(inOrder);
  const named = { annotations: keys('annotations'), labels: keys('labels') };
  return compareFields(containerFields(before, named), containerFields(after, named));
}

function containerFields({ container, namespaces }: ContainerSnapshot, keys: { readonly annotations: readonly string[]; readonly labels: readonly string[] }): Fields {
  return {
    engine: container.engine,
    id: container.id ?? null,
    name: container.name ?? null,
    image: container.image ?? null,
    imageRef: container.imageRef ?? null,
    runtime: container.runtime ?? null,
    'pod.name': container.pod?.name ?? null,
    'pod.namespace': container.pod?.namespace ?? null,
    'pod.uid': container.pod?.uid ?? null,
    createdAt: container.createdAt?.toISOString() ?? null,
    command: container.command,
    hostname: container.hostname ?? null,
    terminal: container.terminal ?? null,
    logPath: container.logPath ?? null,
    nodename: namespaces.hostname ?? null,
    domainname: namespaces.domainName ?? null,
    uid_map: rangesOf(namespaces.uidMap),
    gid_map: rangesOf(namespaces.gidMap),
    ...Object.fromEntries(keys.annotations.map((key) => [`annotations.${key}`, container.annotations.get(key) ?? null])),
    ...Object.fromEntries(keys.labels.map((key) => [`labels.${key}`, container.labels.get(key) ?? null])),
  };
}

/** As lines of `/proc/PID/uid_map`. */
function rangesOf(ranges: NamespaceDetails['uidMap']): string[] {
  return ranges.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`);
}
