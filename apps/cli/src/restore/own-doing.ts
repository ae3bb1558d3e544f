import type { Changes, FieldChange, SnapshotDifference } from '@icecore/difference';

/** A difference without what a restore itself brings with it. */
export interface OwnDoing {
  readonly difference: SnapshotDifference;
  /** Changes that were left out. */
  readonly leftOut: number;
}

/** What podman gives a container anew. */
const givenFields: readonly string[] = ['id', 'name', 'createdAt', 'logPath'];

/**
 * Leaves out of the difference between a dump and the second capture of its copy what the restore did and not the copy: names and
 * numbers that podman and the kernel give anew, the network that the copy was denied. A mount that is another because its flags are is
 * kept, as are mounts, addresses and descriptors that came.
 */
export function ownDoing(difference: SnapshotDifference): OwnDoing {
  const container = difference.container.filter(({ field }) => !givenFields.includes(field));
  const mounts = { ...difference.mounts, changed: difference.mounts.changed.filter(({ fields }) => has(fields, 'flags') && !has(fields, 'filesystem')) };
  const descriptors = difference.descriptors
    .map((each) => ({ ...each, changed: each.changed.filter(({ fields }) => !isPipeAnew(fields)) }))
    .filter((each) => countOf(each) > 0);
  const { network } = difference;
  const denied = { ...network, addresses: { ...network.addresses, removed: [] }, interfaces: { ...network.interfaces, removed: [] } };
  const notCompared = difference.notCompared.filter(({ subject }) => subject !== 'network interfaces and rules');
  const own = { ...difference, container, mounts, descriptors, network: denied, notCompared };
  return { difference: own, leftOut: changesOf(difference) - changesOf(own) };
}

/** Standard streams of a restored container are pipes of a new conmon. */
function isPipeAnew(fields: readonly FieldChange[]): boolean {
  const file = fields.find(({ field }) => field === 'file');
  const isPipe = (value: FieldChange['before']): boolean => typeof value === 'string' && value.startsWith('pipe:[');
  return file !== undefined && isPipe(file.before) && isPipe(file.after) && fields.every(({ field }) => field === 'file' || field === 'flags');
}

function has(fields: readonly FieldChange[], name: string): boolean {
  return fields.some(({ field }) => field === name);
}

function countOf({ added, removed, changed }: Changes<unknown, unknown>): number {
  return added.length + removed.length + changed.length;
}

function changesOf({ container, mounts, descriptors, network }: SnapshotDifference): number {
  return container.length + countOf(mounts) + descriptors.reduce((sum, each) => sum + countOf(each), 0) + countOf(network.addresses) + countOf(network.interfaces);
}
