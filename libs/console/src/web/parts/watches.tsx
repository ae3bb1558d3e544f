import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CaseRecord, Watch, WatchDraft } from '../../contract/case.ts';
import { get, send } from '../api.ts';
import { href } from '../router.ts';
import { useShared } from '../session.ts';
import { count, Evidence, Moment } from '../text.tsx';
import { Failure } from './states.tsx';
import { rulesAddress } from './rule-text.ts';

/** Has a rule applied to every new capture. */
export function WatchRule({ rule, disabled }: { readonly rule: string; readonly disabled: boolean }): VNode {
  return <WatchForm disabled={disabled} named={/\brule\s+(\w+)/.exec(rule)?.[1] ?? ''} draft={(name) => ({ kind: 'rule', name, rule })} />;
}

/** Has a question asked of every new capture. */
export function WatchHunt({ hunt, title, values }: { readonly hunt: string; readonly title: string; readonly values: Readonly<Record<string, string>> | undefined }): VNode {
  const told = Object.values(values ?? {}).filter((value) => value !== '').join(', ');
  return <WatchForm disabled={values === undefined} named={(told === '' ? title : `${title}: ${told}`).slice(0, 200)} draft={(name) => ({ kind: 'hunt', name, hunt, values: { ...values } })} />;
}

function WatchForm({ disabled, named, draft }: { readonly disabled: boolean; readonly named: string; draft(name: string): WatchDraft }): VNode {
  const { setRecord } = useShared();
  const [said, setSaid] = useState<string | Error>('');
  const watch = (): void => {
    send<CaseRecord>('POST', '/case/watches', draft(named)).then((record) => {
      setRecord(record);
      setSaid('watched from now on');
    }, (error: unknown) => setSaid(error instanceof Error ? error : new Error(String(error))));
  };
  return (
    <>
      <button type="button" disabled={disabled} title="Asks it of every capture that comes to the lake" onClick={watch}>Watch new captures</button>
      {said instanceof Error ? <Failure error={said} /> : said !== '' && <span class="muted small" role="status"><a href="/hunts">{said}</a></span>}
    </>
  );
}

/** What new captures are asked, and what was found in them. */
export function Watches(): VNode | null {
  const { record, session, setRecord } = useShared();
  const [error, setError] = useState<Error | undefined>(undefined);
  useEffect(() => {
    const asking = new AbortController();
    get<CaseRecord>('/case', {}, asking.signal).then(setRecord, () => undefined);
    return () => asking.abort();
  }, []);
  const watches = record?.watches ?? [];
  if (watches.length === 0) return null;
  return (
    <section class="sheet watches" aria-label="Watches">
      <header class="page-head"><h2>Watches</h2><p class="muted small grow">Asked of every capture that comes to the lake{session.cost === null ? ', while icecore serve runs' : ', when you look: that costs what the questions cost'}.</p>
        <button type="button" onClick={() => void (session.cost === null ? get<CaseRecord>('/case') : send<CaseRecord>('POST', '/case/watches/look')).then(setRecord, setError)}>{session.cost === null ? 'Refresh' : 'Look now'}</button></header>
      {error !== undefined && <Failure error={error} />}
      <ul class="plain">{watches.map((watch) => <WatchItem key={watch.id} watch={watch} onRemove={() => void send<CaseRecord>('DELETE', `/case/watches/${watch.id}`).then(setRecord, setError)} />)}</ul>
    </section>
  );
}

function WatchItem({ watch, onRemove }: { readonly watch: Watch; onRemove(): void }): VNode {
  const { name, by, at, hits } = watch;
  const asked = watch.kind === 'rule' ? rulesAddress(watch.rule) : href(`/hunts/${encodeURIComponent(watch.hunt)}`, watch.values);
  const found = hits.filter(({ rows }) => rows > 0);
  return (
    <li class="watch">
      <p><a href={asked}><Evidence text={name} most={120} /></a> <span class={found.length === 0 ? 'tag' : 'tag bad'}>{found.length === 0 ? 'nothing yet' : `in ${count(found.length, 'capture')}`}</span> <span class="muted small">{watch.kind === 'rule' ? 'rule' : 'hunt'} of <Evidence text={by} most={60} />, since <Moment at={at} /></span> <button type="button" class="quiet small" aria-label={`Stop watching ${name}`} onClick={onRemove}>Stop</button></p>
      {hits.length > 0 && <ul class="plain small">{hits.toReversed().slice(0, 20).map(({ capture, at: when, rows, problem }, i) => (
        <li key={i}><Moment at={when} /> <a class="mono" href={`/captures/${encodeURIComponent(capture)}`}>{capture.slice(0, 12)}</a> {problem === null ? count(rows, 'place') : <span class="muted">{rows > 0 && `${count(rows, 'place')}; `}<Evidence text={problem} most={300} /></span>}</li>
      ))}</ul>}
    </li>
  );
}
