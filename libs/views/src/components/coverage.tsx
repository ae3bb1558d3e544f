import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { GapView } from '../model/coverage-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatSize } from './format.ts';
import { Section } from './section.tsx';

/** What could not be seen: damage, what no checkpoint of this kind holds, and detectors that could not look. */
export function Coverage({ view: { coverage } }: { readonly view: CaptureView }): VNode {
  const { damage, damageCount, notCaptured, detectors, ran, scannedBytes } = coverage;
  const blind = detectors.filter(({ state }) => state !== 'ran');
  return (
    <Section id="unseen" lead="That something is not in this report is an answer only where somebody could look.">
      {damageCount === 0 ? null : (
        <>
          <h3>Damaged or unread</h3>
          <GapList gaps={damage} />
          {damageCount > damage.length ? <p class="more">{counted(damageCount - damage.length, 'more place')}.</p> : null}
        </>
      )}
      <h3>Not in a checkpoint of this kind</h3>
      <GapList gaps={notCaptured} />
      <h3>Detectors</h3>
      <p>
        {ran} of {detectors.length} detectors could look{scannedBytes === undefined ? '' : `, over ${formatSize(scannedBytes)} of memory, files and queues`}.
      </p>
      {blind.length === 0 ? null : (
        <ul class="gaps">
          {blind.map(({ detector, signal, state, reason }) => (
            <li>
              <b>{detector}</b> ({signal}) {state === 'failed' ? 'broke off' : 'was blind'}{reason === undefined ? '' : <>: <Evidence text={reason} /></>}
            </li>
          ))}
        </ul>
      )}
      <details class="table">
        <summary>Every detector and what it found</summary>
        <ul class="detectors">
          {detectors.map(({ detector, signal, state, findings, reason }) => (
            <li class={state}>
              <span class="signal">{signal}</span> {detector} <b>{state === 'ran' ? (findings === 0 ? 'nothing' : counted(findings, 'finding')) : state}</b>
              {state === 'ran' && reason !== undefined ? <>, <Evidence text={reason} /></> : ''}
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}

function GapList({ gaps }: { readonly gaps: readonly GapView[] }): VNode {
  return (
    <ul class="gaps">
      {gaps.map(({ subject, reason, place, code }) => (
        <li>
          <b><Evidence text={subject} /></b>: <Evidence text={reason} />
          {code === 'not_captured' ? null : <span class="source"> {place === '' ? '' : <>in <Evidence text={place} code /></>} ({code})</span>}
        </li>
      ))}
    </ul>
  );
}
