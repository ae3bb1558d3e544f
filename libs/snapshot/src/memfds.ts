import { imageTypes } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

/** A file that lives in memory alone (memfd_create(2)), or a shared anonymous mapping that the kernel keeps as one. */
export interface MemfdInode {
  readonly inodeId: number;
  /** The name it was created with. */
  readonly name: string;
  /** As `/proc` shows it: `/memfd:NAME`, or `/dev/zero` for a shared anonymous mapping. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: bigint;
  readonly mode: number | undefined;
  readonly seals: number;
  /** Id of the segment that holds the content: `pagemap-shmem-<id>.img`. */
  readonly segmentId: number;
}

export async function readMemfds(images: ImageReader): Promise<ReadonlyMap<number, MemfdInode>> {
  const inodes = new Map<number, MemfdInode>();
  for (const { message } of await images.read('memfd.img', imageTypes.MEMFD_INODE)) {
    const { name, uid, gid, size, shmid, seals, mode } = message;
    const inodeId = Number(message.inode_id);
    // Names under `/` are the kernel's own: `/dev/zero` for shared anonymous memory, `/SYSV…` for System V segments.
    inodes.set(inodeId, { inodeId, name, path: name.startsWith('/') ? name : `/memfd:${name}`, uid, gid, size, mode, seals, segmentId: shmid });
  }
  return inodes;
}

/** A System V shared memory segment (shmget(2)). */
export interface SysvSegment {
  readonly id: number;
  readonly key: number;
  readonly size: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export async function readSysvSegments(images: ImageReader): Promise<readonly SysvSegment[]> {
  const segments: SysvSegment[] = [];
  for (const { fileName } of images.matching(/^ipcns-shm-(\d+)\.img$/)) {
    for (const { message } of await images.read(fileName, imageTypes.IPCNS_SHM)) {
      const { id, key, uid, gid, mode } = message.desc;
      segments.push({ id, key, uid, gid, mode, size: message.size });
    }
  }
  return segments;
}

/** As `/proc/PID/maps` names a System V segment. */
export function sysvPath(key: number): string {
  return `/SYSV${key.toString(16).padStart(8, '0')}`;
}

