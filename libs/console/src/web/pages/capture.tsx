import type { VNode } from 'preact';
import { NetworkGraph, ProcessTree } from '@icecore/views/browser';
import { useEffect } from 'preact/hooks';
import type { AlikeCapture, CaptureAnswer, Cell, EvidencePlace } from '../../contract/answers.ts';
import { containerName } from '../../contract/container-name.ts';
import { apiUrl, useGet } from '../api.ts';
import { CaptureFiles } from '../parts/capture-files.tsx';
import { CaptureMemory } from '../parts/capture-memory.tsx';
import { Coverage } from '../parts/coverage.tsx';
import { Notes } from '../parts/notes.tsx';
import { Severity } from '../parts/severity.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { TableList } from '../parts/table-list.tsx';
import { href, navigate, setQuery } from '../router.ts';
import { bytesText, count, Evidence, listOf, Moment, plain, textOf } from '../text.tsx';
import { FindingsList } from './findings.tsx';
import { Timeline } from './timeline.tsx';

const tabs = [['', 'Summary'], ['findings', 'Findings'], ['processes', 'Processes'], ['network', 'Network'], ['memory', 'Memory'], ['files', 'Files'], ['timeline', 'Timeline'], ['environment', 'Environment'], ['tables', 'Tables'], ['coverage', 'Not seen'], ['notes', 'Notes']] as const;

/** One capture. */
export function CapturePage({ id, query }: { readonly id: string; readonly query: URLSearchParams }): VNode {
  const answer = useGet<CaptureAnswer>(`/captures/${encodeURIComponent(id)}`);
  return <Shown answer={answer} what="the capture">{(capture) => <Filled id={id} capture={capture} query={query} />}</Shown>;
}

function Filled({ id, capture: answer, query }: { readonly id: string; readonly capture: CaptureAnswer; readonly query: URLSearchParams }): VNode {
  const { capture, rows } = answer;
  const tab = query.get('tab') ?? '';
  const name = containerName([capture['namespace'], capture['pod'], capture['container']]);
  const counts: Readonly<Record<string, number | undefined>> = { findings: rows['findings'], processes: rows['processes'], network: answer.network.socketCount, memory: rows['memory_mappings'], files: rows['files'], environment: rows['environment'] };
  const worst = answer.findings[0]?.severity;
  return (
    <div class="capture" onClick={(event) => followNumbers(event, id, answer)}>
      <header class="capture-head">
        <div>
          <h1>{worst !== undefined && <Severity value={worst} />} <Evidence text={name === '' ? id.slice(0, 12) : name} most={160} /></h1>
          <p class="muted"><Evidence text={textOf(capture['image'])} most={160} /> · {textOf(capture['engine'])} · taken <Moment at={capture['captured_at']} /> · {bytesText(capture['page_bytes'])} of memory</p>
        </div>
        <div class="actions"><a class="button" href={href('/captures', { compare: id })}>Compare</a><a class="button" href={apiUrl('/export/markdown', { captures: id })} download>Report</a><a class="button" href={apiUrl('/export/ocsf', { captures: id })} download>OCSF</a></div>
      </header>
      <nav class="tabs" aria-label="Parts of the capture" ref={showCurrent}>
        {tabs.map(([value, title]) => <a key={value} href={href(`/captures/${encodeURIComponent(id)}`, { tab: value })} aria-current={value === tab ? 'page' : undefined}>{title}{counts[value] !== undefined && <span class="count">{counts[value]?.toLocaleString('en')}</span>}</a>)}
      </nav>
      <Tab tab={tab} id={id} answer={answer} query={query} />
    </div>
  );
}

/** Where the tabs are wider than the screen, the one that is open is in sight. */
function showCurrent(tabs: HTMLElement | null): void {
  const current = tabs?.querySelector<HTMLElement>('[aria-current]') ?? null;
  if (tabs !== null && current !== null) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}

function Tab({ tab, id, answer, query }: { readonly tab: string; readonly id: string; readonly answer: CaptureAnswer; readonly query: URLSearchParams }): VNode {
  switch (tab) {
    case 'findings':
      return <FindingsList query={query} capture={id} size="part" />;
    case 'processes':
      return <Processes answer={answer} pid={query.get('pid')} id={id} />;
    case 'network':
      return <div class="view"><NetworkGraph view={{ network: answer.network, findings: [] }} /></div>;
    case 'memory':
      return <CaptureMemory id={id} answer={answer} query={query} />;
    case 'files':
      return <CaptureFiles id={id} query={query} />;
    case 'timeline':
      return <Timeline query={query} capture={id} size="part" />;
    case 'environment':
      return <TableList table="environment" capture={id} query={query} columns={['pid', 'name', 'value', 'secret_type', 'secret_hmac']} empty="No environment of a process is in the archive." />;
    case 'tables':
      return <Tables id={id} answer={answer} query={query} />;
    case 'coverage':
      return <Coverage answer={answer} />;
    case 'notes':
      return <Notes capture={id} />;
    default:
      return <Summary id={id} answer={answer} marked={query.get('incident')} />;
  }
}

