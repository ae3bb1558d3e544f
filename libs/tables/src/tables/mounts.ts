import { bigint, nullable, text, textList, type ValuesOf } from '@icecore/lake';
import { type Filling, filledTable } from '../filled-table.ts';
import { sortedBy } from '../values.ts';

const columns = {
  namespace_id: bigint('Id of the mount namespace.'),
  mount_id: bigint('Id of the mount.'),
  parent_id: bigint('Id of the mount that this one is on.'),
  mountpoint: text('Path in the container.'),
  root: text('Path within the file system that is mounted.'),
  source: text('Source, as mount(2) was told.'),
  filesystem: text('Kind of file system.'),
  device: text('Device as major:minor.'),
  flags: textList('Flags of the mount by name.'),
  superblock_flags: textList('Flags of the file system by name.'),
  options: text('Options of the file system.'),
  external_key: nullable(text('Set where the mount comes from outside the container; NULL for the mounts of its own.')),
};

export const mounts = filledTable(
  { name: 'mounts', description: 'One mount of a mount namespace of the container.', version: 1, columns, sortBy: ['namespace_id', 'mount_id'] },
  function* ({ snapshot }: Filling): Iterable<ValuesOf<typeof columns>> {
    for (const mount of sortedBy(sortedBy(snapshot.mounts, ({ mountId }) => mountId), ({ namespaceId }) => namespaceId)) {
      const { mountpoint, root, source, filesystem, device, flags, superblockFlags, options, externalKey } = mount;
      yield {
        namespace_id: BigInt(mount.namespaceId),
        mount_id: BigInt(mount.mountId),
        parent_id: BigInt(mount.parentId),
        mountpoint,
        root,
        source,
        filesystem,
        device,
        flags,
        superblock_flags: superblockFlags,
        options,
        external_key: externalKey ?? null,
      };
    }
  },
);
