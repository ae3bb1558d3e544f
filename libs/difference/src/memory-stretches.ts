import { type AddressSpace, areaAt, firstRunAt, type MappedArea, type PageRun, type PageSet, type SegmentView } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';

/**
 * What a dump holds of a stretch of memory, by its pagemaps alone.
 * - `stored`: the bytes should be there. - `zero`: never written. - `in_file`: equal to a file that no archive holds.
 * - `unavailable`: left out of the dump.
 */
export interface Stretch {
  readonly start: bigint;
  readonly end: bigint;
  readonly content: 'stored' | 'zero' | 'in_file' | 'unavailable';
  /** Name of the mapping; empty for anonymous memory. */
  readonly mapping: string;
}

/** A stretch of addresses that is uniform on both sides; undefined where nothing is mapped. */
export interface StretchPair {
  readonly start: bigint;
  readonly end: bigint;
  readonly before: Stretch | undefined;
  readonly after: Stretch | undefined;
}

type Part = Pick<Stretch, 'start' | 'end' | 'content'>;
type SetPart = Pick<Stretch, 'start' | 'end'> & { readonly content: 'stored' | 'absent' | 'unavailable' };

/** The memory of a process in ascending order. Reads nothing, however large the mappings are. */
export function* stretchesOf({ memory, mappings }: Process): Generator<Stretch> {
  if (memory === undefined) return;
  for (const area of memory.areas) {
    const mapping = areaAt(mappings, area.start)?.name ?? '';
    for (const part of partsOfArea(area, memory)) yield { ...part, mapping };
  }
}

/** Two sequences of stretches cut at the borders of both. */
export function* alignStretches(before: Iterator<Stretch, void>, after: Iterator<Stretch, void>): Generator<StretchPair> {
  const next = (side: Iterator<Stretch, void>): Stretch | undefined => side.next().value ?? undefined;
  let was = next(before);
  let is = next(after);
  let start = 0n;
  while (was !== undefined || is !== undefined) {
    start = larger(start, smaller(was?.start ?? is?.start ?? start, is?.start ?? was?.start ?? start));
    const borders = [was, is].flatMap((each) => (each === undefined ? [] : [each.start > start ? each.start : each.end]));
    const end = borders.reduce(smaller);
    yield { start, end, before: was !== undefined && was.start <= start ? was : undefined, after: is !== undefined && is.start <= start ? is : undefined };
    start = end;
    if (was !== undefined && was.end <= end) was = next(before);
    if (is !== undefined && is.end <= end) is = next(after);
  }
}

function* partsOfArea({ start, end, backing }: MappedArea, { pages, pageSize }: AddressSpace): Generator<Part> {
  if (backing.kind === 'file') yield { start, end, content: 'in_file' };
  else if (backing.kind === 'unreadable') yield { start, end, content: 'unavailable' };
  else if (backing.kind === 'shared') yield* partsOfView(backing, start, start, end, pageSize);
  else {
    const { over } = backing;
    for (const part of partsOfSet(pages, start, end, pageSize)) {
      if (part.content !== 'absent') yield { ...part, content: part.content };
      else if (over === 'zeros') yield { ...part, content: 'zero' };
      else if (over === 'file') yield { ...part, content: 'in_file' };
      else yield* partsOfView(over, start, part.start, part.end, pageSize);
    }
  }
}

function* partsOfView({ segment, offset }: SegmentView, areaStart: bigint, start: bigint, end: bigint, pageSize: number): Generator<Part> {
  const shift = areaStart - offset;
  for (const part of partsOfSet(segment, start - shift, end - shift, pageSize)) {
    yield { start: part.start + shift, end: part.end + shift, content: part.content === 'absent' ? 'zero' : part.content };
  }
}

function* partsOfSet(set: PageSet, start: bigint, end: bigint, pageSize: number): Generator<SetPart> {
  let position = start;
  for (let i = firstRunAt(set.runs, Number(start & ~4095n)); position < end; i++) {
    const run = set.runs[i];
    const runStart = run === undefined ? end : smaller(end, larger(position, BigInt(run.start)));
    if (runStart > position) yield { start: position, end: runStart, content: 'absent' };
    if (run === undefined || runStart >= end) return;
    position = smaller(end, BigInt(run.end));
    yield* partsOfRun(set, run, runStart, position, pageSize);
  }
}

function* partsOfRun(set: PageSet, run: PageRun, start: bigint, end: bigint, pageSize: number): Generator<SetPart> {
  if (run.state === 'parent' && set.parent !== undefined) {
    for (const part of partsOfSet(set.parent, start, end, pageSize)) yield part.content === 'absent' ? { ...part, content: 'unavailable' } : part;
  } else if (run.state === 'stored' && set.pages !== undefined) {
    const room = Math.max(0, set.pages.size - run.offset);
    // Of a pages image that is cut, only whole pages count.
    const stored = run.compressed === undefined ? BigInt(run.start) + BigInt(room - (room % pageSize)) : end;
    const border = larger(start, smaller(end, stored));
    if (border > start) yield { start, end: border, content: 'stored' };
    if (end > border) yield { start: border, end, content: 'unavailable' };
  } else yield { start, end, content: 'unavailable' };
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
