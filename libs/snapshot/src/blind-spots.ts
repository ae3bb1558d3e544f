import type { Engine } from '@icecore/archive';
import type { Gap } from '@icecore/bytes';
import type { Mount } from './mounts.ts';

/** What a checkpoint of this kind cannot hold, whatever happened in the container. Told with every snapshot. */
export function blindSpots(engine: Engine, mounts: readonly Mount[], hasRootfs: boolean, networkDumped: boolean): Gap[] {
  const spots: Gap[] = [
    notCaptured('processes started by exec', 'a process that does not descend from the container’s first one is not part of a dump, and leaves no trace in it'),
    notCaptured('unmodified pages of mapped files', 'they are the same as in the file, which the image or a volume holds'),
    notCaptured('start times of processes', 'no image records them'),
  ];
  if (!hasRootfs) spots.push(notCaptured('changes to the root file system', 'the archive has no rootfs-diff.tar', 'rootfs-diff.tar'));
  else if (engine === 'podman' || engine === 'cri-o') {
    spots.push(notCaptured('modified files of the image', `${engine} leaves out those whose path does not exist on the node: absence here does not mean unmodified`, 'rootfs-diff.tar'));
  }
  if (engine === 'cri-o' || engine === 'containerd') spots.push(notCaptured('/dev/shm', 'it belongs to the pod and is not part of the archive'));
  if (!networkDumped) spots.push(notCaptured('interfaces, routes and packet filters', 'the network namespace belongs to the pod or the node'));
  const outside = mounts.filter(({ externalKey, filesystem }) => externalKey !== undefined && filesystem !== 'proc').map(({ mountpoint }) => mountpoint);
  if (outside.length > 0) {
    spots.push(notCaptured('files of mounts from outside', `the content of ${outside.length} mounts is not part of a dump: ${outside.slice(0, 8).join(', ')}${outside.length > 8 ? ', …' : ''}`));
  }
  return spots;
}

function notCaptured(subject: string, reason: string, entry?: string): Gap {
  return { code: 'not_captured', subject, reason, place: entry === undefined ? {} : { entry } };
}
