import { imageTypes } from '@icecore/criu';
import { filesystemName, flagNames, formatKernelDevice, mountFlags } from '@icecore/linux';
import type { ImageReader } from './image-reader.ts';

/** A mount of the container (mount(2), `/proc/PID/mountinfo`). */
export interface Mount {
  /** Id of the mount namespace. */
  readonly namespaceId: number;
  readonly mountId: number;
  readonly parentId: number;
  readonly mountpoint: string;
  /** Path within the file system that is mounted. */
  readonly root: string;
  readonly source: string;
  readonly filesystem: string;
  /** `major:minor`. */
  readonly device: string;
  readonly flags: readonly string[];
  readonly superblockFlags: readonly string[];
  readonly options: string;
  /** Set where the mount comes from outside the container: a volume, a bind mount. */
  readonly externalKey: string | undefined;
}

/** Mounts in the order of `/proc/PID/mountinfo`: the dump has them the other way round. */
export async function readMounts(images: ImageReader): Promise<readonly Mount[]> {
  const mounts: Mount[] = [];
  for (const { fileName, id } of images.matching(/^mountpoints-(\d+)\.img$/)) {
    const entries = await images.read(fileName, imageTypes.MNTS);
    for (const { message } of [...entries].reverse()) {
      mounts.push({
        namespaceId: Number(id),
        mountId: message.mnt_id,
        parentId: message.parent_mnt_id,
        mountpoint: message.mountpoint.startsWith('/') ? message.mountpoint : `/${message.mountpoint.replace(/^\.\/?/, '')}`,
        root: message.root,
        source: message.source,
        filesystem: filesystemName(message.fstype, message.fsname) ?? message.fsname ?? 'unknown',
        device: formatKernelDevice(message.root_dev),
        get flags() {
          return flagNames(message.flags, mountFlags);
        },
        get superblockFlags() {
          return flagNames(message.sb_flags ?? 0, mountFlags);
        },
        options: message.options,
        externalKey: message.ext_key,
      });
    }
  }
  return mounts;
}
