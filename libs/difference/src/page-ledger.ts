import { hex } from '@icecore/bytes';
import { inTextOrder } from './pairing.ts';

/**
 * What became of a page.
 * - `added`: it has content now, and was not mapped or never written before. - `removed`: the other way round.
 * - `changed`: both dumps hold it, and the bytes differ. - `equal`: the bytes are the same.
 * - `unknown`: one of the dumps does not hold its content: clean pages of mapped files, pages left out, damage.
 *
 * Pages that were never written on either side are none of these.
 */
export type PageVerdict = 'added' | 'removed' | 'changed' | 'equal' | 'unknown';

export interface PageCount {
  readonly pages: number;
  readonly bytes: number;
}

export type PageCounts = Readonly<Record<PageVerdict, PageCount>>;

/** Name of the mapping that a page lies in on either side, empty for anonymous memory; null where nothing is mapped. */
export interface MappingNames {
  readonly before: string | null;
  readonly after: string | null;
}

/** Pages next to each other, of one mapping, of which one thing became. Addresses are hex with `0x`. */
export interface PageRange {
  readonly verdict: 'added' | 'removed' | 'changed';
  readonly start: string;
  readonly end: string;
  readonly pages: number;
  readonly mapping: MappingNames;
}

/** Most ranges that are listed for one process; the counts hold all pages. */
export const maxPageRangeCount = 1 << 16;

/** Counts pages in the order of their addresses. */
export interface PageLedger {
  note(verdict: PageVerdict, start: bigint, end: bigint, mapping: MappingNames): void;
  close(): {
    readonly counts: PageCounts;
    readonly ranges: readonly PageRange[];
    readonly rangesLeftOut: number;
    /** The counts of each mapping by its name, in the order of names. */
    readonly mappings: readonly { readonly mapping: MappingNames; readonly counts: PageCounts }[];
  };
}

type Tally = Record<PageVerdict, { pages: number; bytes: number }>;

export function pageLedger(pageSize: number): PageLedger {
  const total = emptyTally();
  const byMapping = new Map<string, { mapping: MappingNames; counts: Tally }>();
  const ranges: PageRange[] = [];
  let rangesLeftOut = 0;
  let open: { verdict: PageRange['verdict']; start: bigint; end: bigint; mapping: MappingNames; key: string } | undefined;
  const pagesIn = (start: bigint, end: bigint): number => Math.ceil(Number(end - start) / pageSize);
  const closeRange = (): void => {
    if (open === undefined) return;
    const { verdict, start, end, mapping } = open;
    if (ranges.length < maxPageRangeCount) ranges.push({ verdict, start: hex(start), end: hex(end), pages: pagesIn(start, end), mapping });
    else rangesLeftOut += 1;
    open = undefined;
  };
  return {
    note(verdict, start, end, mapping) {
      const key = JSON.stringify([mapping.before, mapping.after]);
      const own = byMapping.get(key) ?? { mapping, counts: emptyTally() };
      byMapping.set(key, own);
      for (const { [verdict]: count } of [total, own.counts]) {
        count.pages += pagesIn(start, end);
        count.bytes += Number(end - start);
      }
      if (verdict === 'equal' || verdict === 'unknown') return;
      if (open !== undefined && open.verdict === verdict && open.end === start && open.key === key) open.end = end;
      else {
        closeRange();
        open = { verdict, start, end, mapping, key };
      }
    },
    close() {
      closeRange();
      const mappings = [...byMapping.values()].sort((a, b) => inTextOrder(namesInOrder(a.mapping), namesInOrder(b.mapping)));
      return { counts: total, ranges, rangesLeftOut, mappings };
    },
  };
}

function emptyTally(): Tally {
  const none = (): { pages: number; bytes: number } => ({ pages: 0, bytes: 0 });
  return { added: none(), removed: none(), changed: none(), equal: none(), unknown: none() };
}

/** By whatever name there is first, so that neither side decides the order alone. */
function namesInOrder({ before, after }: MappingNames): string[] {
  const names = [before, after].filter((name) => name !== null).sort();
  return [...names, names.length < 2 ? '' : before === after ? '=' : '~'];
}
