import { imageTypes } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

/** A control group membership, as a line of `/proc/PID/cgroup`. */
export interface CgroupMembership {
  /** Controllers joined by commas, `name=systemd`, or empty for the unified hierarchy. */
  readonly controllers: string;
  readonly path: string;
}

/** Memberships by the id of the set that tasks refer to. */
export async function readCgroups(images: ImageReader): Promise<ReadonlyMap<number, readonly CgroupMembership[]>> {
  const entry = await images.first('cgroup.img', imageTypes.CGROUP);
  return new Map(
    (entry?.message.sets ?? []).map(({ id, ctls }) => [id, ctls.map(({ name, path }) => ({ controllers: name, path }))]),
  );
}
