import { type ByteSource, DamageError, filledSource, type Gap, gapOf, placed, readInto } from '@icecore/bytes';
import { decompressLz4Block, readPagemap } from '@icecore/criu';
import type { ImageFolder } from './image-folder.ts';
import { firstRunAt, type PageRun, pageRuns } from './page-runs.ts';

/** Longest chain of parent dumps that is followed. */
export const maxParentChain = 256;
/** Largest region of compressed pages; CRIU writes at most 4 MiB. */
export const maxRegionBytes = 1 << 23;

/** The pages that a dump holds of one address space or of one shared segment. */
export interface PageSet {
  /** Name of the pagemap image. */
  readonly image: string;
  /** Bytes of a page on the machine that was dumped: no image says, the auxiliary vector does. */
  readonly pageSize: number;
  /** Name of the image with the bytes. */
  readonly pagesImage: string;
  readonly pages: ByteSource | undefined;
  readonly runs: readonly PageRun[];
  /** The same set in the parent dump, where the runs point to it and it is at hand. */
  readonly parent: PageSet | undefined;
  readonly gaps: readonly Gap[];
}

/** A part of a read: where in the target it lies and whether its bytes are known. */
export interface ReadPart {
  readonly start: number;
  readonly end: number;
  /** `absent`: the set has no such page. `unavailable`: it should be there and is not (lazy, no parent, damaged). */
  readonly state: 'stored' | 'absent' | 'unavailable';
  /** The pages image and the offset in it that the bytes are from, where they are stored as they are. */
  readonly pagesImage?: string;
  readonly offset?: number;
}

/**
 * Opens `pagemap-<id>.img` or `pagemap-shmem-<id>.img` and its pages. A set with no image is empty; one that is
 * damaged holds what could be read, and gaps.
 */
export async function openPageSet(folder: ImageFolder, image: string, pageSize: number, depth = 0): Promise<PageSet> {
  const source = folder.open(image);
  if (source === undefined) {
    const gap: Gap = { code: 'missing', subject: `pages of ${image}`, reason: 'there is no such image', place: { image } };
    return emptySet(image, pageSize, gap);
  }
  try {
    const { pagesId, runs, gaps, storedBytes } = pageRuns(await readPagemap(source, image), pageSize, image);
    const pagesImage = `pages-${pagesId}.img`;
    const pages = folder.open(pagesImage);
    const problems = [...gaps];
    if (storedBytes > 0 && pages === undefined) problems.push(missingPages(image, pagesImage));
    // Sets of several processes share one pages image in old dumps, so only too short a one is wrong.
    if (pages !== undefined && pages.size < storedBytes) problems.push(shortPages(pagesImage, pages.size, storedBytes));
    const parent = runs.some((run) => run.state === 'parent') ? await openParent(folder, image, pageSize, depth, problems) : undefined;
    return { image, pageSize, pagesImage, pages, runs, parent, gaps: problems };
  } catch (error) {
    return emptySet(image, pageSize, gapOf(`pages of ${image}`, placed({ image }, error)));
  }
}

function emptySet(image: string, pageSize: number, gap: Gap): PageSet {
  return { image, pageSize, pagesImage: '', pages: undefined, runs: [], parent: undefined, gaps: [gap] };
}

async function openParent(folder: ImageFolder, image: string, pageSize: number, depth: number, problems: Gap[]): Promise<PageSet | undefined> {
  const subject = `pages of ${image} that are in the parent dump`;
  if (folder.parent === undefined) {
    problems.push({ code: 'missing', subject, reason: 'the parent dump is not at hand', place: { image } });
    return undefined;
  }
  if (depth >= maxParentChain) {
    problems.push({ code: 'limit', subject, reason: `chain of parents is longer than ${maxParentChain}`, place: { image } });
    return undefined;
  }
  const parent = await openPageSet(folder.parent, image, pageSize, depth + 1);
  problems.push(...parent.gaps.map((gap) => ({ ...gap, subject: `${gap.subject} (parent dump)` })));
  return parent;
}

/**
 * Fills `target` with the bytes from `address` on and says of each part whether they are known; the others are zeros.
 * The address is an offset for a shared segment.
 */
