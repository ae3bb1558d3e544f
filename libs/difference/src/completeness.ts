import type { ContainerSnapshot, Process } from '@icecore/snapshot';
import type { NotCompared } from './not-compared.ts';

/** Says why a part of a checkpoint is not there at all; undefined where it is, be it empty. */
export type Missing = (snapshot: ContainerSnapshot) => string | undefined;

/** A pre-dump has memory and nothing else. */
export const missingProcesses: Missing = (snapshot) => missingImage(snapshot, 'pstree.img');
export const missingOpenFiles: Missing = (snapshot) => missingImage(snapshot, 'files.img');

export const missingMounts: Missing = ({ mounts, images }) => {
  if (mounts.length > 0 || [...images.names()].some((name) => name.startsWith('mountpoints-'))) return undefined;
  return 'there is no image of them';
};

/** Notes for each side whether a part is missing; true where both have it. */
export function isComparable(subject: string, missing: Missing, before: ContainerSnapshot, after: ContainerSnapshot, notCompared: NotCompared[]): boolean {
  let comparable = true;
  for (const [side, snapshot] of [['before', before], ['after', after]] as const) {
    const reason = missing(snapshot);
    if (reason === undefined) continue;
    notCompared.push({ side, subject, reason });
    comparable = false;
  }
  return comparable;
}

/** A process without a single descriptor, in a dump with tables of open files that cannot be read. */
export function missingDescriptors(process: Process): Missing {
  return ({ gaps }) => {
    if (process.descriptors.length > 0 || process.state === 'zombie' || process.state === 'dead') return undefined;
    const gap = gaps.find(({ place }) => place.image !== undefined && /^(fdinfo|ids)-/.test(place.image));
    return gap === undefined ? undefined : `it has none, and ${gap.place.image ?? ''} cannot be read`;
  };
}

function missingImage({ gaps }: ContainerSnapshot, image: string): string | undefined {
  return gaps.find(({ code, place }) => code === 'missing' && place.image === image)?.reason;
}
