import type { HitPlace } from './hits.ts';

/** Contiguous bytes that are scanned as one: memory that lies together in its owners' address spaces, a file, a queue. */
export interface Stretch {
  readonly length: number;
  /** Offsets at which a page or the content begins are multiples of this. */
  readonly pageBytes: number;
  /** Where the byte at an offset is, as a hit tells it. */
  placeOf(offset: number): HitPlace;
  /** Fills `target` from `offset` on. Rejects with a `DamageError` for what cannot be read. */
  read(target: Uint8Array, offset: number): Promise<void>;
  /** What it is, for people. */
  readonly subject: string;
}

/** Bytes that are scanned at once. Blocks begin at multiples of it in their stretch, whoever scans them. */
export const blockBytes = 1 << 20;
/** Bytes on either side of a block that are read with it, so that what crosses its border is seen whole. */
export const marginBytes = 8192;

/** One block of a stretch. */
export interface Block {
  readonly stretch: Stretch;
  readonly start: number;
  readonly end: number;
}
