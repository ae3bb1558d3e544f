import type { VNode } from 'preact';
import { containerName } from '../../contract/container-name.ts';
import { apiUrl } from '../api.ts';
import { TextFilter } from '../parts/filters.tsx';
import { Grid } from '../parts/grid.tsx';
import { usePages } from '../parts/pages.ts';
import { Severity } from '../parts/severity.tsx';
import { href, setQuery } from '../router.ts';
import { bytesText, count, Evidence, Moment, textOf } from '../text.tsx';

const columns = ['capture_id', 'captured_at', 'namespace', 'pod', 'container', 'image', 'engine', 'page_bytes', 'process_count', 'findings', 'severity_id', 'gaps', 'cluster', 'node', 'archive_name'];

/** Every capture of the lake. */
export function CapturesPage({ query }: { readonly query: URLSearchParams }): VNode {
  const sort = query.get('sort') ?? 'captured_at';
  const descending = query.get('order') !== 'up';
  const ask = { source: 'capture_list', columns: columns.join(','), sort, descending: descending ? 'yes' : 'no', text: query.get('text') };
  const rows = usePages(ask);
  const compare = query.get('compare');
  return (
    <>
      <header class="page-head">
        <h1>Captures {rows.total !== undefined && <span class="count">{rows.total.toLocaleString('en')}</span>}</h1>
        <TextFilter value={query.get('text') ?? ''} label="Captures that hold" />
        <a class="button" href={apiUrl('/rows.csv', ask)} download="icecore-captures.csv">CSV</a>
      </header>
      {compare !== null && <p class="notice">Choose the capture to compare with <code>{compare.slice(0, 12)}</code>. <a href="/captures">Do not compare</a></p>}
      <Grid
        label="Captures" rows={rows} sorting={{ column: sort, descending }} onSort={({ column, descending: down }) => setQuery({ sort: column, order: down ? null : 'up' })}
        open={(row) => (compare === null ? `/captures/${encodeURIComponent(textOf(row[0]))}` : href('/compare', { before: compare, after: textOf(row[0]) }))}
        empty={query.get('text') === null ? <>The lake has no captures. <code>icecore analyze ARCHIVE…</code> fills it.</> : <>No capture holds this text. <a href="/captures">All captures</a></>}
        columns={[
          { name: 'severity_id', title: 'Worst', width: '6.5rem', sorts: true, cell: (row) => <Severity value={row[10]} /> },
          { name: 'container', title: 'Container', width: 'minmax(12rem, 2fr)', sorts: true, cell: (row) => <Named row={row} /> },
          { name: 'image', title: 'Image', width: 'minmax(9rem, 1.4fr)', sorts: true, cell: (row) => <Evidence text={textOf(row[5])} most={120} /> },
          { name: 'captured_at', title: 'Taken (UTC)', width: '11rem', sorts: true, cell: (row) => <Moment at={row[1]} /> },
          { name: 'findings', title: 'Findings', width: '5.5rem', sorts: true, end: true, cell: (row) => textOf(row[9]) },
          { name: 'process_count', title: 'Processes', width: '6rem', sorts: true, end: true, cell: (row) => textOf(row[8]) },
          { name: 'page_bytes', title: 'Memory', width: '5.5rem', sorts: true, end: true, cell: (row) => bytesText(row[7]) },
          { name: 'gaps', title: 'Damage', width: '5.5rem', sorts: true, end: true, cell: (row) => (row[11] === 0 ? <span class="muted">none</span> : textOf(row[11])) },
          { name: 'engine', title: 'Engine', width: '6rem', sorts: true, cell: (row) => textOf(row[6]) },
        ]}
        compact={(row) => (
          <>
            <span class="line-one"><Severity value={row[10]} /> <Named row={row} /></span>
            <span class="line-two"><Moment at={row[1]} /> · {count(Number(row[9]), 'finding')} · <Evidence text={textOf(row[5])} most={60} /></span>
          </>
        )}
      />
    </>
  );
}

function Named({ row }: { readonly row: readonly (string | number | boolean | null | object)[] }): VNode {
  return <a href={`/captures/${encodeURIComponent(String(row[0]))}`} tabIndex={-1}><Evidence text={containerName([row[2], row[3], row[4]]) || String(row[0]).slice(0, 12)} most={120} /></a>;
}
