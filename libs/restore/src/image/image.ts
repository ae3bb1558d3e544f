import { type CheckpointFacts, checkpointAnnotations } from './annotations.ts';
import { type Annotations, type Blob, type Descriptor, jsonBlob, mediaTypes } from './descriptor.ts';
import type { CheckpointLayer } from './layer.ts';

/** An image of one layer, which is a checkpoint archive. */
export interface CheckpointImage {
  /** What a tag points at: an index of one manifest, for containerd looks for annotations there and CRI-O at the manifest. */
  readonly index: Blob;
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
  readonly annotations: Annotations;
}

/**
 * The image of an archive. It depends on the archive alone: the same archive has the same digest, whoever makes the image and
 * whenever. `takenAt` stands for the time of creation.
 */
export function checkpointImage(layer: CheckpointLayer, facts: CheckpointFacts, takenAt: Date): CheckpointImage {
  const created = takenAt.toISOString();
  const platform = { architecture: facts.architecture ?? 'unknown', os: 'linux' };
  const checkpoint = checkpointAnnotations(facts);
  const annotations = sorted({ ...checkpoint, 'org.opencontainers.image.created': created });
  const config = jsonBlob(mediaTypes.config, {
    created,
    ...platform,
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ created, created_by: 'icecore image', comment: `checkpoint of ${facts.containerName}` }],
  });
  const { mediaType, digest, size } = layer.descriptor;
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: [{ mediaType, digest, size }],
    annotations,
  });
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...manifest.descriptor, platform } satisfies Descriptor],
    annotations,
  });
  return { index, manifest, config, layer, annotations };
}

function sorted(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1)));
}
