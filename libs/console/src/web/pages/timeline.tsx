import type { VNode } from 'preact';
import { containerName } from '../../contract/container-name.ts';
import { apiUrl } from '../api.ts';
import { Choice, TextFilter } from '../parts/filters.tsx';
import { Grid } from '../parts/grid.tsx';
import { usePages } from '../parts/pages.ts';
import { href, setQuery } from '../router.ts';
import { Evidence, Moment, textOf } from '../text.tsx';

const kinds = ['container created', 'checkpoint', 'file modified', 'command entered', 'secret expires', 'finding'];
const columns = ['happened_at', 'kind', 'message', 'pid', 'capture_id', 'namespace', 'pod', 'container'];

/** Every time that the captures hold. */
export function TimelinePage({ query }: { readonly query: URLSearchParams }): VNode {
  return <Timeline query={query} capture={query.get('capture')} size="page" />;
}

export function Timeline({ query, capture, size }: { readonly query: URLSearchParams; readonly capture: string | null; readonly size: 'page' | 'part' }): VNode {
  const kind = query.get('kind') ?? '';
  const descending = query.get('order') === 'down';
  const ask = { source: 'events', columns: columns.join(','), sort: 'happened_at', descending: descending ? 'yes' : 'no', text: query.get('text'), capture, since: query.get('since'), until: query.get('until'), filter: kind === '' ? [] : [`kind:${kind}`] };
  const rows = usePages(ask);
  return (
    <>
      <header class="page-head">
        {size === 'page' ? <h1>Timeline <Total rows={rows.total} /></h1> : <h2 class="title">Timeline <Total rows={rows.total} /></h2>}
        <Choice label="Source" name="kind" value={kind} options={kinds} />
        <label class="filter"><span>From</span><input type="date" value={query.get('since') ?? ''} onChange={(event) => setQuery({ since: event.currentTarget.value })} /></label>
        <label class="filter"><span>Until</span><input type="date" value={query.get('until') ?? ''} onChange={(event) => setQuery({ until: event.currentTarget.value })} /></label>
        <TextFilter value={query.get('text') ?? ''} label="That hold" />
        <a class="button" href={apiUrl('/rows.csv', ask)} download="icecore-timeline.csv">CSV</a>
      </header>
      <Grid
        label="Events" rows={rows} size={size} sorting={{ column: 'happened_at', descending }} onSort={({ descending: down }) => setQuery({ order: down ? 'down' : null })}
        open={(row) => href(`/captures/${encodeURIComponent(textOf(row[4]))}`)}
        empty="No event fits. No image of a checkpoint records when a process began; files, histories and findings have times."
        columns={[
          { name: 'happened_at', title: 'When (UTC)', width: '11.5rem', sorts: true, cell: (row) => <Moment at={row[0]} /> },
          { name: 'kind', title: 'Source', width: '9.5rem', cell: (row) => <span class={`event ${textOf(row[1]).replaceAll(' ', '-')}`}>{textOf(row[1])}</span> },
          { name: 'message', title: 'What', width: 'minmax(16rem, 4fr)', cell: (row) => <Evidence text={textOf(row[2])} most={300} /> },
          { name: 'pid', title: 'PID', width: '4.5rem', end: true, cell: (row) => textOf(row[3]) },
          ...(capture === null ? [{ name: 'container', title: 'Container', width: 'minmax(9rem, 1.2fr)', cell: (row: readonly (Parameters<typeof textOf>[0])[]) => <Evidence text={containerName([row[5], row[6], row[7]])} most={100} /> }] : []),
        ]}
        compact={(row) => <><span class="line-one"><Evidence text={textOf(row[2])} most={160} /></span><span class="line-two"><Moment at={row[0]} /> · {textOf(row[1])} · <Evidence text={textOf(row[7])} most={40} /></span></>}
      />
    </>
  );
}

function Total({ rows }: { readonly rows: number | undefined }): VNode {
  return <span class="count">{rows?.toLocaleString('en')}</span>;
}