export async function readPages(set: PageSet, address: bigint, target: Uint8Array): Promise<ReadPart[]> {
  target.fill(0);
  const parts: ReadPart[] = [];
  const pageStart = Number(address & ~4095n);
  const inPage = Number(address & 4095n);
  let done = 0;
  for (let i = firstRunAt(set.runs, pageStart); done < target.length; i++) {
    const run = set.runs[i];
    // Differences of page addresses are exact; addresses themselves may not be.
    const runStart = run === undefined ? target.length : Math.max(0, run.start - pageStart - inPage);
    if (run === undefined || runStart >= target.length) {
      parts.push({ start: done, end: target.length, state: 'absent' });
      break;
    }
    if (runStart > done) parts.push({ start: done, end: runStart, state: 'absent' });
    const end = Math.min(target.length, run.end - pageStart - inPage);
    const from = pageStart - run.start + inPage + runStart;
    parts.push(...(await readRun(set, run, Math.max(0, from), target.subarray(runStart, end), runStart)));
    done = end;
  }
  return parts;
}

/** The first `size` bytes of a segment as a source; what is absent reads as zeros, what is unavailable is refused. */
export function pageSetSource(set: PageSet, size: number): ByteSource {
  const fill = async (target: Uint8Array, start: number): Promise<void> => {
    const missing = (await readPages(set, BigInt(start), target)).find(({ state }) => state === 'unavailable');
    if (missing !== undefined) throw new DamageError('missing', 'bytes are not in the archive', { image: set.image, offset: start + missing.start });
  };
  return filledSource(size, fill);
}

async function readRun(set: PageSet, run: PageRun, from: number, target: Uint8Array, start: number): Promise<ReadPart[]> {
  const end = start + target.length;
  if (run.state === 'lazy') return [{ start, end, state: 'unavailable' }];
  if (run.state === 'parent') {
    if (set.parent === undefined) return [{ start, end, state: 'unavailable' }];
    const parts = await readPages(set.parent, BigInt(run.start) + BigInt(from), target);
    return parts.map((part) => ({
      ...part,
      start: part.start + start,
      end: part.end + start,
      state: part.state === 'absent' ? 'unavailable' : part.state,
    }));
  }
  if (set.pages === undefined) return [{ start, end, state: 'unavailable' }];
  try {
    if (run.compressed !== undefined) {
      await readCompressed(set.pages, run, set.pageSize, from, target);
      return [{ start, end, state: 'stored' }];
    }
    const offset = run.offset + from;
    const known = Math.max(0, Math.min(target.length, set.pages.size - offset));
    await readInto(set.pages, target.subarray(0, known), offset);
    const stored: ReadPart = { start, end: start + known, state: 'stored', pagesImage: set.pagesImage, offset };
    if (known === target.length) return [stored];
    return [...(known > 0 ? [stored] : []), { start: start + known, end, state: 'unavailable' }];
  } catch (error) {
    if (!(error instanceof DamageError)) throw error;
    target.fill(0);
    return [{ start, end, state: 'unavailable' }];
  }
}

async function readCompressed(pages: ByteSource, run: PageRun, pageSize: number, from: number, target: Uint8Array): Promise<void> {
  const { sizes, regionPages } = run.compressed ?? { sizes: [], regionPages: 1 };
  const length = run.end - run.start;
  const regionBytes = regionPages * pageSize;
  if (regionBytes === 0 || regionBytes > maxRegionBytes || Math.ceil(length / regionBytes) !== sizes.length) {
    throw new DamageError('malformed', `${sizes.length} regions of ${regionBytes} bytes do not fill ${length} bytes`);
  }
  let offset = run.offset;
  for (let i = 0; i < sizes.length; i++) {
    const regionStart = i * regionBytes;
    const regionEnd = Math.min(length, regionStart + regionBytes);
    const size = sizes[i]!;
    if (regionEnd > from && regionStart < from + target.length) {
      const bytes = await readRegion(pages, offset, size, regionEnd - regionStart);
      const first = Math.max(from, regionStart);
      const last = Math.min(from + target.length, regionEnd);
      target.set(bytes.subarray(first - regionStart, last - regionStart), first - from);
    }
    offset += size;
  }
}

async function readRegion(pages: ByteSource, offset: number, stored: number, size: number): Promise<Uint8Array> {
  if (stored === 0) return new Uint8Array(size);
  if (stored > size) throw new DamageError('malformed', `region of ${stored} stored bytes gives only ${size}`, { offset });
  const block = await pages.read(offset, offset + stored);
  return stored === size ? block : decompressLz4Block(block, size);
}

function missingPages(image: string, pagesImage: string): Gap {
  return { code: 'missing', subject: `bytes of ${image}`, reason: `${pagesImage} is not in the archive`, place: { image } };
}

function shortPages(pagesImage: string, size: number, storedBytes: number): Gap {
  return {
    code: 'truncated',
    subject: `the last ${storedBytes - size} bytes of ${pagesImage}`,
    reason: `the image has ${size} bytes, its pagemap speaks of ${storedBytes}`,
    place: { image: pagesImage, offset: size },
  };
}
