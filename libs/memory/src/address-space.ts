import type { Gap } from '@icecore/bytes';
import { readPages, type PageSet, type ReadPart } from './page-set.ts';

/** A mapped area of an address space, with what its bytes come from. */
export interface MappedArea {
  readonly start: bigint;
  readonly end: bigint;
  /**
   * - `private`: pages of the process itself, over zeros, over a file, or over a shared segment: what is absent is as
   *   there.
   * - `shared`: pages of a segment, from `offset` on.
   * - `file`: the file's own content, which no archive holds.
   * - `unreadable`: the kernel's (vvar, vsyscall), never dumped.
   */
  readonly backing:
    | { readonly kind: 'private'; readonly over: 'zeros' | 'file' | SegmentView }
    | ({ readonly kind: 'shared' } & SegmentView)
    | { readonly kind: 'file' }
    | { readonly kind: 'unreadable' };
}

/** A shared segment and the offset in it, in bytes, that the first address of a mapping shows. */
export interface SegmentView {
  readonly segment: PageSet;
  readonly offset: bigint;
}

/** The segment that a mapping shows, also where the process has private copies of some of its pages. */
export function segmentOf({ backing }: MappedArea): SegmentView | undefined {
  if (backing.kind === 'shared') return backing;
  return backing.kind === 'private' && typeof backing.over === 'object' ? backing.over : undefined;
}

/**
 * What is known of a run of bytes.
 * - `stored`: the archive holds them. - `zero`: never written, and so zeros.
 * - `in_file`: equal to the file behind them, which the archive does not hold.
 * - `unmapped`: no memory there. - `unavailable`: left out of the dump, or damaged; see the gaps.
 */
export type ByteState = 'stored' | 'zero' | 'in_file' | 'unmapped' | 'unavailable';

export interface MemoryPart {
  readonly start: bigint;
  readonly end: bigint;
  readonly state: ByteState;
  readonly pagesImage?: string;
  readonly offset?: number;
}

export interface MemoryRead {
  /** As many bytes as were asked for; those that are not known are zeros. */
  readonly bytes: Uint8Array;
  /** Every byte that was asked for, in order. */
  readonly parts: readonly MemoryPart[];
}

/** The memory of one process as the dump has it. */
export interface AddressSpace {
  readonly pid: number;
  readonly pageSize: number;
  /** In ascending order, without overlaps. */
  readonly areas: readonly MappedArea[];
  readonly pages: PageSet;
  readonly gaps: readonly Gap[];
  /** Reads at an address, across areas, runs, shared segments and parents. */
  read(address: bigint, length: number): Promise<MemoryRead>;
}

export function addressSpace(pid: number, pageSize: number, areas: readonly MappedArea[], pages: PageSet): AddressSpace {
  const segments = new Set(areas.flatMap((area) => segmentOf(area)?.segment ?? []));
  return {
    pid,
    pageSize,
    areas,
    pages,
    gaps: [...pages.gaps, ...[...segments].flatMap((segment) => segment.gaps)],
    read: (address, length) => readMemory(areas, pages, address, length),
  };
}

async function readMemory(areas: readonly MappedArea[], pages: PageSet, address: bigint, length: number): Promise<MemoryRead> {
  const bytes = new Uint8Array(length);
  const parts: MemoryPart[] = [];
  const end = address + BigInt(length);
  let position = address;
  for (let i = firstAreaAt(areas, address); position < end; i++) {
    const area = areas[i];
    const areaStart = area === undefined || area.start > end ? end : area.start;
    if (areaStart > position) parts.push({ start: position, end: areaStart, state: 'unmapped' });
    if (area === undefined || areaStart >= end) break;
    const from = area.start > position ? area.start : position;
    const to = area.end < end ? area.end : end;
    parts.push(...(await readArea(area, pages, from, bytes.subarray(Number(from - address), Number(to - address)))));
    position = to;
  }
  return { bytes, parts };
}

async function readArea(area: MappedArea, pages: PageSet, from: bigint, target: Uint8Array): Promise<MemoryPart[]> {
  const { backing } = area;
  const end = from + BigInt(target.length);
  if (backing.kind === 'file') return [{ start: from, end, state: 'in_file' }];
  if (backing.kind === 'unreadable') return [{ start: from, end, state: 'unavailable' }];
  if (backing.kind === 'shared') return toParts(from, await readPages(backing.segment, from - area.start + backing.offset, target), 'zero');
  const { over } = backing;
  if (over === 'zeros') return toParts(from, await readPages(pages, from, target), 'zero');
  const own = toParts(from, await readPages(pages, from, target), 'in_file');
  if (over === 'file') return own;
  const parts: MemoryPart[] = [];
  for (const part of own) {
    if (part.state !== 'in_file') parts.push(part);
    else {
      const rest = target.subarray(Number(part.start - from), Number(part.end - from));
      parts.push(...toParts(part.start, await readPages(over.segment, part.start - area.start + over.offset, rest), 'zero'));
    }
  }
  return parts;
}

function toParts(from: bigint, parts: readonly ReadPart[], absent: ByteState): MemoryPart[] {
  return parts.map(({ start, end, state, ...origin }) => ({
    ...origin,
    start: from + BigInt(start),
    end: from + BigInt(end),
    state: state === 'absent' ? absent : state,
  }));
}

/** Index of the first area that ends behind `address`. */
export function firstAreaAt(areas: readonly { readonly end: bigint }[], address: bigint): number {
  let low = 0;
  let high = areas.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (areas[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The area that holds `address`, of areas by ascending address that do not overlap. */
export function areaAt<Area extends { readonly start: bigint; readonly end: bigint }>(areas: readonly Area[], address: bigint): Area | undefined {
  const found = areas[firstAreaAt(areas, address)];
  return found !== undefined && found.start <= address ? found : undefined;
}
