import { type Gap } from '@icecore/bytes';
import { type CompressedRun, pageFlags, type Pagemap } from '@icecore/criu';

/**
 * What the dump holds of a run of pages.
 * - `stored`: the bytes are in the pages image.
 * - `parent`: they have not changed since the parent dump and are there.
 * - `lazy`: they were left on the machine, to be fetched when needed; no archive holds them.
 */
export type RunState = 'stored' | 'parent' | 'lazy';

/** Pages that lie next to each other in the address space and in the pages image. */
export interface PageRun {
  /** First address; in a shared segment the offset in it. A multiple of 4096. */
  readonly start: number;
  readonly end: number;
  readonly state: RunState;
  /** Offset of the first byte in the pages image, where stored. */
  readonly offset: number;
  /** How the bytes are compressed; undefined where they are stored as they are. */
  readonly compressed: CompressedRun | undefined;
}

export interface PageRuns {
  readonly pagesId: number;
  /** In ascending order, without overlaps; neighbours of one state are joined. */
  readonly runs: readonly PageRun[];
  readonly gaps: readonly Gap[];
  /** Bytes of the pages image that the runs speak of. */
  readonly storedBytes: number;
}

/**
 * Places the entries of a pagemap in its pages image (CRIU, `pagemap.c`): only entries that are present take room there.
 * Entries that overlap an earlier one are left out and told as gaps: no honest dump has them.
 */
export function pageRuns(pagemap: Pagemap, pageSize: number, image: string): PageRuns {
  const placed: PageRun[] = [];
  let offset = 0;
  for (let i = 0; i < pagemap.count; i++) {
    const start = pagemap.vaddr[i]!;
    const length = pagemap.pages[i]! * pageSize;
    const flags = pagemap.flags[i]!;
    const compressed = pagemap.compressed.get(i);
    if (compressed !== undefined && (flags & pageFlags.aligned) !== 0) offset = Math.ceil(offset / pageSize) * pageSize;
    const state: RunState = (flags & pageFlags.parent) !== 0 ? 'parent' : (flags & pageFlags.present) !== 0 ? 'stored' : 'lazy';
    const last = placed.at(-1);
    if (length > 0) {
      const run = { start, end: start + length, state, offset, compressed };
      if (last !== undefined && joins(last, run)) placed[placed.length - 1] = { ...last, end: run.end };
      else placed.push(run);
    }
    if (state === 'stored') offset += compressed === undefined ? length : compressed.sizes.reduce((sum, size) => sum + size, 0);
  }
  const { runs, gaps } = withoutOverlaps(placed, image);
  return { pagesId: pagemap.pagesId, runs, gaps: [...pagemap.gaps, ...gaps], storedBytes: offset };
}

function joins(last: PageRun, next: PageRun): boolean {
  if (last.end !== next.start || last.state !== next.state) return false;
  if (last.compressed !== undefined || next.compressed !== undefined) return false;
  return last.state !== 'stored' || last.offset + (last.end - last.start) === next.offset;
}

function withoutOverlaps(placed: readonly PageRun[], image: string): { runs: PageRun[]; gaps: Gap[] } {
  const ordered = isAscending(placed) ? placed : [...placed].sort((a, b) => a.start - b.start);
  const runs: PageRun[] = [];
  const gaps: Gap[] = [];
  let end = 0;
  let dropped = 0;
  for (const run of ordered) {
    if (run.start < end) dropped += 1;
    else {
      runs.push(run);
      end = run.end;
    }
  }
  if (dropped > 0) {
    gaps.push({ code: 'malformed', subject: `pages of ${image}`, reason: `${dropped} runs overlap others and are left out`, place: { image } });
  }
  return { runs, gaps };
}

function isAscending(runs: readonly PageRun[]): boolean {
  return runs.every((run, i) => i === 0 || run.start >= runs[i - 1]!.end);
}

/** Index of the first run that ends behind `address`. */
export function firstRunAt(runs: readonly PageRun[], address: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
