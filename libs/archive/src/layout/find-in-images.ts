import { type ByteSource, DamageError, formatGap, type Gap, gapOf, isDamageError } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';
import { type TarIndex } from '../tar/index-tar.ts';
import { dockerImages, isDockerArchive } from './docker-image.ts';
import { entryMap } from './entry-map.ts';
import { type Checkpoint, findCheckpoint } from './find-checkpoint.ts';
import { type Images } from './image.ts';
import { isOciLayout, ociImages } from './oci-image.ts';

/** A checkpoint that is a layer of an image. */
export type LayeredCheckpoint = Omit<Checkpoint, 'container'> & {
  readonly container: 'oci-image' | 'docker-image';
  readonly annotations: ReadonlyMap<string, string>;
};

/** A layer as a listed tar. */
export interface OpenedLayer extends TarIndex {
  readonly source: ByteSource;
  /** Gives back what the layer's bytes take in the spool. */
  readonly release: () => Promise<void>;
}

export type OpenLayer = (layer: ArchiveEntry, limits: ArchiveLimits) => Promise<OpenedLayer>;

/**
 * The first layer of an OCI or docker image archive that holds a checkpoint. Undefined where the entries are no
 * image archive; rejects with a `DamageError` where they are one and no layer holds a checkpoint.
 */
export async function findInImages(
  entries: readonly ArchiveEntry[],
  limits: ArchiveLimits,
  open: OpenLayer,
): Promise<LayeredCheckpoint | undefined> {
  const map = entryMap(entries);
  const gaps: Gap[] = [];
  const kinds = [
    { container: 'oci-image', matches: isOciLayout(map), read: () => ociImages(map, limits) },
    { container: 'docker-image', matches: isDockerArchive(map), read: () => dockerImages(map, limits) },
  ] as const;
  const matching = kinds.filter(({ matches }) => matches);
  if (matching.length === 0) return undefined;
  for (const { container, read } of matching) {
    const images = await read().catch((error: unknown): Images => ({ images: [], gaps: [gapOf('the image', error)] }));
    gaps.push(...images.gaps);
    const found = await firstCheckpoint(images, limits, open, gaps);
    if (found !== undefined) return { ...found, container, gaps: [...gaps, ...found.gaps] };
  }
  const why = gaps[0] === undefined ? '' : `; ${formatGap(gaps[0])}`;
  throw new DamageError('malformed', `no layer of the image is a checkpoint${why}`);
}

async function firstCheckpoint(
  { images }: Images,
  limits: ArchiveLimits,
  open: OpenLayer,
  gaps: Gap[],
): Promise<Omit<LayeredCheckpoint, 'container'> | undefined> {
  const tried = new Set<ArchiveEntry>();
  let { maxExpandedBytes, freeExpandedBytes } = limits;
  for (const { layers, annotations } of images) {
    for (const layer of layers) {
      if (tried.has(layer) || tried.size >= limits.maxLayerCount) continue;
      tried.add(layer);
      try {
        const { source, entries, gaps: damage, release } = await open(layer, { ...limits, maxExpandedBytes, freeExpandedBytes });
        const found = findCheckpoint(entries);
        if (found !== undefined) return { ...found, gaps: [...damage, ...found.gaps], annotations: new Map(annotations.flat()) };
        await release();
        maxExpandedBytes = Math.max(0, maxExpandedBytes - source.size);
        freeExpandedBytes = Math.max(0, freeExpandedBytes - source.size);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        gaps.push(gapOf(`layer ${layer.path}`, error));
      }
    }
  }
  return undefined;
}
