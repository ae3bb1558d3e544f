import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Cell, FindingAnswer } from '../../contract/answers.ts';
import { containerName } from '../../contract/container-name.ts';
import type { CaseRecord, SuppressionDraft } from '../../contract/case.ts';
import { send, useGet } from '../api.ts';
import { Notes } from '../parts/notes.tsx';
import { Severity } from '../parts/severity.tsx';
import { Failure, Shown } from '../parts/states.tsx';
import { href, navigate } from '../router.ts';
import { useShared } from '../session.ts';
import { count, Evidence, listOf, Moment, shortHex, textOf } from '../text.tsx';

/** A finding: what, why, what shows it, what harmless thing looks the same, and what else is like it. */
export function FindingPage({ capture, id }: { readonly capture: string; readonly id: string }): VNode {
  const answer = useGet<FindingAnswer>(`/captures/${encodeURIComponent(capture)}/findings/${encodeURIComponent(id)}`);
  return <Shown answer={answer} what="the finding">{(finding) => <Filled answer={finding} capture={capture} id={id} />}</Shown>;
}

function Filled({ answer, capture, id }: { readonly answer: FindingAnswer; readonly capture: string; readonly id: string }): VNode {
  const { finding, related, alike, techniques } = answer;
  const facts = factsOf(finding['facts']);
  const at = `/captures/${encodeURIComponent(capture)}`;
  const place = containerName([finding['namespace'], finding['pod'], finding['container']]);
  return (
    <article class="finding">
      <header class="sheet">
        <p class="crumbs"><a href={at}><Evidence text={place === '' ? capture.slice(0, 12) : place} most={120} /></a> · <Moment at={finding['captured_at']} /></p>
        <h1><Severity value={finding['severity']} /> <Evidence text={textOf(finding['summary'])} most={600} /></h1>
        <p class="muted"><Evidence text={textOf(finding['title'])} /> · signal {textOf(finding['signal'])} · detector <a href={href('/findings', { detector: textOf(finding['detector']) })}>{textOf(finding['detector'])}</a> version {textOf(finding['detector_version'])} · {textOf(finding['confidence'])} confidence{finding['pid'] !== null && <> · <a href={href(at, { tab: 'processes', pid: Number(finding['pid']) })}>process {textOf(finding['pid'])}</a></>}</p>
      </header>
      <section class="sheet">
        <h2>What shows it</h2>
        <div class="scrolls" tabIndex={0} role="region" aria-label="Evidence">
          <table>
            <thead><tr><th scope="col">What</th><th scope="col">Process</th><th scope="col">Where</th><th scope="col">Value</th><th scope="col">In the archive</th></tr></thead>
            <tbody>{listOf(finding['evidence']).map((item, i) => <EvidenceRow key={i} item={item} capture={capture} />)}</tbody>
          </table>
        </div>
      </section>
      <div class="columns">
        <section class="sheet">
          <h2>Why</h2>
          {facts.length === 0 ? <p class="muted">The detector names no values.</p> : <dl class="record">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Evidence text={value} /></dd></div>)}</dl>}
          <h2>What harmless thing looks the same</h2>
          <p><Evidence text={textOf(finding['false_positives'])} /></p>
          <Suppress finding={finding} />
        </section>
        <section class="sheet">
          <h2>ATT&CK {textOf(finding['attack_version'])}</h2>
          <ul class="plain">{techniques.map(({ id: technique, name, tactics }) => <li key={technique}><a href={href('/findings', { techniques: technique })} class="mono">{technique}</a> {name} <span class="muted">{tactics.join(', ')}</span></li>)}</ul>
          <h2>Elsewhere</h2>
          <p>{alike.captures <= 1 ? 'No other capture has a finding of this detector.' : <><a href={href('/findings', { detector: textOf(finding['detector']) })}>{count(alike.findings, 'finding')}</a> of this detector in {count(alike.captures, 'capture')} and {count(alike.images, 'image')}.</>}</p>
        </section>
      </div>
      {related.length > 0 && (
        <section class="sheet">
          <h2>Same incident</h2>
          <ul class="plain story">{related.map((other) => <li key={textOf(other['finding_id'])}><Severity value={other['severity']} /><a href={`/findings/${encodeURIComponent(capture)}/${encodeURIComponent(textOf(other['finding_id']))}`}><Evidence text={textOf(other['summary'])} most={200} /></a></li>)}</ul>
        </section>
      )}
      <Notes capture={capture} finding={id} />
    </article>
  );
}

function EvidenceRow({ item, capture }: { readonly item: Cell; readonly capture: string }): VNode {
  const get = (name: string): Cell | undefined => (isRecord(item) ? item[name] : undefined);
  const [pid, address, path] = [get('pid'), get('address_hex'), get('path')];
  return (
    <tr>
      <td><Evidence text={textOf(get('what'))} /></td>
      <td>{typeof pid === 'number' && <a href={href(`/captures/${encodeURIComponent(capture)}`, { tab: 'processes', pid })}>{pid}</a>}{typeof get('fd') === 'number' && <span class="muted"> fd {textOf(get('fd'))}</span>}</td>
      <td>
        {typeof address === 'string' && typeof pid === 'number' && <a class="mono" href={href('/memory', { capture, pid, at: address, length: Math.min(4096, Math.max(256, Number(get('length') ?? 256))) })}>0x{shortHex(address)}</a>}
        {typeof path === 'string' && <a href={href('/search', { value: path })}><Evidence text={path} most={200} /></a>}
      </td>
      <td><Evidence text={textOf(get('value'))} most={400} /></td>
      <td class="muted small"><Evidence text={textOf(get('criu_image'))} most={80} />{typeof get('image_offset') === 'number' && ` +${textOf(get('image_offset'))}`}</td>
    </tr>
  );
}

function isRecord(cell: Cell): cell is { readonly [field: string]: Cell } {
  return typeof cell === 'object' && cell !== null && !Array.isArray(cell);
}

function factsOf(json: Cell | undefined): readonly (readonly [string, string])[] {
  if (typeof json !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null ? Object.entries(parsed).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const) : [];
  } catch {
    return [['facts', json]];
  }
}

/** Leaves findings like this one out of the lists, by a rule that is no wider than wanted and says why. */
function Suppress({ finding }: { readonly finding: FindingAnswer['finding'] }): VNode {
  const { setRecord } = useShared();
  const [reason, setReason] = useState('');
  const [inImage, setInImage] = useState(true);
  const [error, setError] = useState<Error | undefined>(undefined);
  const image = finding['image'];
  return (
    <details class="act">
      <summary>Suppress findings like this</summary>
      <form onSubmit={(event) => {
        event.preventDefault();
        const draft: SuppressionDraft = { detector: textOf(finding['detector']), image: inImage && typeof image === 'string' ? image : null, reason };
        send<CaseRecord>('POST', '/case/suppressions', draft).then((record) => {
          setRecord(record);
          navigate('/case');
        }, setError);
      }}>
        <p>Findings of <b>{textOf(finding['detector'])}</b> leave the lists. Nothing is deleted; the case shows the rule and takes it back.</p>
        {typeof image === 'string' && <label class="check"><input type="checkbox" checked={inImage} onChange={(event) => setInImage(event.currentTarget.checked)} /> in captures of the image <Evidence text={image} most={100} /> alone</label>}
        <label class="field"><span>Why they are harmless</span><input required maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <button type="submit">Suppress</button>
        {error !== undefined && <Failure error={error} />}
      </form>
    </details>
  );
}
