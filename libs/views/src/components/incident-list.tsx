import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { IncidentView } from '../model/finding-view.ts';
import { Evidence } from './evidence-text.tsx';
import { Section } from './section.tsx';
import { SeverityBadge } from './severity.tsx';
import { Techniques } from './techniques.tsx';

/** Findings that are one story, told in the order of the process tree. */
export function IncidentList({ view: { incidents } }: { readonly view: CaptureView }): VNode {
  const lead = incidents.length === 0 ? 'No findings that make a story together.' : 'Findings that belong together, each told in the order of the process tree.';
  return (
    <Section id="incidents" lead={lead}>
      {incidents.map((incident) => (
        <Incident incident={incident} />
      ))}
    </Section>
  );
}

function Incident({ incident }: { readonly incident: IncidentView }): VNode {
  const { number, severity, title, story, processes, techniques, tactics } = incident;
  return (
    <article class={`incident ${severity}`} id={`incident-${number}`} aria-labelledby={`incident-${number}-title`}>
      <SeverityBadge severity={severity} />
      <h3 id={`incident-${number}-title`}>
        <Evidence text={title} />
      </h3>
      <ol class="story">
        {story.map((told) => (
          <li class={told.severity ?? ''}>
            {told.finding === undefined ? <Evidence text={told.sentence} /> : <a href={`#finding-${told.finding}`}><Evidence text={told.sentence} /></a>}
          </li>
        ))}
      </ol>
      {processes.length === 0 ? null : (
        <p class="about">
          Processes:{' '}
          {processes.map(({ pid, name }, i) => (
            <>
              {i === 0 ? '' : ', '}
              <a href={`#process-${pid}`}>
                <Evidence text={name} /> ({pid})
              </a>
            </>
          ))}
        </p>
      )}
      <p class="about">Tactics: {tactics.map((tactic) => tactic.replaceAll('-', ' ')).join(', ')}</p>
      <Techniques techniques={techniques} />
    </article>
  );
}
