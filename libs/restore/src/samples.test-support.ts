import { type CheckpointArchive, memorySpool, openArchive } from '@icecore/archive';
import { type ByteSource } from '@icecore/bytes';
import { type ContainerSnapshot, openSnapshot } from '@icecore/snapshot';

/** Samples that engines restore from, by what took them. */
export const sampleNames = {
  containerd: 'checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar',
  crio: 'crio-loop.tar',
  attack: 'podman-attack.tar.zst',
  podman: 'podman-loop.tar.zst',
  gzip: 'podman-userns.tar.gz',
} as const;
export type SampleName = keyof typeof sampleNames;

export function sampleUrl(name: SampleName | 'image'): URL {
  return new URL(`../../../samples/${name === 'image' ? 'podman-oci-image.tar' : sampleNames[name]}`, import.meta.url);
}

/** An archive in memory and the snapshot in it. */
export async function opened(source: ByteSource): Promise<{ readonly archive: CheckpointArchive; readonly snapshot: ContainerSnapshot }> {
  const spool = memorySpool();
  const archive = await openArchive(source, { spool });
  return { archive, snapshot: await openSnapshot(archive, { spool }) };
}
