import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { HoldsAnswer, HoldState } from '../../contract/answers.ts';
import type { CaseDetails, CaseRecord } from '../../contract/case.ts';
import { apiUrl, send, useGet } from '../api.ts';
import { Notes } from '../parts/notes.tsx';
import { Failure, Loading, Shown } from '../parts/states.tsx';
import { useShared } from '../session.ts';
import { Evidence, Moment } from '../text.tsx';

const forms = [['manifest', 'Hashes of the evidence'], ['markdown', 'Markdown report'], ['ocsf', 'OCSF 1.3 findings'], ['stix', 'STIX 2.1 bundle'], ['timesketch', 'Timesketch lines'], ['csv', 'CSV of findings']] as const;
const statuses = ['open', 'contained', 'closed'] as const;

/** The work on the captures: who does it, what was written, what is held, what leaves. */
export function CasePage(): VNode {
  const { record } = useShared();
  if (record === undefined) return <Loading what="the case" />;
  return (
    <>
      <header class="page-head"><h1>Case</h1>{record.path !== undefined && <p class="muted small">kept in <code>{record.path}</code></p>}</header>
      <div class="columns">
        <Details record={record} />
        <section class="sheet">
          <h2>Export</h2>
          <p class="muted">Findings, indicators and times of all captures of the lake, secrets masked; and the SHA-256 of each archive, as <code>sha256sum --check</code> reads it.</p>
          <ul class="plain exports">{forms.map(([form, title]) => <li key={form}><a class="button" href={apiUrl(`/export/${form}`)} download>{title}</a></li>)}</ul>
          <p class="muted small">Every list has a CSV of its own. <code>icecore evidence export</code> makes a bundle of evidence that anyone can check.</p>
        </section>
      </div>
      <Suppressions record={record} />
      <Holds />
      <Notes />
    </>
  );
}

function Details({ record }: { readonly record: CaseRecord }): VNode {
  const { setRecord } = useShared();
  const [draft, setDraft] = useState<CaseDetails>({ title: record.title, status: record.status, assignee: record.assignee });
  const [said, setSaid] = useState<string | Error>('');
  return (
    <section class="sheet">
      <h2>What it is</h2>
      <form onSubmit={(event) => {
        event.preventDefault();
        send<CaseRecord>('POST', '/case', draft).then((changed) => {
          setRecord(changed);
          setSaid('Saved');
        }, (error: unknown) => setSaid(error instanceof Error ? error : new Error(String(error))));
      }}>
        <label class="field"><span>Title</span><input maxLength={200} value={draft.title} onInput={(event) => setDraft({ ...draft, title: event.currentTarget.value })} /></label>
        <label class="field"><span>Who works on it</span><input maxLength={200} value={draft.assignee} onInput={(event) => setDraft({ ...draft, assignee: event.currentTarget.value })} /></label>
        <label class="field"><span>Status</span><select value={draft.status} onChange={(event) => {
          const status = statuses.find((each) => each === event.currentTarget.value);
          if (status !== undefined) setDraft({ ...draft, status });
        }}>{statuses.map((status) => <option key={status} selected={status === draft.status}>{status}</option>)}</select></label>
        <button type="submit">Save</button> {said instanceof Error ? <Failure error={said} /> : <span role="status" class="muted">{said}</span>}
      </form>
    </section>
  );
}

function Suppressions({ record }: { readonly record: CaseRecord }): VNode {
  const { setRecord } = useShared();
  return (
    <section class="sheet">
      <h2>Known to be harmless</h2>
      {record.suppressions.length === 0
        ? <p class="muted">No findings are left out. The page of a finding can leave out those like it.</p>
        : <ul class="plain">{record.suppressions.map(({ id, detector, image, reason, by, at }) => (
            <li key={id} class="rule"><p><a href={`/findings?${new URLSearchParams({ detector, suppressed: 'show' })}`}>{detector}</a> {image === null ? 'in all images' : <>in <Evidence text={image} most={120} /></>}: <Evidence text={reason} /></p><p class="muted small">{by}, <Moment at={at} /></p><button type="button" class="quiet small" onClick={() => void send<CaseRecord>('DELETE', `/case/suppressions/${id}`).then(setRecord)}>Take back</button></li>
          ))}</ul>}
    </section>
  );
}

function Holds(): VNode {
  const answer = useGet<HoldsAnswer>('/holds');
  return (
    <section class="sheet">
      <h2>Evidence</h2>
      <Shown answer={answer} what="the vault">
        {({ vault, captures }) => vault === null
          ? <p class="muted">There is no vault. <code>icecore seal</code> makes one, and <code>icecore serve --vault FOLDER</code> opens it: holds keep evidence from expiring.</p>
          : captures.length === 0 ? <p class="muted">The vault <code>{vault}</code> has no captures.</p> : <ul class="plain">{captures.map((state) => <Hold key={state.capture} state={state} onChange={answer.again} />)}</ul>}
      </Shown>
    </section>
  );
}

function Hold({ state, onChange }: { readonly state: HoldState; onChange(): void }): VNode {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<Error | undefined>(undefined);
  return (
    <li class="hold">
      <p><a href={`/captures/${encodeURIComponent(state.captureId)}`}><Evidence text={state.where === '' ? state.captureId.slice(0, 12) : state.where} most={120} /></a> <span class={state.held ? 'tag held' : 'tag'}>{state.held ? 'held' : 'not held'}</span> <span class={state.sealed ? 'tag' : 'tag bad'}>{state.sealed ? 'sealed' : 'incomplete'}</span></p>
      <p class="muted small">locked until {state.lockedUntil?.slice(0, 10) ?? 'not known'} · SHA-256 <span class="mono wraps">{state.sha256 ?? 'not known'}</span></p>
      <details class="act"><summary>{state.held ? 'Release…' : 'Hold…'}</summary>
        <form onSubmit={(event) => {
          event.preventDefault();
          send('POST', '/holds', { capture: state.capture, held: !state.held, reason }).then(onChange, setError);
        }}>
          <label class="field"><span>Why, for the ledger</span><input required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
          <button type="submit">{state.held ? 'Release' : 'Hold'}</button>
          {error !== undefined && <Failure error={error} />}
        </form>
      </details>
      <details class="act"><summary>Custody, {state.custody.length} entries</summary>
        <ol class="custody">{state.custody.map(({ seq, at, action, by, reason: why }) => <li key={seq} value={seq}><Moment at={at} /> <b>{action}</b> by <Evidence text={by} most={100} />{why !== '' && <>: <Evidence text={why} most={300} /></>}</li>)}</ol>
      </details>
    </li>
  );
}
