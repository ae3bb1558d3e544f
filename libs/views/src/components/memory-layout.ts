import type { MemoryMarker, MemoryView, SegmentView } from '../model/memory-view.ts';

/** Sizes in units of the picture. */
export const mapWidth = 1000;
export const barHeight = 40;
const markerRow = 17;
const maxMarkerRows = 3;
/** Width of a break: unmapped addresses that are folded, a gigabyte or more; and of a smaller gap. */
const breakWidth = 16;
const gapWidth = 3;
const wideGapBytes = 2 ** 30;

export interface Bar {
  readonly segment: SegmentView;
  readonly x: number;
  readonly width: number;
}
export interface Label {
  readonly x: number;
  readonly text: string;
}
export interface Flag {
  readonly x: number;
  readonly row: number;
  readonly width: number;
  readonly finding: number;
  readonly severity: MemoryMarker['severity'];
  readonly address: string;
}
export interface MemoryLayout {
  /** Where the bars begin, below the flags. */
  readonly top: number;
  readonly bars: readonly Bar[];
  /** Left edges of folded gaps, and the bytes in them. */
  readonly breaks: readonly { readonly x: number; readonly bytes: number }[];
  readonly flags: readonly Flag[];
  /** Flags for which there was no room. */
  readonly hiddenFlags: number;
  /** Addresses where a part of the address space begins, and names of what is wide enough. */
  readonly addresses: readonly Label[];
  readonly names: readonly Label[];
}

/**
 * The address space from low to high on one line. A bar is as wide as the logarithm of its size, so that a page is seen
 * beside a gigabyte.
 */
export function layMemoryOut({ segments, markers }: MemoryView): MemoryLayout {
  const weights = segments.map(({ bytes }) => Math.log2(bytes / 4096 + 1) + 0.8);
  const gaps = segments.map(({ gapBytes }): number => (gapBytes === 0 ? 0 : gapBytes >= wideGapBytes ? breakWidth : gapWidth));
  const free = Math.max(200, mapWidth - gaps.reduce((sum, gap) => sum + gap, 0));
  const scale = free / Math.max(1, weights.reduce((sum, weight) => sum + weight, 0));
  const squeeze = Math.min(1, mapWidth / (free + gaps.reduce((sum, gap) => sum + gap, 0)));
  const bars: Bar[] = [];
  const breaks: { x: number; bytes: number }[] = [];
  let x = 0;
  for (const [i, segment] of segments.entries()) {
    const gap = (gaps[i] ?? 0) * squeeze;
    if (segment.gapBytes >= wideGapBytes) breaks.push({ x: round(x), bytes: segment.gapBytes });
    x += gap;
    const width = (weights[i] ?? 0) * scale * squeeze;
    bars.push({ segment, x: round(x), width: round(width) });
    x += width;
  }
  const { flags, rows, hidden } = flagsOf(bars, markers);
  return { top: rows * markerRow + (rows > 0 ? 5 : 0), bars, breaks, flags, hiddenFlags: hidden, addresses: addressLabels(bars), names: nameLabels(bars) };
}

/** One flag a finding and bar, in the first row that has room. */
function flagsOf(bars: readonly Bar[], markers: readonly MemoryMarker[]): { flags: readonly Flag[]; rows: number; hidden: number } {
  const seen = new Set<string>();
  const placed = markers
    .filter(({ finding, segment }) => !seen.has(`${finding} ${segment}`) && seen.add(`${finding} ${segment}`) !== undefined)
    .flatMap((marker) => {
      const bar = bars[marker.segment];
      return bar === undefined ? [] : [{ marker, x: bar.x + Math.min(1, Math.max(0, marker.at)) * bar.width }];
    })
    .sort((a, b) => a.x - b.x);
  const ends: number[] = [];
  const flags: Flag[] = [];
  for (const { marker, x } of placed) {
    const width = 14 + 7 * String(marker.finding).length;
    const left = Math.min(x, mapWidth - width);
    let row = ends.findIndex((end) => end <= left);
    if (row === -1 && ends.length < maxMarkerRows) row = ends.length;
    if (row === -1) continue;
    ends[row] = left + width + 2;
    flags.push({ x: round(left), row, width, finding: marker.finding, severity: marker.severity, address: marker.address });
  }
  return { flags, rows: ends.length, hidden: placed.length - flags.length };
}

export function flagTop({ row }: Flag, top: number): number {
  return top - 5 - (row + 1) * markerRow;
}

function addressLabels(bars: readonly Bar[]): readonly Label[] {
  const labels: Label[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const [i, { segment, x }] of bars.entries()) {
    if (i > 0 && segment.gapBytes < wideGapBytes) continue;
    const width = segment.start.length * 6.1 + 8;
    const at = Math.min(x, mapWidth - width);
    if (at < end) continue;
    labels.push({ x: at, text: segment.start });
    end = at + width;
  }
  return labels;
}

/** Names below the bars, where neighbours of one name are wide enough together. */
function nameLabels(bars: readonly Bar[]): readonly Label[] {
  const labels: Label[] = [];
  for (let i = 0; i < bars.length; ) {
    const first = bars[i];
    if (first === undefined) break;
    const name = shortName(first.segment);
    let next = i + 1;
    while (next < bars.length && shortName(bars[next]?.segment) === name && (bars[next]?.segment.gapBytes ?? 0) < wideGapBytes) next += 1;
    const last = bars[next - 1] ?? first;
    const room = last.x + last.width - first.x;
    if (name !== '' && name.length * 5.9 + 4 <= room) labels.push({ x: first.x, text: name });
    i = next;
  }
  return labels;
}

/** The last part of a path; nothing for text that is not plain. */
function shortName(segment: SegmentView | undefined): string {
  const name = segment === undefined || typeof segment.name !== 'string' ? '' : segment.name;
  const last = name.replace(/ \(deleted\)$/, '').split('/').at(-1) ?? '';
  return /^[\x21-\x7e]{1,40}$/.test(last) ? last : '';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