/** Pictures name findings by number: here a number leads to the finding's page, and a process to its line. */
function followNumbers(event: MouseEvent, id: string, { findings }: CaptureAnswer): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const to = link?.getAttribute('href') ?? '';
  const finding = findings[Number(/^#finding-(\d+)$/.exec(to)?.[1] ?? 0) - 1];
  const pid = /^#process-(\d+)$/.exec(to)?.[1];
  if (finding === undefined && pid === undefined) return;
  event.preventDefault();
  if (finding !== undefined) navigate(`/findings/${encodeURIComponent(id)}/${encodeURIComponent(finding.finding_id)}`);
  else navigate(href(`/captures/${encodeURIComponent(id)}`, { tab: 'processes', pid }));
}

function Processes({ answer, pid, id }: { readonly answer: CaptureAnswer; readonly pid: string | null; readonly id: string }): VNode {
  useEffect(() => {
    const line = pid === null ? null : document.getElementById(`process-${pid}`);
    if (!(line instanceof HTMLDetailsElement)) return;
    line.open = true;
    line.scrollIntoView({ block: 'center' });
    line.querySelector('summary')?.focus({ preventScroll: true });
  }, [pid, answer]);
  return (
    <>
      {pid !== null && <p class="notice">Process {pid}: <a href={href(`/captures/${encodeURIComponent(id)}`, { tab: 'memory', pid })}>memory map</a>, <a href={href('/memory', { capture: id, pid, view: 'search' })}>search its memory</a>, <a href={href(`/captures/${encodeURIComponent(id)}`, { tab: 'tables', table: 'open_files', pid })}>open files</a>, <a href={href(`/captures/${encodeURIComponent(id)}`, { tab: 'tables', table: 'threads', pid })}>threads</a>.</p>}
      <div class="view"><ProcessTree view={answer} onDemand /></div>
    </>
  );
}

function Tables({ id, answer, query }: { readonly id: string; readonly answer: CaptureAnswer; readonly query: URLSearchParams }): VNode {
  const table = query.get('table') ?? 'open_files';
  const pid = query.get('pid');
  const names = Object.keys(answer.rows).filter((name) => name !== 'findings');
  return (
    <>
      <p class="links small">{names.map((name) => <a key={name} href={href(`/captures/${encodeURIComponent(id)}`, { tab: 'tables', table: name })} aria-current={name === table ? 'true' : undefined}>{name} <span class="count">{answer.rows[name]?.toLocaleString('en')}</span></a>)}</p>
      {pid !== null && <p><button type="button" class="chip" onClick={() => setQuery({ pid: null })}>process {pid} <span aria-hidden="true">×</span><span class="unseen-title">, show all</span></button></p>}
      <TableList table={table} capture={id} query={query} {...(pid === null ? {} : { filter: [`pid:${pid}`] })} empty="The capture has no row in this table." />
    </>
  );
}

function Summary({ id, answer, marked }: { readonly id: string; readonly answer: CaptureAnswer; readonly marked: string | null }): VNode {
  const { capture, incidents, findings, gaps, coverage } = answer;
  const evidence = useGet<EvidencePlace>(`/captures/${encodeURIComponent(id)}/evidence`);
  const told = new Set(incidents.flatMap(({ finding_ids }) => listOf(finding_ids).map(plain)));
  const besides = findings.filter(({ finding_id }) => !told.has(finding_id));
  const blind = coverage.filter(({ state }) => state !== 'ran').length;
  const damage = gaps.filter(({ code }) => code !== 'not_captured').length;
  const tab = (value: string): string => href(`/captures/${encodeURIComponent(id)}`, { tab: value });
  return (
    <div class="columns wide-first">
      <div>
        {findings.length === 0 && <Empty><h2>No findings</h2><p>{blind === 0 ? 'Every detector could look.' : <>{count(blind, 'detector')} could not look: <a href={tab('coverage')}>what could not be seen</a>.</>}</p></Empty>}
        {incidents.map((incident) => (
          <section key={textOf(incident['incident_id'])} class={`sheet incident ${textOf(incident['severity'])}${incident['incident_id'] === marked ? ' marked' : ''}`}>
            <h2><Severity value={incident['severity']} /> <Evidence text={textOf(incident['title'])} most={300} /></h2>
            <ol class="story">{listOf(incident['finding_ids']).map((finding, i) => <StoryLine key={plain(finding)} id={id} finding={plain(finding)} text={plain(listOf(incident['story'])[i])} known={findings.find(({ finding_id }) => finding_id === plain(finding))} />)}</ol>
            <p class="techniques">{listOf(incident['techniques']).map(plain).map((technique) => <a key={technique} class="tag mono" href={href('/findings', { techniques: technique })}>{technique}</a>)}</p>
          </section>
        ))}
        {besides.length > 0 && <section class="sheet"><h2>{incidents.length === 0 ? 'Findings' : 'Besides'}</h2><ol class="story">{besides.slice(0, 40).map((finding) => <StoryLine key={finding.finding_id} id={id} finding={finding.finding_id} text={finding.summary} known={finding} />)}</ol>{besides.length > 40 && <p><a href={tab('findings')}>All findings</a></p>}</section>}
      </div>
      <div class="asides">
      <aside class="sheet facts" aria-label="Facts">
        <dl class="record">
          {fact('Container', capture['container_id'])}{fact('Host name', capture['hostname'])}{fact('Command', listOf(capture['command']).map(plain).join(' '))}{fact('Image', capture['image_ref'] ?? capture['image'])}
          {fact('Cluster', capture['cluster'])}{fact('Node', capture['node'])}{fact('Runtime', capture['runtime'])}{fact('Machine', capture['machine'])}
          <div><dt>Created</dt><dd><Moment at={capture['created_at']} /></dd></div>
          <div><dt>Taken</dt><dd><Moment at={capture['captured_at']} />{capture['checkpointed_source'] === 'archive' && <span class="muted"> by the archive’s time stamps</span>}</dd></div>
          {typeof capture['frozen_time'] === 'number' && fact('Frozen for', `${(capture['frozen_time'] / 1000).toFixed(1)} ms`)}
          {fact('Archive', `${textOf(capture['archive_name'])}, ${bytesText(capture['archive_bytes'])}`)}
          <div><dt>SHA-256</dt><dd class="mono wraps small">{textOf(capture['archive_sha256'])}</dd></div>
          <div><dt>Bytes</dt><dd>{evidence.value === undefined ? <span class="muted">{evidence.state === 'failed' ? evidence.error.message : 'looking for the archive…'}</span> : evidence.value.state === 'there' ? <>at hand, from <Evidence text={evidence.value.from} most={160} /></> : <span class="muted">not at hand: <Evidence text={evidence.value.reason} most={400} /></span>}</dd></div>
          <div><dt>Not seen</dt><dd><a href={tab('coverage')}>{damage === 0 ? 'no damage' : count(damage, 'damaged part')}, {blind === 0 ? 'no blind detector' : count(blind, 'blind detector')}</a></dd></div>
        </dl>
      </aside>
      <Alike id={id} />
      </div>
    </div>
  );
}

const reasons = { container: 'the same container', pod: 'the same pod', image: 'the same image' } as const;

/** Captures that this one is worth comparing with; the earlier one is the one before. */
function Alike({ id }: { readonly id: string }): VNode {
  const answer = useGet<readonly AlikeCapture[]>(`/captures/${encodeURIComponent(id)}/alike`);
  return (
    <aside class="sheet alike" aria-label="Compare with">
      <h2>Compare with</h2>
      <Shown answer={answer} what="what it can be compared with">
        {(alike) => alike.length === 0
          ? <p class="muted small">The lake has no other capture of this container, its pod or its image. <a href={href('/captures', { compare: id })}>Choose any</a></p>
          : <ul class="plain small">{alike.map((other) => (
              <li key={other.id}><a href={other.earlier === false ? href('/compare', { before: id, after: other.id }) : href('/compare', { before: other.id, after: id })}>{reasons[other.why]}{other.why === 'image' ? <>, <Evidence text={other.name} most={80} /></> : other.earlier === null ? '' : other.earlier ? ', earlier' : ', later'}</a> <span class="muted"><Moment at={other.takenAt} />{other.why === 'image' && ` · ${other.grave === 0 ? 'nothing grave' : count(other.grave, 'grave finding')}`}</span></li>
            ))}</ul>}
      </Shown>
    </aside>
  );
}

function fact(name: string, value: Cell | undefined): VNode | null {
  const text = textOf(value);
  return text === '' ? null : <div key={name}><dt>{name}</dt><dd class="wraps"><Evidence text={text} most={400} /></dd></div>;
}

function StoryLine({ id, finding, text, known }: { readonly id: string; readonly finding: string; readonly text: string; readonly known: CaptureAnswer['findings'][number] | undefined }): VNode {
  return (
    <li>{known === undefined ? <span class="severity none" /> : <Severity value={known.severity} />}<a href={`/findings/${encodeURIComponent(id)}/${encodeURIComponent(finding)}`}><Evidence text={text} most={300} /></a>{known !== undefined && <span class="muted small">{known.signal}</span>}</li>
  );
}
