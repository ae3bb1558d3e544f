import type { AddressSpace, ByteState, MappedArea, PageSet } from '@icecore/memory';
import { segmentOf } from '@icecore/memory';

/** A run of bytes of one state, known without reading them. */
export interface CapturedPart {
  readonly start: bigint;
  readonly end: bigint;
  readonly state: ByteState;
  /** The bytes are compressed: only reading them tells whether they are sound. */
  readonly compressed?: boolean;
}

interface SetPart extends Omit<CapturedPart, 'state'> {
  readonly state: 'stored' | 'absent' | 'unavailable';
}

/** What `AddressSpace.read` will say of the bytes of an area, from the pagemaps alone. */
export function* capturedParts(space: AddressSpace, area: MappedArea): Generator<CapturedPart> {
  const { start, end, backing } = area;
  if (backing.kind === 'file') yield { start, end, state: 'in_file' };
  else if (backing.kind === 'unreadable') yield { start, end, state: 'unavailable' };
  else if (backing.kind === 'shared') yield* viewParts(area, start, end);
  else {
    for (const part of setParts(space.pages, start, end)) {
      if (part.state !== 'absent') yield { ...part, state: part.state };
      else if (typeof backing.over === 'object') yield* viewParts(area, part.start, part.end);
      else yield { ...part, state: backing.over === 'zeros' ? 'zero' : 'in_file' };
    }
  }
}

/** Parts of the segment that an area shows at [start, end). */
function* viewParts(area: MappedArea, start: bigint, end: bigint): Generator<CapturedPart> {
  const view = segmentOf(area);
  if (view === undefined) return;
  const shift = area.start - view.offset;
  for (const part of setParts(view.segment, start - shift, end - shift)) {
    yield { ...part, start: part.start + shift, end: part.end + shift, state: part.state === 'absent' ? 'zero' : part.state };
  }
}

function* setParts(set: PageSet, start: bigint, end: bigint): Generator<SetPart> {
  let position = start;
  for (let i = firstRunAt(set, start); position < end; i++) {
    const run = set.runs[i];
    const runStart = run === undefined ? end : smaller(end, BigInt(run.start));
    if (runStart > position) {
      yield { start: position, end: runStart, state: 'absent' };
      position = runStart;
    }
    if (run === undefined || position >= end) return;
    const runEnd = smaller(end, BigInt(run.end));
    yield* runParts(set, run, position, runEnd);
    position = runEnd;
  }
}

function* runParts(set: PageSet, run: PageSet['runs'][number], start: bigint, end: bigint): Generator<SetPart> {
  if (run.state === 'parent' && set.parent !== undefined) {
    for (const part of setParts(set.parent, start, end)) yield { ...part, state: part.state === 'stored' ? 'stored' : 'unavailable' };
  } else if (run.state !== 'stored' || set.pages === undefined) yield { start, end, state: 'unavailable' };
  else if (run.compressed !== undefined) yield { start, end, state: 'stored', compressed: true };
  else {
    // A pages image that ends too early holds the first part of the run.
    const held = BigInt(run.start) + BigInt(set.pages.size - run.offset);
    const known = held < start ? start : smaller(held, end);
    if (known > start) yield { start, end: known, state: 'stored' };
    if (known < end) yield { start: known, end, state: 'unavailable' };
  }
}

function firstRunAt({ runs }: PageSet, address: bigint): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (BigInt(runs[middle]!.end) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
