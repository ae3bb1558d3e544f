import type { ComponentChildren, VNode } from 'preact';

/** The parts of a page, in its order: what links and headings are made of. */
export const pageSections = [
  ['incidents', 'Incidents'],
  ['findings', 'Findings'],
  ['unseen', 'What could not be seen'],
  ['processes', 'Processes'],
  ['network', 'Network'],
  ['memory', 'Memory'],
  ['timeline', 'Timeline'],
  ['files', 'Files'],
  ['environment', 'Environment'],
  ['custody', 'Custody'],
] as const;
export type SectionId = (typeof pageSections)[number][0];

const titles: ReadonlyMap<string, string> = new Map(pageSections);

/** A part of the page: a landmark with a heading, and a sentence on what it holds. */
export function Section({ id, lead, children }: { readonly id: SectionId; readonly lead?: ComponentChildren; readonly children: ComponentChildren }): VNode {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{titles.get(id)}</h2>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
    </section>
  );
}

/** Something wide that scrolls within itself, by keyboard too. */
export function Scrollable({ label, children }: { readonly label: string; readonly children: ComponentChildren }): VNode {
  return (
    <div class="scrollable" role="region" aria-label={label} tabindex={0}>
      {children}
    </div>
  );
}

/** Names and values. What has no value is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ComponentChildren])[] }): VNode {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A command for a shell; a script may put a button beside it that copies it. */
export function ShellCommand({ command }: { readonly command: string }): VNode {
  return (
    <p class="command">
      <code data-copy>{command}</code>
    </p>
  );
}
