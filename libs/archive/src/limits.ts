/** What is the most we follow of what an archive says. Everything past a limit leaves a gap or an error of code `limit`. */
export interface ArchiveLimits {
  /** Bytes that one compressed file may expand to; of an image, all layers that are looked at together. */
  readonly maxExpandedBytes: number;
  /**
   * Expanded bytes per compressed byte, looked at only beyond `freeExpandedBytes`. DEFLATE cannot pass 1032; zstd
   * and xz of untouched memory can, in archives small enough to be free.
   */
  readonly maxExpansionRatio: number;
  /** Expanded bytes that no ratio is asked of. */
  readonly freeExpandedBytes: number;
  /** Memory that a zstd frame may ask for as its window, a power of two; 128 MiB is what zstd itself accepts. */
  readonly maxWindowBytes: number;
  /** Frames of one zstd file, skippable ones too. */
  readonly maxFrameCount: number;
  /** Compressions around one tar, and image indexes inside each other. */
  readonly maxDepth: number;
  /** Images of an archive, and layers of it, that are looked at. */
  readonly maxLayerCount: number;
  /** One JSON document of an image. */
  readonly maxJsonBytes: number;
  /** Entries of one tar. */
  readonly maxEntryCount: number;
  /** One long name, pax record block or sparse map. */
  readonly maxMetadataBytes: number;
  /** All of these of one tar together. */
  readonly maxTotalMetadataBytes: number;
  /** One path in UTF-8. */
  readonly maxPathBytes: number;
  /** Bytes looked through for the next header after a damaged one, or for leftovers after the end marker; of one tar together. */
  readonly maxResyncBytes: number;
  /** Gaps that one step lists; the rest is only counted. */
  readonly maxGapCount: number;
}

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export const defaultArchiveLimits: ArchiveLimits = {
  maxExpandedBytes: 1024 * GiB,
  maxExpansionRatio: 1100,
  freeExpandedBytes: GiB,
  maxWindowBytes: 128 * MiB,
  maxFrameCount: 1_000_000,
  maxDepth: 4,
  maxLayerCount: 256,
  maxJsonBytes: 4 * MiB,
  maxEntryCount: 2_000_000,
  maxMetadataBytes: MiB,
  maxTotalMetadataBytes: 256 * MiB,
  maxPathBytes: 64 * 1024,
  maxResyncBytes: GiB,
  maxGapCount: 10_000,
};

/** The default limits with those that the caller sets. */
export function archiveLimits(changed: Partial<ArchiveLimits> = {}): ArchiveLimits {
  return { ...defaultArchiveLimits, ...changed };
}
