import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import { beginningOf } from '../model/text.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatMoment, formatSize } from './format.ts';
import { Facts } from './section.tsx';
import { SeverityBadge, severityShapes } from './severity.tsx';

/** The head of the page: which container, and the answer. */
export function Verdict({ view }: { readonly view: CaptureView }): VNode {
  const { facts, verdict, coverage, incidents } = view;
  const { pod } = facts;
  const blind = coverage.detectors.length - coverage.ran;
  return (
    <header class="verdict" id="verdict">
      <p class="kind">Container checkpoint</p>
      <h1>
        {pod?.namespace === undefined || pod.name === undefined ? null : (
          <>
            <Evidence text={pod.namespace} />/<Evidence text={pod.name} />/
          </>
        )}
        <Evidence text={facts.container ?? facts.containerId ?? facts.captureId} />
      </h1>
      <div class={`answer ${verdict.severity ?? 'none'}`}>
        <p class="headline">
          <span aria-hidden="true">{verdict.severity === undefined ? '✓' : severityShapes[verdict.severity]}</span> {verdict.headline}
        </p>
        {incidents.length === 0 ? null : (
          <ul class="stories">
            {incidents.slice(0, 5).map(({ number, title, severity }) => (
              <li>
                <SeverityBadge severity={severity} /> <a href={`#incident-${number}`}><Evidence text={title} /></a>
              </li>
            ))}
          </ul>
        )}
        <ul class="counts" aria-label="Findings by severity">
          {verdict.counts.map(({ severity, count }) => (
            <li>
              <b>{count}</b> <SeverityBadge severity={severity} />
            </li>
          ))}
        </ul>
        <p class="limits">
          {coverage.ran} of {coverage.detectors.length} detectors could look
          {blind > 0 ? `, ${blind} could not` : ''}. {coverage.damageCount === 0 ? 'The archive is whole' : <strong>{counted(coverage.damageCount, 'part of the archive is damaged or unread', 'parts of the archive are damaged or unread')}</strong>};{' '}
          <a href="#unseen">what could not be seen</a>.
        </p>
      </div>
      <CaptureFactList view={view} />
    </header>
  );
}

function CaptureFactList({ view: { facts } }: { readonly view: CaptureView }): VNode {
  const { archive } = facts;
  const maybe = (text: Parameters<typeof Evidence>[0]['text'] | undefined): VNode | undefined => (text === undefined ? undefined : <Evidence text={text} code />);
  const taken = facts.takenAt === undefined ? 'not known' : `${formatMoment(facts.takenAt)}${facts.takenAtSource === 'archive' ? ', by the archive’s time stamps' : ''}`;
  return (
    <Facts
      facts={[
        ['Taken', `${taken}${facts.frozenMicroseconds === undefined ? '' : `, frozen for ${(facts.frozenMicroseconds / 1000).toFixed(1)} ms`}`],
        ['Image', maybe(facts.image)],
        ['Command', maybe(facts.command)],
        ['Container', maybe(facts.containerId)],
        ['Cluster', maybe(facts.cluster)],
        ['Node', maybe(facts.node)],
        ['Engine', <Evidence text={[facts.engine, facts.runtime === undefined ? undefined : beginningOf(facts.runtime), facts.machine].filter((each) => each !== undefined).join(', ')} />],
        ['Holds', `${counted(facts.processCount, 'process', 'processes')}, ${formatSize(facts.memoryBytes)} of memory, ${facts.rootfsBytes === undefined ? 'no record of file changes' : `${formatSize(facts.rootfsBytes)} of file changes`}`],
        ['Archive', <Evidence text={`${archive.name} (${formatSize(archive.bytes)}, ${archive.compression === 'none' ? 'not compressed' : archive.compression}${archive.wrapping === 'tar' ? '' : `, ${archive.wrapping}`})`} code />],
        ['SHA-256', <code class="hash">{archive.sha256}</code>],
        ['Capture', <code class="hash">{facts.captureId}</code>],
      ]}
    />
  );
}
