import { readInto } from '@icecore/bytes';
import type { Span, SpanOwner } from './scan-plan.ts';
import { type Finder, literalFinder, type Match, regexFinder } from './finders.ts';

/** What is looked for. */
export type SearchPattern =
  /** Text, in UTF-8 (which ASCII is) and in UTF-16LE. */
  | { readonly kind: 'literal'; readonly text: string; readonly ignoreCase: boolean }
  /** Bytes as they are. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A regular expression over bytes as characters U+0000 to U+00FF, and over runs of UTF-16LE text. */
  | { readonly kind: 'regex'; readonly expression: RegExp };

export interface SearchHit {
  readonly encoding: 'utf-8' | 'utf-16le' | 'bytes';
  readonly length: number;
  /** Every process that has the bytes, and where. */
  readonly owners: readonly SpanOwner[];
  /** The pages image and the offset in it; of no use where pages are compressed. */
  readonly pagesImage: string;
  readonly offset: number;
  /** The match with up to `contextBytes` on either side. */
  readonly context: Uint8Array;
  /** Where the match begins in `context`. */
  readonly contextStart: number;
}

export interface SearchOptions {
  readonly contextBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (doneBytes: number) => void;
}

/** Most bytes that are searched at once: few enough to stay in a core's cache. */
const maxWindowBytes = 1 << 20;

/** Finds a pattern in captured memory, across the borders of pages and of what lies next to each other. */
export async function* searchMemory(spans: readonly Span[], pattern: SearchPattern, options: SearchOptions = {}): AsyncGenerator<SearchHit> {
  const all = spans.reduce((sum, { length }) => sum + length, 0);
  const windowBytes = Math.max(1, Math.min(maxWindowBytes, all));
  const finder = pattern.kind === 'regex' ? regexFinder(pattern.expression, windowBytes) : literalFinder(pattern, windowBytes);
  const views = viewsOf(spans);
  const isBorder = finder.overlapping ? () => false : borderTest(views);
  let done = 0;
  for (const group of groups(spans, finder.acrossSpans)) {
    for await (const hit of searchGroup(group, finder, options)) {
      // Where a match of no fixed length touches a border, what is on the other side may belong to it.
      const owners = hit.owners.filter(({ pid, address }) => !isBorder(pid, address) && !isBorder(pid, address + BigInt(hit.length)));
      if (owners.length > 0) yield { ...hit, owners };
    }
    done += group.end - group.start;
    options.onProgress?.(done);
  }
  yield* searchBorders(views, finder, options);
}

/** Spans as a process sees them, in ascending order of their addresses. */
type Views = ReadonlyMap<number | undefined, readonly SpanView[]>;
interface SpanView {
  readonly span: Span;
  readonly address: bigint;
}

function viewsOf(spans: readonly Span[]): Views {
  const views = new Map<number | undefined, SpanView[]>();
  for (const span of spans) {
    for (const { pid, address } of span.owners) {
      const list = views.get(pid) ?? [];
      list.push({ span, address });
      views.set(pid, list);
    }
  }
  for (const list of views.values()) list.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  return views;
}

/** Tells whether one span ends and the next begins at an address of a process. */
function borderTest(views: Views): (pid: number | undefined, address: bigint) => boolean {
  const borders = new Map<number | undefined, Set<bigint>>();
  for (const [pid, list] of views) borders.set(pid, new Set(list.filter((_, i) => followed(list, i)).map(({ span, address }) => address + BigInt(span.length))));
  return (pid, address) => pid !== undefined && borders.get(pid)?.has(address) === true;
}

function followed(list: readonly SpanView[], i: number): boolean {
  const view = list[i];
  return view !== undefined && list[i + 1]?.address === view.address + BigInt(view.span.length);
}

/** Spans that lie next to each other in their image, and so can be read as one. */
interface Group {
  readonly spans: readonly Span[];
  readonly start: number;
  readonly end: number;
}

