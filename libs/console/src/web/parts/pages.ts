import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Cell, PageAnswer } from '../../contract/answers.ts';
import { apiUrl, type Ask, get } from '../api.ts';

export type Row = readonly Cell[];

/** Rows by index; those that are not here yet are undefined. */
export interface RowSource {
  /** Undefined while it is not known. */
  readonly total: number | undefined;
  rowAt(index: number): Row | undefined;
  /** Tells which rows are in sight. */
  want(first: number, last: number): void;
  readonly error: Error | undefined;
}

const pageSize = 200;

/** A list of the server, fetched a page at a time as it comes into sight; what went out of sight is no longer asked for. */
export function usePages(ask: Ask): RowSource {
  const key = apiUrl('/rows', ask);
  const pages = useMemo(() => newPages(ask), [key]);
  const [, redraw] = useState(0);
  useEffect(() => {
    pages.onChange = () => redraw((round) => round + 1);
    pages.want(0, pageSize - 1);
    return () => pages.close();
  }, [pages]);
  return pages;
}

interface Pages extends RowSource {
  total: number | undefined;
  error: Error | undefined;
  onChange: () => void;
  close(): void;
}

function newPages(ask: Ask): Pages {
  const loaded = new Map<number, readonly Row[]>();
  const asked = new Map<number, AbortController>();
  const fetchPage = async (page: number): Promise<void> => {
    const asking = new AbortController();
    asked.set(page, asking);
    try {
      const answer = await get<PageAnswer>('/rows', { ...ask, offset: page * pageSize, limit: pageSize, count: pages.total === undefined ? 'yes' : 'no' }, asking.signal);
      loaded.set(page, answer.rows);
      pages.total ??= answer.total ?? undefined;
      pages.error = undefined;
    } catch (error) {
      if (asking.signal.aborted) return;
      pages.error = error instanceof Error ? error : new Error(String(error));
    } finally {
      if (asked.get(page) === asking) asked.delete(page);
    }
    pages.onChange();
  };
  const pages: Pages = {
    total: undefined,
    error: undefined,
    onChange: () => undefined,
    rowAt: (index) => loaded.get(Math.floor(index / pageSize))?.[index % pageSize],
    want(first, last) {
      const from = Math.floor(first / pageSize);
      const to = Math.floor(last / pageSize);
      for (const [page, asking] of asked) {
        if (page >= from && page <= to) continue;
        asked.delete(page);
        asking.abort();
      }
      for (let page = from; page <= to; page += 1) if (!loaded.has(page) && !asked.has(page)) void fetchPage(page);
    },
    close() {
      for (const asking of asked.values()) asking.abort();
      asked.clear();
    },
  };
  return pages;
}

/** Rows that are all here. */
export function heldRows(rows: readonly Row[]): RowSource {
  return { total: rows.length, rowAt: (index) => rows[index], want: () => undefined, error: undefined };
}
