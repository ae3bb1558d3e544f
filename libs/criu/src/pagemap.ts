import { at, type ByteSource, DamageError, type Gap, gapOf, readAll } from '@icecore/bytes';
import { imageTypes } from './catalog.ts';
import { decodeMessage } from './codec.ts';
import { identifyImage } from './image-reader.ts';
import { pagemapEntry, pagemapHead } from './schema/memory.ts';

/** Bits of a pagemap entry's flags (CRIU, `pagemap.h`). */
export const pageFlags = { parent: 1, lazy: 2, present: 4, aligned: 8 } as const;

/** Largest pagemap image that is followed. An entry takes at least 10 bytes. */
export const maxPagemapBytes = 1 << 30;

/** How the pages of one entry are compressed: regions of `regionPages` pages, the last may be short. */
export interface CompressedRun {
  /** Stored size of each region in bytes: 0 is all zeros, the region's own size is stored as it is, else LZ4. */
  readonly sizes: readonly number[];
  readonly regionPages: number;
}

/**
 * A pagemap image as columns: which pages of an address space (or of a shared segment, then addresses are offsets) the
 * dump speaks of. Entries are as the image has them; `flags` has the old `in_parent` and absent flags resolved.
 */
export interface Pagemap {
  /** Number of the `pages-N.img` that holds the bytes. */
  readonly pagesId: number;
  readonly count: number;
  /** First address of each entry. Exact: addresses are multiples of 4096, and so fit a double. */
  readonly vaddr: Float64Array;
  /** Pages of each entry. */
  readonly pages: Float64Array;
  readonly flags: Uint8Array;
  /** Entries whose pages are compressed, by index. */
  readonly compressed: ReadonlyMap<number, CompressedRun>;
  readonly gaps: readonly Gap[];
}

/** Decodes `pagemap-N.img` or `pagemap-shmem-N.img`. Damage ends the columns and is told in `gaps`. */
export async function readPagemap(source: ByteSource, image: string): Promise<Pagemap> {
  return at({ image }, async () => {
    const { type, start } = await identifyImage(source);
    if (type.magic !== imageTypes.PAGEMAP.magic) throw new DamageError('malformed', `is a ${type.name} image, not PAGEMAP`, { offset: start - 4 });
    if (source.size > maxPagemapBytes) throw new DamageError('limit', `pagemap of ${source.size} bytes is over ${maxPagemapBytes}`);
    return decodePagemap(await readAll(source), image, start);
  });
}

/** Decodes the bytes of a pagemap image, its head at `start`. */
export function decodePagemap(bytes: Uint8Array, image: string, start = 8): Pagemap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = frame(view, start);
  const { pages_id: pagesId } = decodeMessage(pagemapHead, bytes.subarray(start + 4, head), start + 4);
  // The shortest entry is a length word and an address.
  const columns = new Columns(Math.ceil((bytes.length - head) / 10) + 1);
  const gaps: Gap[] = [];
  let position = head;
  try {
    while (position < bytes.length) {
      const end = frame(view, position);
      columns.read(bytes, position + 4, end);
      position = end;
    }
  } catch (error) {
    const placed = error instanceof DamageError ? new DamageError(error.code, error.reason, { image, offset: position }) : error;
    gaps.push(gapOf(`pages of ${image} from entry ${columns.count} on`, placed));
  }
  return {
    pagesId,
    count: columns.count,
    vaddr: columns.vaddr.subarray(0, columns.count),
    pages: columns.pages.subarray(0, columns.count),
    flags: columns.flags.subarray(0, columns.count),
    compressed: columns.compressed,
    gaps,
  };
}

/** End of the length-prefixed message at `position`. */
function frame(view: DataView, position: number): number {
  if (position + 4 > view.byteLength) throw new DamageError('truncated', 'entry ends inside its length', { offset: position });
  const end = position + 4 + view.getUint32(position, true);
  if (end > view.byteLength) throw new DamageError('truncated', `entry of ${end - position} bytes runs past the end`, { offset: position });
  return end;
}

const two32 = 2 ** 32;

class Columns {
  count = 0;
  readonly vaddr: Float64Array;
  readonly pages: Float64Array;
  readonly flags: Uint8Array;
  readonly compressed = new Map<number, CompressedRun>();

  constructor(capacity: number) {
    this.vaddr = new Float64Array(capacity);
    this.pages = new Float64Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  /**
   * One entry, its fields read in place: an image of a large process has millions, and a message object for each
   * would cost ten times as much. Rare forms are left to the codec.
   */
  read(bytes: Uint8Array, start: number, end: number): void {
    let vaddr = -1;
    let pages = -1;
    let compatPages = 0;
    let flags = -1;
    let inParent = false;
    let position = start;
    while (position < end) {
      const tag = bytes[position++]!;
      if (tag !== 0x08 && tag !== 0x10 && tag !== 0x18 && tag !== 0x20 && tag !== 0x28) return this.#readByCodec(bytes, start, end);
      let value = 0;
      let scale = 1;
      let byte = 0x80;
      while (byte >= 0x80) {
        if (position >= end || scale > 2 ** 63) throw new DamageError('malformed', 'varint is not whole', { offset: position });
        byte = bytes[position++]!;
        value += (byte & 0x7f) * scale;
        scale *= 128;
      }
      if (tag === 0x08) vaddr = value;
      else if (tag === 0x28) pages = value;
      else if (tag === 0x20) flags = value;
      else if (tag === 0x10) compatPages = value;
      else inParent = value !== 0;
    }
    this.#add(vaddr, pages === -1 ? compatPages : pages, flags, inParent, start);
  }

  #readByCodec(bytes: Uint8Array, start: number, end: number): void {
    const entry = decodeMessage(pagemapEntry, bytes.subarray(start, end), start);
    const sizes = entry.regions?.region_sizes ?? entry.compressed_size;
    const regionPages = entry.regions?.pages_per_region ?? entry.region_pages;
    if (sizes.length > 0 && regionPages !== undefined) this.compressed.set(this.count, { sizes, regionPages });
    else if (sizes.length > 0) throw new DamageError('malformed', 'compressed pages do not say how long a region is', { offset: start });
    const pages = entry.nr_pages ?? BigInt(entry.compat_nr_pages ?? 0);
    this.#add(Number(entry.vaddr), Number(pages), entry.flags ?? -1, entry.in_parent === true, start);
  }

  #add(vaddr: number, pages: number, flags: number, inParent: boolean, offset: number): void {
    if (vaddr === -1) throw new DamageError('malformed', 'entry has no address', { offset });
    if (vaddr % 4096 !== 0) throw new DamageError('malformed', 'address is not that of a page', { offset });
    if (pages * 4096 > two32 * two32 - vaddr) throw new DamageError('malformed', `${pages} pages run past the address space`, { offset });
    // CRIU, `pagemap.c`, init_compat_pagemap_entry: old entries had `in_parent` or nothing at all.
    const resolved = inParent ? (flags === -1 ? 0 : flags) | pageFlags.parent : flags === -1 ? pageFlags.present : flags;
    this.vaddr[this.count] = vaddr;
    this.pages[this.count] = pages;
    this.flags[this.count] = resolved;
    this.count += 1;
  }
}