function* groups(spans: readonly Span[], together: boolean): Generator<Group> {
  let from = 0;
  for (let i = 1; i <= spans.length; i++) {
    const last = spans[i - 1]!;
    const next = spans[i];
    if (together && next?.source !== undefined && next.source === last.source && last.offset + last.length === next.offset) continue;
    const first = spans[from]!;
    const direct = first.source !== undefined;
    yield { spans: spans.slice(from, i), start: direct ? first.offset : 0, end: direct ? last.offset + last.length : first.length };
    from = i;
  }
}

async function* searchGroup(group: Group, finder: Finder, options: SearchOptions): AsyncGenerator<SearchHit> {
  const [first] = group.spans;
  if (first === undefined) return;
  let resume = group.start;
  for (let position = group.start; position < group.end; position += finder.windowBytes) {
    options.signal?.throwIfAborted();
    const scan = Math.min(finder.windowBytes, group.end - position);
    const available = Math.min(scan + finder.maxLength - 1, group.end - position);
    const target = finder.buffer.subarray(0, available);
    if (first.source !== undefined) await readInto(first.source, target, position);
    else await first.read(target, position);
    for (const match of finder.find(scan, available, Math.max(0, resume - position))) {
      const at = position + match.offset;
      const span = spanAt(group.spans, first.source === undefined ? first.offset : at);
      const from = first.source === undefined ? at : at - span.offset;
      // A match that leaves its span goes on somewhere else in the address space: the borders are searched by themselves.
      if (from + match.length > span.length) continue;
      if (!finder.overlapping) resume = at + match.length;
      yield await hitOf(span, from, match, options);
    }
  }
}

function spanAt(spans: readonly Span[], offset: number): Span {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (spans[middle]!.offset <= offset) low = middle;
    else high = middle - 1;
  }
  return spans[low]!;
}

async function hitOf(span: Span, from: number, match: Match, options: SearchOptions): Promise<SearchHit> {
  const around = options.contextBytes ?? 0;
  const start = Math.max(0, from - around);
  const context = new Uint8Array(Math.min(span.length, from + match.length + around) - start);
  await span.read(context, start);
  return {
    encoding: match.encoding,
    length: match.length,
    owners: span.owners.map(({ pid, address }) => ({ pid, address: address + BigInt(from) })),
    pagesImage: span.pagesImage,
    offset: span.source === undefined ? span.offset : span.offset + from,
    context,
    contextStart: from - start,
  };
}

/**
 * Matches that begin in one span and end in the one that follows in the address space of a process; for expressions,
 * whose matches have no fixed length, also those that only touch the border.
 */
async function* searchBorders(views: Views, finder: Finder, options: SearchOptions): AsyncGenerator<SearchHit> {
  if (finder.maxLength < 2) return;
  for (const [pid, list] of views) {
    if (pid === undefined) continue;
    for (let i = 0; i + 1 < list.length; i++) {
      options.signal?.throwIfAborted();
      if (!followed(list, i)) continue;
      const { span, address } = list[i]!;
      const before = Math.min(span.length, finder.maxLength - 1);
      const bytes = await readAcross(list, i, span.length - before, before + finder.maxLength - 1);
      finder.buffer.set(bytes);
      for (const match of finder.find(finder.overlapping ? before : before + 1, bytes.length, 0)) {
        const end = match.offset + match.length;
        if (finder.overlapping ? end <= before : end < before) continue;
        const from = span.length - before + match.offset;
        // A match that begins where the span does was found at the border before this one.
        if (!finder.overlapping && from === 0 && followed(list, i - 1)) continue;
        const at = address + BigInt(from);
        const offset = span.source === undefined ? span.offset : span.offset + from;
        const { encoding, length } = match;
        yield { encoding, length, owners: [{ pid, address: at }], pagesImage: span.pagesImage, offset, context: bytes.slice(), contextStart: match.offset };
      }
    }
  }
}

/** Up to `length` bytes from `from` in the span at `index`, going on in the spans that follow without a hole. */
async function readAcross(list: readonly SpanView[], index: number, from: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  let start = from;
  for (let i = index; i < list.length && done < length; i++) {
    const { span, address } = list[i]!;
    const count = Math.min(length - done, span.length - start);
    await span.read(bytes.subarray(done, done + count), start);
    done += count;
    start = 0;
    if (list[i + 1]?.address !== address + BigInt(span.length)) break;
  }
  return bytes.subarray(0, done);
}
