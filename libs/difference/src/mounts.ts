import type { Mount } from '@icecore/snapshot';
import { compareFields, type FieldChange, type Fields } from './fields.ts';
import { type Changes, inTextOrder, pairUp } from './pairing.ts';

/** A mount that only one of the checkpoints has. */
export interface MountName {
  readonly mountpoint: string;
  readonly filesystem: string;
  readonly source: string;
  readonly root: string;
  readonly flags: readonly string[];
}

export interface MountChange {
  readonly mountpoint: string;
  readonly fields: readonly FieldChange[];
}

/** A mount is known by its mount point; of several on one, by id and file system. Ids themselves say nothing. */
export function compareMounts(before: readonly Mount[], after: readonly Mount[]): Changes<MountName, MountChange> {
  const { pairs, added, removed } = pairUp(before, after, [
    ({ mountpoint, filesystem, mountId }) => JSON.stringify([mountpoint, filesystem, mountId]),
    ({ mountpoint, filesystem }) => JSON.stringify([mountpoint, filesystem]),
    ({ mountpoint }) => mountpoint,
  ]);
  return {
    added: added.map(nameOf).sort(inTextOrder),
    removed: removed.map(nameOf).sort(inTextOrder),
    changed: pairs
      .map(([was, is]) => ({ mountpoint: was.mountpoint, fields: compareFields(fieldsOf(was), fieldsOf(is)) }))
      .filter(({ fields }) => fields.length > 0)
      .sort((a, b) => inTextOrder(a.mountpoint, b.mountpoint)),
  };
}

function nameOf({ mountpoint, filesystem, source, root, flags }: Mount): MountName {
  return { mountpoint, filesystem, source, root, flags };
}

function fieldsOf(mount: Mount): Fields {
  return {
    filesystem: mount.filesystem,
    source: mount.source,
    root: mount.root,
    device: mount.device,
    flags: mount.flags,
    superblockFlags: mount.superblockFlags,
    options: mount.options,
    externalKey: mount.externalKey ?? null,
  };
}
