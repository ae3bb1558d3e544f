import type { VNode } from 'preact';
import type { EvidenceView, FindingView } from '../model/finding-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatCount } from './format.ts';
import { HexDump } from './hex-dump.tsx';
import { ShellCommand } from './section.tsx';
import { SeverityBadge } from './severity.tsx';
import { Techniques } from './techniques.tsx';

/** One finding: what, how sure, what shows it, and what else it might be. */
export function FindingCard({ finding }: { readonly finding: FindingView }): VNode {
  const { number, severity, confidence, title, summary, detector, detectorVersion, signal, techniques, falsePositives, pid, process, facts, evidence, moreEvidence, incident } = finding;
  return (
    <details class={`finding ${severity}`} id={`finding-${number}`} open={severity === 'critical'} data-filter-row data-print-open>
      <summary>
        <span class="number">#{number}</span>
        <SeverityBadge severity={severity} />
        <h3>
          <Evidence text={summary} />
        </h3>
      </summary>
      <div class="body">
        <p class="about">
          {title}. <b>Confidence {confidence}</b>, rule {detector} ({signal}, version {detectorVersion})
          {pid === undefined ? null : (
            <>
              , process{' '}
              <a href={`#process-${pid}`}>
                {process === undefined ? null : <Evidence text={process} />} ({pid})
              </a>
            </>
          )}
          {incident === undefined ? null : (
            <>
              , part of <a href={`#incident-${incident}`}>incident {incident}</a>
            </>
          )}
          .
        </p>
        <h4>Evidence</h4>
        <ol class="evidence-list">
          {evidence.map((item) => (
            <li>
              <EvidenceItem item={item} />
            </li>
          ))}
        </ol>
        {moreEvidence > 0 ? <p class="more">{counted(moreEvidence, 'more place')}</p> : null}
        {facts.length === 0 ? null : (
          <dl class="signals">
            {facts.map(({ name, value }) => (
              <div>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd>
                  <Evidence text={value} code />
                </dd>
              </div>
            ))}
          </dl>
        )}
        <p class="harmless">
          <b>Looks the same and is harmless:</b> {falsePositives}.
        </p>
        <Techniques techniques={techniques} />
      </div>
    </details>
  );
}

function EvidenceItem({ item }: { readonly item: EvidenceView }): VNode {
  const { what, pid, fd, address, length, path, image, offset, value, command, bytes } = item;
  const places: readonly (VNode | string | undefined)[] = [
    pid === undefined ? undefined : `pid ${pid}`,
    fd === undefined ? undefined : `fd ${fd}`,
    address === undefined ? undefined : <code>0x{address}</code>,
    length === undefined ? undefined : `${formatCount(length)} bytes`,
    path === undefined ? undefined : <Evidence text={path} code />,
    image === undefined ? undefined : <span class="source">in <Evidence text={image} code />{offset === undefined ? null : ` at ${formatCount(offset)}`}</span>,
  ];
  return (
    <>
      <p>
        <b>{what}</b>
        {places.filter((place) => place !== undefined).map((place) => <>{' · '}{place}</>)}
      </p>
      {value === undefined ? null : <p class="value"><Evidence text={value} code /></p>}
      {bytes === undefined ? null : <HexDump bytes={bytes} label={`bytes at 0x${bytes.address}`} />}
      {command === undefined ? null : <ShellCommand command={command} />}
    </>
  );
}
