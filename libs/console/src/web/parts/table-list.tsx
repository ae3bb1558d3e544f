import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { TableInfo } from '../../contract/answers.ts';
import { apiUrl, useGet } from '../api.ts';
import { Evidence } from '../text.tsx';
import { Dialog } from './dialog.tsx';
import { briefly, EntityCell, Record, titleOf } from './entity.tsx';
import { TextFilter } from './filters.tsx';
import { Grid, hexWidth, type Sorting } from './grid.tsx';
import { type Row, usePages } from './pages.ts';
import { Shown } from './states.tsx';

/** Columns that every table begins with; those of a capture say the same in each row of it. */
const leading = new Set(['schema_version', 'captured_at', 'cluster', 'node', 'namespace', 'pod', 'container', 'container_id', 'image', 'archive_sha256']);

interface TableListProps {
  readonly table: string;
  readonly capture: string;
  readonly query: URLSearchParams;
  /** `column:value`, what rows must have. */
  readonly filter?: readonly string[];
  /** Columns to show, by titles for people; all of the table's own by their names otherwise. */
  readonly columns?: readonly string[];
  readonly empty: string;
  /** What opens with a row besides its record. */
  open?(row: ReadonlyMap<string, Row[number]>): string | undefined;
}

/** The rows of a capture in one table of the lake. */
export function TableList(props: TableListProps): VNode {
  const tables = useGet<readonly TableInfo[]>('/tables');
  return <Shown answer={tables} what="the table">{(all) => <Listed key={props.table} {...props} info={all.find(({ name }) => name === props.table)} />}</Shown>;
}

function Listed({ table, capture, query, filter, columns, empty, open, info }: TableListProps & { readonly info: TableInfo | undefined }): VNode {
  const [sorting, setSorting] = useState<Sorting | undefined>(undefined);
  const [opened, setOpened] = useState<Row | undefined>(undefined);
  const own = (info?.columns ?? []).filter(({ name }) => !leading.has(name) && name !== 'capture_id');
  const shown = columns ?? own.map(({ name }) => name);
  const asked = ['capture_id', ...shown, ...own.map(({ name }) => name).filter((name) => !shown.includes(name))];
  const ask = { source: table, capture, columns: asked.join(','), filter, text: query.get('text'), sort: sorting?.column, descending: sorting?.descending === true ? 'yes' : 'no' };
  const rows = usePages(ask);
  const named = (row: Row): ReadonlyMap<string, Row[number]> => new Map(asked.map((name, i) => [name, row[i] ?? null]));
  return (
    <>
      <header class="page-head">
        <p class="muted grow">{info?.description} <span class="count">{rows.total?.toLocaleString('en')}</span></p>
        <TextFilter label="That hold" value={query.get('text') ?? ''} />
        <a class="button" href={apiUrl('/rows.csv', ask)} download={`icecore-${table}.csv`}>CSV</a>
      </header>
      <Grid
        label={table} rows={rows} size="part" sorting={sorting} onSort={setSorting} empty={query.get('text') === null ? empty : 'No row holds this text.'}
        open={(row) => open?.(named(row)) ?? (() => setOpened(row))}
        columns={shown.map((name) => {
          const at = asked.indexOf(name);
          const type = own.find((column) => column.name === name)?.type ?? '';
          return { name, title: columns === undefined ? name : titleOf(name), width: widthOf(name, type), sorts: true, end: isNumber(type), cell: (row: Row) => <EntityCell column={name} value={row[at]} row={named(row)} /> };
        })}
        compact={(row) => {
          const values = shown.flatMap((name) => {
            const text = briefly(name, row[asked.indexOf(name)]);
            return text === '' ? [] : [{ name, text }];
          });
          const main = values.find(({ name }) => /^(?:path|command|value|name|mountpoint|reason|summary)$/.test(name)) ?? values[0];
          return <><span class="line-one"><Evidence text={main?.text ?? ''} most={160} /></span><span class="line-two"><Evidence text={values.filter((each) => each !== main).map(({ text }) => text).join(' · ')} most={160} /></span></>;
        }}
      />
      <Dialog title={table} open={opened !== undefined} onClose={() => setOpened(undefined)}>{opened !== undefined && <Record columns={asked} row={opened} />}</Dialog>
    </>
  );
}

function isNumber(type: string): boolean {
  return type === 'bigint' || type === 'int';
}

function widthOf(name: string, type: string): string {
  if (name === 'pid' || name === 'uid' || name === 'fd') return '4rem';
  if (isNumber(type)) return 'minmax(5rem, 7rem)';
  if (type === 'timestamp') return '10rem';
  if (type === 'boolean') return '5rem';
  if (name.endsWith('_hex')) return hexWidth;
  if (name === 'permissions' || name === 'origin' || name === 'change') return 'minmax(5.5rem, 8rem)';
  if (name === 'type') return 'minmax(8.25rem, 9rem)';
  if (name === 'mode_text') return '6.5rem';
  return /^(?:path|command|value|description|name|reason|mountpoint|source)$/.test(name) ? 'minmax(14rem, 3fr)' : 'minmax(7rem, 1fr)';
}
