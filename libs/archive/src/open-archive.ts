import { type ByteSource, DamageError, formatGap, type Gap } from '@icecore/bytes';
import { type ExpandOptions } from './compression/expand.ts';
import { type Compression } from './compression/magic.ts';
import { type ArchiveEntry, joinNames } from './entry.ts';
import { type EntryMap } from './layout/entry-map.ts';
import { findCheckpoint, imagesBelow } from './layout/find-checkpoint.ts';
import { findInImages, type OpenLayer } from './layout/find-in-images.ts';
import { archiveLimits } from './limits.ts';
import { openTar } from './open-tar.ts';
import { type TarIndex } from './tar/index-tar.ts';

export type OpenOptions = ExpandOptions;

/** A container checkpoint, however it was packed. */
export interface CheckpointArchive {
  /** Compression of the file as given, the outermost. */
  readonly compression: Compression;
  /** How the checkpoint was wrapped: its own tar, a layer of an image, or a tar of CRIU images with nothing around them. */
  readonly container: 'tar' | 'oci-image' | 'docker-image' | 'image-folder';
  /** Bytes of the file as given. */
  readonly size: number;
  /** By path from the checkpoint's root. Of doubled paths the last wins and a gap tells. */
  readonly entries: EntryMap;
  readonly gaps: readonly Gap[];
  /** Path prefix of the CRIU images: usually `checkpoint/`, `pre-checkpoint/` for a pre-copy, empty for an image folder. */
  readonly imagesPrefix: string;
  /** CRIU images by file name, for example `core-1.img`. */
  images(): EntryMap;
  /** Annotations of the image around the checkpoint and labels of its config; none where it is not wrapped. */
  readonly annotations: ReadonlyMap<string, string>;
}

const noAnnotations: ReadonlyMap<string, string> = new Map();

/**
 * Finds the checkpoint in an archive and lists it. Rejects with a `DamageError` where there is none; damage that
 * leaves a checkpoint to look at is among its gaps.
 */
export async function openArchive(source: ByteSource, options: OpenOptions): Promise<CheckpointArchive> {
  const { compression, entries: listed, gaps, release } = await openTar(source, options);
  const openLayer: OpenLayer = (layer, limits) =>
    openTar(layer.source, { ...options, limits, name: joinNames(options.name, layer.path) });
  try {
    const own = findCheckpoint(listed);
    const layered = own === undefined ? await findInImages(listed, archiveLimits(options.limits), openLayer) : undefined;
    const found = layered ?? (own === undefined ? undefined : { ...own, annotations: noAnnotations });
    if (found === undefined) throw new DamageError('malformed', nothingFound(listed, gaps));
    const { entries, imagesPrefix } = found;
    return {
      ...found,
      compression,
      size: source.size,
      gaps: [...gaps, ...found.gaps],
      images: () => imagesBelow(entries, imagesPrefix),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * A tar inside the checkpoint, plain or compressed (`rootfs-diff.tar`, `tmpfs-dev-N.tar.gz.img`,
 * `volumes/NAME.tar`), listed. Places name its entries `outer!inner`.
 */
export async function openNested(entry: ArchiveEntry, options: OpenOptions): Promise<TarIndex & { readonly compression: Compression }> {
  const { compression, entries, gaps } = await openTar(entry.source, { ...options, name: joinNames(options.name, entry.path) });
  return { compression, entries, gaps };
}

function nothingFound(entries: readonly ArchiveEntry[], gaps: readonly Gap[]): string {
  const first = entries.slice(0, 5).map(({ path }) => path.slice(0, 100));
  const names = entries.length === 0 ? 'no entries' : `${entries.length} entries, first ${first.join(', ')}`;
  const damage = gaps[0] === undefined ? '' : `; ${formatGap(gaps[0])}`;
  return `no checkpoint in this archive: it holds ${names}${damage}`;
}
