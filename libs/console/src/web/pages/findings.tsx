import type { VNode } from 'preact';
import { containerName } from '../../contract/container-name.ts';
import { apiUrl } from '../api.ts';
import { Choice, TextFilter } from '../parts/filters.tsx';
import { Grid } from '../parts/grid.tsx';
import { usePages } from '../parts/pages.ts';
import { Severity, severityNames } from '../parts/severity.tsx';
import { setQuery } from '../router.ts';
import { useShared } from '../session.ts';
import { count, Evidence, listOf, Moment, plain, textOf } from '../text.tsx';

const columns = ['finding_id', 'capture_id', 'severity', 'confidence', 'title', 'summary', 'namespace', 'pod', 'container', 'pid', 'signal', 'techniques', 'captured_at', 'category', 'detector', 'image'];

/** Every finding of the lake, or of one capture. */
export function FindingsPage({ query }: { readonly query: URLSearchParams }): VNode {
  return (
    <>
      <h1 class="unseen-title">Findings</h1>
      <FindingsList query={query} capture={query.get('capture')} size="page" />
    </>
  );
}

/** The list with its filters; their state is in the address. */
export function FindingsList({ query, capture, size }: { readonly query: URLSearchParams; readonly capture: string | null; readonly size: 'page' | 'part' }): VNode {
  const { record } = useShared();
  const sort = query.get('sort') ?? 'severity_id';
  const descending = query.get('order') !== 'up';
  const filters = ['severity', 'category', 'confidence', 'detector', 'techniques', 'image'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [`${name}:${value}`];
  });
  const ask = { source: 'findings', columns: columns.join(','), sort, descending: descending ? 'yes' : 'no', text: query.get('text'), filter: filters, capture, suppressed: query.get('suppressed') };
  const rows = usePages(ask);
  const suppressions = record?.suppressions.length ?? 0;
  return (
    <>
      <header class="page-head">
        <h2 class="title">Findings {rows.total !== undefined && <span class="count">{rows.total.toLocaleString('en')}</span>}</h2>
        <Choice label="Severity" name="severity" value={query.get('severity') ?? ''} options={severityNames} />
        <Choice label="Kind" name="category" value={query.get('category') ?? ''} options={[['attack', 'act'], ['exposure', 'weakness'], ['gap', 'gap']]} />
        {suppressions > 0 && <Choice label="Known harmless" name="suppressed" any={`hide (${count(suppressions, 'rule')})`} value={query.get('suppressed') ?? ''} options={['show']} />}
        <TextFilter value={query.get('text') ?? ''} label="That hold" />
        {['detector', 'techniques', 'image', 'confidence'].map((name) => query.get(name) !== null && <button key={name} type="button" class="chip" onClick={() => setQuery({ [name]: null })}>{name} <Evidence text={query.get(name) ?? ''} most={60} /> <span aria-hidden="true">×</span><span class="unseen-title">, take away</span></button>)}
        <a class="button" href={apiUrl('/rows.csv', ask)} download="icecore-findings.csv">CSV</a>
      </header>
      <Grid
        label="Findings" rows={rows} size={size} sorting={{ column: sort, descending }} onSort={({ column, descending: down }) => setQuery({ sort: column === 'severity' ? 'severity_id' : column, order: down ? null : 'up' })}
        open={(row) => `/findings/${encodeURIComponent(textOf(row[1]))}/${encodeURIComponent(textOf(row[0]))}`}
        empty={<>No finding fits. What detectors could not look at is not judged: <a href="/hunts/captures-with-gaps">what could not be seen</a>.</>}
        columns={[
          { name: 'severity_id', title: 'Severity', width: '6rem', sorts: true, cell: (row) => <Severity value={row[2]} /> },
          { name: 'summary', title: 'What', width: 'minmax(24rem, 8fr)', sorts: true, cell: (row) => <a href={`/findings/${encodeURIComponent(textOf(row[1]))}/${encodeURIComponent(textOf(row[0]))}`} tabIndex={-1}><Evidence text={textOf(row[5])} most={240} /></a> },
          ...(capture === null ? [{ name: 'container', title: 'Container', width: 'minmax(5rem, 1.5fr)', sorts: true, cell: (row: Parameters<typeof where>[0]) => <Evidence text={where(row)} most={100} /> }] : []),
          { name: 'pid', title: 'PID', width: '3.5rem', sorts: true, end: true, cell: (row) => textOf(row[9]) },
          { name: 'signal', title: 'Signal', width: '3.25rem', sorts: true, cell: (row) => textOf(row[10]) },
          { name: 'techniques', title: 'ATT&CK', width: '7.5rem', cell: (row) => <span class="mono small">{listOf(row[11]).map(plain).join(' ')}</span> },
          { name: 'confidence', title: 'Sure', width: '4rem', sorts: true, cell: (row) => textOf(row[3]) },
          ...(capture === null ? [{ name: 'captured_at', title: 'Taken (UTC)', width: '9.75rem', sorts: true, cell: (row: Parameters<typeof where>[0]) => <Moment at={row[12]} /> }] : []),
        ]}
        compact={(row) => (
          <>
            <span class="line-one"><Severity value={row[2]} /> <Evidence text={textOf(row[5])} most={160} /></span>
            <span class="line-two"><Evidence text={where(row)} most={60} /> · {textOf(row[10])} · <Moment at={row[12]} /></span>
          </>
        )}
      />
    </>
  );
}

function where(row: readonly (Parameters<typeof textOf>[0])[]): string {
  return containerName([row[6], row[7], row[8]]);
}
