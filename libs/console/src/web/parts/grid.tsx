import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useListKeys } from '../keys.ts';
import { navigate } from '../router.ts';
import type { Row, RowSource } from './pages.ts';
import { Empty, Failure, Loading } from './states.tsx';
import { useNarrow } from './narrow.ts';

export interface GridColumn {
  readonly name: string;
  readonly title: string;
  /** Width as a track of a CSS grid. */
  readonly width: string;
  cell(row: Row): ComponentChildren;
  /** Whether the list can be sorted by it. */
  readonly sorts?: boolean;
  readonly end?: boolean;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export interface GridProps {
  /** What the list is of, for those who hear it. */
  readonly label: string;
  readonly columns: readonly GridColumn[];
  readonly rows: RowSource;
  /** A row in two lines, where the screen is narrow. */
  compact(row: Row): ComponentChildren;
  /** What opens with a row: an address, or what to do. */
  open?(row: Row): string | (() => void) | undefined;
  readonly sorting?: Sorting | undefined;
  onSort?(sorting: Sorting): void;
  /** What is said where there are no rows. */
  readonly empty: ComponentChildren;
  /** `page`: takes the height that the page leaves; `part`: as high as its rows, up to a limit. */
  readonly size?: 'page' | 'part';
}

/** Width of a column that holds sixteen hex digits. */
export const hexWidth = '9.25rem';

const rowHeight = 36;
const compactHeight = 76;

/** A list of any length: only the rows in sight are in the page. Arrow keys, j, k, Home, End and Enter work in it. */
export function Grid(props: GridProps): VNode {
  const { rows, empty } = props;
  if (rows.error !== undefined && rows.total === undefined) return <Failure error={rows.error} />;
  if (rows.total === undefined) return <Loading what="rows" />;
  if (rows.total === 0) return <Empty>{empty}</Empty>;
  return <FilledGrid {...props} total={rows.total} />;
}

function FilledGrid({ label, columns, rows, compact, open, sorting, onSort, size = 'page', total }: GridProps & { readonly total: number }): VNode {
  const narrow = useNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, showActive] = useState(-1);
  // Two keys may come before the page is drawn once.
  const at = useRef(active);
  const setActive = (index: number): void => {
    at.current = index;
    showActive(index);
  };
  const virtual = useVirtual(scroller, total, narrow ? compactHeight : rowHeight);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => rows.want(first, last), [rows, first, last]);

  const openRow = (row: Row | undefined): boolean => {
    const opened = row === undefined ? undefined : open?.(row);
    if (typeof opened === 'string') navigate(opened);
    else opened?.();
    return opened !== undefined;
  };
  const onKey = (key: string): boolean => {
    const page = Math.max(1, last - first - 2);
    const steps: Readonly<Record<string, number>> = { j: at.current + 1, ArrowDown: at.current + 1, k: at.current - 1, ArrowUp: at.current - 1, Home: 0, End: total - 1, PageDown: at.current + page, PageUp: at.current - page };
    const to = steps[key];
    if (to !== undefined) {
      const next = Math.max(0, Math.min(total - 1, to));
      setActive(next);
      virtual.scrollToIndex(next, { align: 'auto' });
      return true;
    }
    return key === 'Enter' && document.activeElement?.closest('a, button') === null && openRow(rows.rowAt(at.current));
  };
  useListKeys(onKey);
  const least = narrow ? '0' : `${columns.reduce((sum, { width }) => sum + Number(/[\d.]+(?=rem)/.exec(width)?.[0] ?? 4) + 1, 1)}rem`;
  const template = narrow ? '1fr' : columns.map(({ width }) => width).join(' ');
  return (
    <div
      class={`grid ${size}`} role="grid" aria-label={label} aria-rowcount={total + 1} aria-colcount={narrow ? 1 : columns.length} tabIndex={0} ref={scroller}
      aria-activedescendant={active >= first && active <= last && active >= 0 ? `${id}-${active}` : undefined}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey && onKey(event.key)) event.preventDefault();
      }}
    >
      <div class={narrow ? 'grid-head hidden' : 'grid-head'} role="rowgroup" style={{ minWidth: least }}>
        <div class="grid-row" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {narrow ? <span role="columnheader">{label}</span> : columns.map((column) => <Head key={column.name} column={column} sorting={sorting} onSort={onSort} />)}
        </div>
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${virtual.getTotalSize()}px`, minWidth: least }}>
        {items.map(({ index, start, size: height }) => {
          const row = rows.rowAt(index);
          const opens = row !== undefined && open?.(row) !== undefined;
          return (
            <div
              key={index} id={`${id}-${index}`} role="row" aria-rowindex={index + 2} aria-selected={index === active}
              class={`grid-row${index === active ? ' active' : ''}${index % 2 === 1 ? ' odd' : ''}${opens ? ' opens' : ''}${narrow ? ' compact' : ''}`}
              style={{ transform: `translateY(${start}px)`, height: `${height}px`, gridTemplateColumns: template }}
              onClick={(event) => {
                setActive(index);
                if (!(event.target instanceof Element && event.target.closest('a, button') !== null) && getSelection()?.isCollapsed !== false) openRow(row);
              }}
            >
              {row === undefined
                ? <span role="gridcell" class="muted">…</span>
                : narrow
                  ? <div role="gridcell" class="two-lines">{compact(row)}</div>
                  : columns.map(({ name, cell, end }) => <div key={name} role="gridcell" class={end === true ? 'end' : undefined}>{cell(row)}</div>)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ column: { name, title, sorts, end }, sorting, onSort }: { readonly column: GridColumn; readonly sorting: Sorting | undefined; readonly onSort: GridProps['onSort'] }): VNode {
  const here = sorting?.column === name ? sorting : undefined;
  const order = here === undefined ? 'none' : here.descending ? 'descending' : 'ascending';
  return (
    <div role="columnheader" class={end === true ? 'end' : undefined} aria-sort={sorts === true ? order : undefined}>
      {sorts === true && onSort !== undefined
        ? <button type="button" onClick={() => onSort({ column: name, descending: here === undefined ? end === true : !here.descending })}>{title}<span aria-hidden="true">{here === undefined ? '' : here.descending ? ' ↓' : ' ↑'}</span></button>
        : title}
    </div>
  );
}

function useVirtual(scroller: { readonly current: HTMLDivElement | null }, total: number, height: number): Virtualizer<HTMLDivElement, Element> {
  const [, redraw] = useState(0);
  const options = {
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    scrollPaddingStart: 36,
    onChange: () => redraw((round) => round + 1),
  };
  const held = useRef<Virtualizer<HTMLDivElement, Element> | undefined>(undefined);
  held.current ??= new Virtualizer<HTMLDivElement, Element>(options);
  const virtual = held.current;
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  return virtual;
}
