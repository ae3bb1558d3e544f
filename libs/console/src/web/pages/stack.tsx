import type { VNode } from 'preact';
import type { TableAnswer, TableInfo } from '../../contract/answers.ts';
import { useGet } from '../api.ts';
import { Choice, TextFilter } from '../parts/filters.tsx';
import { Grid } from '../parts/grid.tsx';
import { heldRows } from '../parts/pages.ts';
import { took } from '../parts/reads.tsx';
import { Shown } from '../parts/states.tsx';
import { href, setQuery } from '../router.ts';
import { count, Evidence, Moment, textOf } from '../text.tsx';

/** Columns that tell most when they are stacked. */
const telling: readonly (readonly [table: string, column: string, title: string])[] = [
  ['processes', 'executable', 'programs'], ['processes', 'command_line', 'command lines'], ['processes', 'executable_build_id', 'builds of programs'],
  ['memory_mappings', 'build_id', 'builds of libraries'], ['files', 'sha256', 'content of changed files'], ['files', 'path', 'changed files'],
  ['sockets', 'local_port', 'local ports'], ['sockets', 'remote_address', 'remote addresses'], ['indicators', 'value', 'indicators'],
  ['environment', 'name', 'names of variables'], ['findings', 'detector', 'detectors'], ['captures', 'image', 'images'],
];

/** The values of a column, the least frequent first: what is rare stands out. */
export function StackPage({ query }: { readonly query: URLSearchParams }): VNode {
  const table = query.get('table') ?? 'processes';
  const column = query.get('column') ?? 'executable';
  const tables = useGet<readonly TableInfo[]>('/tables');
  const answer = useGet<TableAnswer>('/stack', { source: table, column, text: query.get('text') });
  const columns = tables.value?.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [column];
  return (
    <>
      <header class="page-head">
        <h1>Stack <span class="muted">least frequent first</span></h1>
        <label class="filter"><span>Table</span>
          <select value={table} onChange={(event) => {
            const next = event.currentTarget.value;
            setQuery({ table: next, column: telling.find(([name]) => name === next)?.[1] ?? tables.value?.find(({ name }) => name === next)?.columns.at(-1)?.name ?? 'capture_id', text: null });
          }}>{(tables.value?.map(({ name }) => name) ?? [table]).map((name) => <option key={name} selected={name === table}>{name}</option>)}</select>
        </label>
        <Choice label="Column" name="column" value={column} options={columns} any={null} />
        <TextFilter value={query.get('text') ?? ''} label="That hold" />
      </header>
      <p class="small links">Telling ones: {telling.map(([name, each, title]) => <a key={title} href={href('/stack', { table: name, column: each })} aria-current={name === table && each === column ? 'true' : undefined}>{title}</a>)}</p>
      <Shown answer={answer} what="the column">
        {(stack) => (
          <>
            <p class="muted small">{count(stack.rows.length, 'value')}{stack.cut && ', the rarest of more'}, {took(stack)}.</p>
            <Grid
              label={`Values of ${table}.${column}`} rows={heldRows(stack.rows)} empty="The column has no value in any capture."
              open={(row) => (textOf(row[0]) === '' ? undefined : href('/search', { value: textOf(row[0]).slice(0, 4000) }))}
              columns={[
                { name: 'captures', title: 'Captures', width: '6rem', end: true, cell: (row) => textOf(row[2]) },
                { name: 'rows', title: 'Rows', width: '6rem', end: true, cell: (row) => textOf(row[1]) },
                { name: 'images', title: 'Images', width: '6rem', end: true, cell: (row) => textOf(row[3]) },
                { name: 'value', title: column, width: 'minmax(16rem, 4fr)', cell: (row) => (row[0] === null ? <span class="muted">not known</span> : textOf(row[0]) === '' ? <span class="muted">empty</span> : <Evidence text={textOf(row[0])} most={300} />) },
                { name: 'first_seen', title: 'First seen (UTC)', width: '11rem', cell: (row) => <Moment at={row[4]} /> },
                { name: 'last_seen', title: 'Last seen (UTC)', width: '11rem', cell: (row) => <Moment at={row[5]} /> },
              ]}
              compact={(row) => <><span class="line-one"><Evidence text={textOf(row[0]) || 'empty'} most={160} /></span><span class="line-two">{count(Number(row[2]), 'capture')} · {count(Number(row[1]), 'row')} · {count(Number(row[3]), 'image')}</span></>}
            />
          </>
        )}
      </Shown>
    </>
  );
}
