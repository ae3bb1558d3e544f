import type { VNode } from 'preact';
import type { Cell, OverviewAnswer, TableAnswer } from '../../contract/answers.ts';
import { useGet } from '../api.ts';
import { LakeLine } from '../parts/help.tsx';
import { Severity, severityNames } from '../parts/severity.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { href } from '../router.ts';
import { count, Evidence, Moment, textOf } from '../text.tsx';

/** What is worst, and what is new. */
export function OverviewPage(): VNode {
  const answer = useGet<OverviewAnswer>('/overview');
  return (
    <>
      <h1 class="unseen-title">Overview</h1>
      <Shown answer={answer} what="the lake">
        {(overview) => overview.captures === 0
          ? <Empty><h2>The lake is empty</h2><p>Fill it with <code>icecore analyze ARCHIVE…</code>, and this page tells what was found.</p></Empty>
          : <Filled overview={overview} />}
      </Shown>
      <LakeLine />
    </>
  );
}

function Filled({ overview }: { readonly overview: OverviewAnswer }): VNode {
  const total = Object.values(overview.findings).reduce((sum, each) => sum + each, 0);
  return (
    <>
      <section class="headline" aria-label="How many">
        <a class="amount" href="/captures"><strong>{overview.captures.toLocaleString('en')}</strong>{overview.captures === 1 ? 'capture' : 'captures'} of {count(overview.containers, 'container')}</a>
        <div class="amount bars">
          <a href="/findings"><strong>{total.toLocaleString('en')}</strong>{total === 1 ? 'finding' : 'findings'}{overview.suppressed > 0 && <span class="muted">, {overview.suppressed.toLocaleString('en')} of them known to be harmless</span>}</a>
          <div class="stackbar" aria-hidden="true">{severityNames.map((name) => (overview.findings[name] ?? 0) > 0 && <span key={name} class={`fill ${name}`} style={{ flexGrow: Math.max(overview.findings[name] ?? 0, total / 40) }} />)}</div>
          <ul class="legend">{severityNames.map((name) => <li key={name}><a href={href('/findings', { severity: name })}><Severity value={name} /> <b>{(overview.findings[name] ?? 0).toLocaleString('en')}</b></a></li>)}</ul>
        </div>
      </section>
      <section class="sheet">
        <h2>Gravest incidents</h2>
        {overview.incidents.rows.length === 0
          ? <p class="muted">No findings of any capture are joined into an incident.</p>
          : <ol class="incidents">{overview.incidents.rows.map((row) => <Incident key={String(row[6]) + String(row[7])} at={named(overview.incidents, row)} />)}</ol>}
      </section>
      <section class="sheet">
        <h2>Latest captures</h2>
        <ul class="latest">
          {overview.latest.rows.map((row) => named(overview.latest, row)).map((at) => (
            <li key={textOf(at('capture_id'))}>
              <a href={`/captures/${encodeURIComponent(textOf(at('capture_id')))}`}><Where at={at} /></a>
              <span class="muted"><Evidence text={textOf(at('image'))} most={80} /> · {count(Number(at('process_count')), 'process', 'processes')}</span>
              <Moment at={at('captured_at')} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

type At = (column: string) => Cell | undefined;

function named({ columns }: TableAnswer, row: readonly Cell[]): At {
  return (column) => row[columns.findIndex(({ name }) => name === column)];
}

function Incident({ at }: { readonly at: At }): VNode {
  const capture = textOf(at('capture_id'));
  return (
    <li>
      <Severity value={at('severity')} />
      <div>
        <a href={href(`/captures/${encodeURIComponent(capture)}`, { incident: textOf(at('incident_id')) })}><Evidence text={textOf(at('title'))} most={240} /></a>
        <p class="muted"><Where at={at} /> · <Moment at={at('captured_at')} /> · <span class="mono small">{textOf(at('techniques'))}</span></p>
      </div>
    </li>
  );
}

/** Namespace, pod and container, as far as they are known. */
export function Where({ at }: { readonly at: At }): VNode {
  const parts = ['namespace', 'pod', 'container'].map((name) => textOf(at(name))).filter((part) => part !== '');
  return <span class="where">{parts.length === 0 ? 'a container without a name' : parts.map((part, i) => <span key={i}>{i > 0 && <span class="muted"> / </span>}<Evidence text={part} most={80} /></span>)}</span>;
}
