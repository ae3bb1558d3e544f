import { type ByteSource, readInto } from '@icecore/bytes';
import { type AddressSpace, segmentOf } from './address-space.ts';
import { firstRunAt } from './page-runs.ts';
import { type PageSet, readPages } from './page-set.ts';

/** A process (undefined: nobody has it mapped) that sees a span's first byte at an address. */
export interface SpanOwner {
  readonly pid: number | undefined;
  readonly address: bigint;
}

/**
 * Captured bytes that lie next to each other in the address space of each owner. A plan names each captured byte once,
 * also where several processes share it.
 */
export interface Span {
  /** Name of the image with the bytes, and the offset of the first in it (meaningless where compressed). */
  readonly pagesImage: string;
  readonly offset: number;
  readonly length: number;
  readonly owners: readonly SpanOwner[];
  /** Where the bytes can be read from directly; undefined where they must be decompressed. */
  readonly source: ByteSource | undefined;
  /** Reads `target.length` bytes from `from` in the span. */
  read(target: Uint8Array, from: number): Promise<void>;
}

/** Everything the archive holds of the memory of the given processes and segments, in file order. */
export function scanPlan(spaces: readonly AddressSpace[], segments: readonly PageSet[] = []): Span[] {
  const spans: Span[] = [];
  const shared = new Map<PageSet, { space: AddressSpace; start: bigint; end: bigint; offset: bigint }[]>();
  for (const segment of segments) shared.set(segment, []);
  for (const space of spaces) {
    spans.push(...spansOf(space.pages, (start) => [{ pid: space.pid, address: BigInt(start) }]));
    for (const area of space.areas) {
      const view = segmentOf(area);
      if (view === undefined) continue;
      const views = shared.get(view.segment) ?? [];
      for (const [start, end] of area.backing.kind === 'private' ? withoutOwnPages(space, area) : [[area.start, area.end] as const]) {
        views.push({ space, start, end, offset: view.offset + start - area.start });
      }
      shared.set(view.segment, views);
    }
  }
  for (const [segment, views] of shared) {
    const cuts = views.flatMap(({ offset, start, end }) => [Number(offset), Number(offset + end - start)]);
    spans.push(
      ...spansOf(
        segment,
        (start) => {
          const owners = views
            .filter(({ offset, start: from, end }) => BigInt(start) >= offset && BigInt(start) < offset + end - from)
            .map(({ space, start: from, offset }) => ({ pid: space.pid, address: from + BigInt(start) - offset }));
          return owners.length > 0 ? owners : [{ pid: undefined, address: BigInt(start) }];
        },
        cuts,
      ),
    );
  }
  return spans.sort((a, b) => (a.pagesImage === b.pagesImage ? a.offset - b.offset : a.pagesImage < b.pagesImage ? -1 : 1));
}

/** Parts of a private mapping in which the process has no pages of its own, and so sees what is below. */
function withoutOwnPages({ pages }: AddressSpace, { start, end }: AddressSpace['areas'][number]): (readonly [bigint, bigint])[] {
  const parts: (readonly [bigint, bigint])[] = [];
  let position = start;
  for (let i = firstRunAt(pages.runs, Number(start)); position < end; i++) {
    const run = pages.runs[i];
    const from = run === undefined || BigInt(run.start) > end ? end : BigInt(run.start);
    if (from > position) parts.push([position, from]);
    if (run === undefined) break;
    position = BigInt(run.end) > position ? BigInt(run.end) : position;
  }
  return parts;
}

/** Spans of a set, those of its parents among them; `cuts` are addresses at which the owners change. */
function spansOf(set: PageSet, ownersAt: (start: number) => readonly SpanOwner[], cuts: readonly number[] = []): Span[] {
  const spans: Span[] = [];
  for (const run of set.runs) {
    const borders = [run.start, ...cuts.filter((cut) => cut > run.start && cut < run.end).sort((a, b) => a - b), run.end];
    for (let i = 0; i + 1 < borders.length; i++) {
      const start = borders[i]!;
      const end = borders[i + 1]!;
      if (start === end) continue;
      if (run.state === 'parent' && set.parent !== undefined) spans.push(...within(set.parent, start, end, ownersAt));
      else if (run.state === 'stored' && set.pages !== undefined) {
        const direct = run.compressed === undefined;
        const offset = direct ? run.offset + (start - run.start) : run.offset;
        const length = direct ? Math.max(0, Math.min(end - start, set.pages.size - offset)) : end - start;
        if (length > 0) spans.push(span(set, start, offset, length, ownersAt(start), direct ? set.pages : undefined));
      }
    }
  }
  return spans;
}

function within(parent: PageSet, start: number, end: number, ownersAt: (start: number) => readonly SpanOwner[]): Span[] {
  const runs = parent.runs
    .filter((run) => run.end > start && run.start < end)
    .map((run) => {
      const from = Math.max(run.start, start);
      return { ...run, start: from, end: Math.min(run.end, end), offset: run.compressed === undefined ? run.offset + (from - run.start) : run.offset };
    });
  // A compressed run keeps its regions, and so its own borders, when only a part of it is asked for.
  return spansOf({ ...parent, runs: runs.filter((run) => run.compressed === undefined) }, ownersAt).concat(
    runs
      .filter((run) => run.compressed !== undefined && run.state === 'stored')
      .map((run) => span(parent, run.start, run.offset, run.end - run.start, ownersAt(run.start), undefined)),
  );
}

function span(set: PageSet, start: number, offset: number, length: number, owners: readonly SpanOwner[], source: ByteSource | undefined): Span {
  return {
    pagesImage: set.pagesImage,
    offset,
    length,
    owners,
    source,
    async read(target, from) {
      if (source !== undefined) await readInto(source, target, offset + from);
      else await readPages(set, BigInt(start) + BigInt(from), target);
    },
  };
}
