import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RuleHit, RuleReach, RuleScanLine } from '../../contract/rules.ts';
import { sendForLines, useGet } from '../api.ts';
import { Grid } from '../parts/grid.tsx';
import { heldRows } from '../parts/pages.ts';
import { isRule, maxRuleLength } from '../parts/rule-text.ts';
import { Empty, Failure, Shown } from '../parts/states.tsx';
import { WatchRule } from '../parts/watches.tsx';
import { href, setHash, setQuery } from '../router.ts';
import { bytesText, count, Evidence, shortHex, spelledOut } from '../text.tsx';

const example = 'rule miner\n{\n  strings:\n    $pool = "stratum+tcp://" nocase wide ascii\n  condition:\n    $pool\n}\n';

/** What a scan has told so far. */
interface Scan {
  readonly state: 'idle' | 'running' | 'ended' | 'cancelled' | 'failed';
  readonly read: number;
  readonly captures: number;
  readonly hits: readonly RuleHit[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  readonly cut: boolean;
  readonly milliseconds: number;
  readonly error?: Error;
}

const idle: Scan = { state: 'idle', read: 0, captures: 0, hits: [], skipped: [], cut: false, milliseconds: 0 };

/** A YARA rule over the memory, files and queues of all captures whose bytes are at hand. */
export function RulesPage({ query, hash }: { readonly query: URLSearchParams; readonly hash: URLSearchParams }): VNode {
  const reach = useGet<RuleReach>('/rules/reach');
  return (
    <>
      <header class="page-head"><h1>YARA</h1><p class="muted">A rule over what the archives hold: memory, files, queues and logs.</p></header>
      <Shown answer={reach} what="which archives are at hand">{(known) => <Asked reach={known} capture={query.get('capture')} given={hash.get('rule') ?? ''} />}</Shown>
    </>
  );
}

function Asked({ reach, capture, given }: { readonly reach: RuleReach; readonly capture: string | null; readonly given: string }): VNode {
  const [rule, setRule] = useState(given);
  const { scan, start, cancel } = useScan();
  useEffect(() => {
    if (given !== '') setRule(given);
  }, [given]);
  const wanted = reach.captures.filter(({ id }) => capture === null || id === capture);
  const there = wanted.filter(({ absent }) => absent === null);
  const total = there.reduce((sum, { bytes }) => sum + bytes, 0);
  const ask = (): void => {
    setHash({ rule });
    start(rule, there.map(({ id }) => id));
  };
  return (
    <>
      <form class="sheet rule-form" onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}>
        <label class="field"><span>Rule</span>
          <textarea class="mono" name="rule" rows={9} required maxLength={maxRuleLength} spellcheck={false} placeholder={example} value={rule} onInput={(event) => setRule(event.currentTarget.value)} onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && there.length > 0) event.currentTarget.form?.requestSubmit();
          }} />
        </label>
        <div class="actions">
          <label class="filter"><span>Over</span>
            <select value={capture ?? ''} onChange={(event) => setQuery({ capture: event.currentTarget.value })}>
              <option value="" selected={capture === null}>all captures</option>
              {reach.captures.map(({ id, name }) => <option key={id} value={id} selected={id === capture}>{spelledOut(name, 60)} · {id.slice(0, 8)}</option>)}
            </select>
          </label>
          <button type="submit" class="main" disabled={there.length === 0 || scan.state === 'running'}>Search <kbd aria-hidden="true">Ctrl ⏎</kbd></button>
          {scan.state === 'running' && <button type="button" onClick={cancel}>Cancel</button>}
          <span class="muted small cost">{there.length === 0 ? 'No archive of these captures is at hand.' : <>Reads {bytesText(total)} of memory of {count(there.length, 'capture')}, and their files and queues.</>}{wanted.length > there.length && there.length > 0 && ` ${count(wanted.length - there.length, 'more')} not at hand.`}{reach.cut && ` The newest ${reach.captures.length.toLocaleString('en')} alone.`}</span>
          <span class="gap" />
          <WatchRule rule={rule} disabled={!isRule(rule)} />
        </div>
      </form>
      <Progress scan={scan} total={total} />
      {scan.error !== undefined && <Failure error={scan.error} />}
      {scan.state !== 'idle' && scan.state !== 'failed' && <Found scan={scan} reach={reach} />}
      {scan.state === 'idle' && <Empty>{wanted.length > there.length && there.length === 0
        ? <><p>A rule reads the archives themselves.</p><p>{wanted[0]?.absent}</p></>
        : 'A rule is applied to a mebibyte at a time: what its condition needs must lie that close together. A scan can be cancelled at any moment.'}</Empty>}
    </>
  );
}

