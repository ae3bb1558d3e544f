import { createHash, randomBytes } from 'node:crypto';
import { memorySource } from '@icecore/bytes';
import { type CheckpointImage, checkpointImage } from '@icecore/restore';

/** An image around a layer of random bytes: what a registry takes it for does not matter to it. */
export function imageOfBytes(size: number): CheckpointImage {
  const bytes = randomBytes(size);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as const;
  const source = memorySource(bytes);
  const layer = { descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size }, source, diffId: digest, plain: source };
  const config = { containerName: 'c', runtime: undefined, requested: 'base:1', name: 'base:1', reference: undefined };
  return checkpointImage(layer, { engine: 'podman', containerName: 'c', pod: undefined, config, architecture: 'amd64', kernel: undefined, criu: undefined, cgroups: undefined }, new Date(0));
}