function Progress({ scan, total }: { readonly scan: Scan; readonly total: number }): VNode | null {
  if (scan.state === 'idle' || scan.state === 'failed') return null;
  const said = scan.state === 'running' ? 'searching' : scan.state === 'cancelled' ? 'cancelled' : `in ${(scan.milliseconds / 1000).toFixed(1)} s`;
  return (
    <div class="scan-progress">
      {scan.state === 'running' && <progress max={Math.max(total, scan.read, 1)} value={scan.read} aria-label="Bytes that were read" />}
      <p class="muted small" role="status">{count(scan.hits.length, 'place')}{scan.cut && ', and more that are not shown'} in {bytesText(scan.read)} of {count(scan.captures, 'capture')}, {said}.</p>
      {scan.skipped.length > 0 && <details class="act"><summary>{count(scan.skipped.length, 'part')} could not be read</summary><ul class="plain small">{scan.skipped.slice(0, 200).map(({ id, reason }, i) => <li key={i}><a class="mono" href={`/captures/${encodeURIComponent(id)}`}>{id.slice(0, 12)}</a> <Evidence text={reason} most={300} /></li>)}</ul></details>}
    </div>
  );
}

function Found({ scan: { hits, state }, reach }: { readonly scan: Scan; readonly reach: RuleReach }): VNode {
  const names = useMemo(() => new Map(reach.captures.map(({ id, name }) => [id, name])), [reach]);
  const rows = useMemo(() => heldRows(hits.map(({ capture, rule, string, pid, comm, address, place, context }) => [capture, rule, string, pid, comm, address, place, context])), [hits]);
  if (state === 'running' && hits.length === 0) return <Empty>Nothing yet.</Empty>;
  return (
    <Grid
      label="Places that match" rows={rows} empty={state === 'cancelled' ? 'Nothing was found before the scan was cancelled.' : 'No archive that is at hand matches.'}
      open={(row) => (typeof row[5] === 'string' && typeof row[3] === 'number' ? href('/memory', { capture: String(row[0]), pid: row[3], at: row[5], view: 'hex' }) : href(`/captures/${encodeURIComponent(String(row[0]))}`, { tab: 'files', text: String(row[6]).slice(0, 300) }))}
      columns={[
        { name: 'capture', title: 'Capture', width: 'minmax(9rem, 1.2fr)', cell: (row) => <><Evidence text={names.get(String(row[0])) ?? ''} most={80} /> <span class="muted mono small">{String(row[0]).slice(0, 8)}</span></> },
        { name: 'rule', title: 'Rule', width: 'minmax(8rem, 1fr)', cell: (row) => <span class="mono small"><Evidence text={String(row[1])} most={80} /></span> },
        { name: 'string', title: 'String', width: '5.5rem', cell: (row) => <span class="mono small"><Evidence text={String(row[2] ?? '')} most={40} /></span> },
        { name: 'process', title: 'Process', width: 'minmax(6rem, 9rem)', cell: (row) => <>{String(row[3] ?? '')} <Evidence text={String(row[4] ?? '')} most={20} /></> },
        { name: 'place', title: 'Where', width: 'minmax(14.5rem, 1.6fr)', cell: (row) => <><span class="mono">{shortHex(String(row[5] ?? ''))}</span> <Evidence text={String(row[6])} most={120} /></> },
        { name: 'context', title: 'Around it', width: 'minmax(16rem, 3fr)', cell: (row) => <span class="mono small"><Evidence text={String(row[7])} most={240} /></span> },
      ]}
      compact={(row) => <><span class="line-one mono"><Evidence text={String(row[7]) || String(row[1])} most={120} /></span><span class="line-two">{String(row[1])} · {String(row[3] ?? '')} · <Evidence text={names.get(String(row[0])) ?? ''} most={60} /></span></>}
    />
  );
}

function useScan(): { readonly scan: Scan; start(rule: string, captures: readonly string[]): void; cancel(): void } {
  const [scan, setScan] = useState<Scan>(idle);
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = (rule: string, captures: readonly string[]): void => {
    running.current?.abort();
    const asking = new AbortController();
    running.current = asking;
    let now: Scan = { ...idle, state: 'running' };
    const show = (next: Scan): void => {
      now = next;
      if (running.current === asking) setScan(next);
    };
    show(now);
    sendForLines<RuleScanLine>('/rules/scan', { rule, captures }, (line) => show(told(now, line)), asking.signal).then(
      () => show(now.state === 'running' ? { ...now, state: 'failed', error: new Error('icecore serve ended before the scan did.') } : now),
      (error: unknown) => show(asking.signal.aborted ? { ...now, state: 'cancelled' } : { ...now, state: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
  };
  return { scan, start, cancel: () => running.current?.abort() };
}

/** What is known after one more line. */
function told(scan: Scan, line: RuleScanLine): Scan {
  switch (line.kind) {
    case 'capture':
      return { ...scan, captures: scan.captures + 1 };
    case 'progress':
      return { ...scan, read: scan.read + line.bytes };
    case 'skipped':
      return { ...scan, skipped: [...scan.skipped, { id: line.id, reason: line.reason }] };
    case 'hit':
      return { ...scan, hits: [...scan.hits, line] };
    case 'cut':
      return { ...scan, cut: true };
    case 'done':
      return { ...scan, state: 'ended', milliseconds: line.milliseconds, cut: scan.cut || line.cut };
    case 'failed':
      return { ...scan, state: 'failed', error: new Error(line.message) };
  }
}
