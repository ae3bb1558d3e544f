import type { VNode } from 'preact';
import type { FindingView } from '../model/finding-view.ts';
import { capitalised } from './format.ts';

export type Severity = FindingView['severity'];

/** A shape for each severity, so that no one needs its colour. */
export const severityShapes: Readonly<Record<Severity, string>> = { critical: '◆', high: '▲', medium: '●', low: '○', informational: '–' };

/** A severity in words, with shape and colour. */
export function SeverityBadge({ severity }: { readonly severity: Severity }): VNode {
  return (
    <span class={`severity ${severity}`}>
      <span aria-hidden="true">{severityShapes[severity]}</span> {capitalised(severity)}
    </span>
  );
}

/** Links to findings by their numbers, worst first. */
export function FindingLinks({ numbers }: { readonly numbers: readonly number[] }): VNode | null {
  if (numbers.length === 0) return null;
  return (
    <span class="finding-links">
      {numbers.slice(0, 12).map((number) => (
        <a href={`#finding-${number}`} aria-label={`finding ${number}`}>
          #{number}
        </a>
      ))}
      {numbers.length > 12 ? <span>+{numbers.length - 12}</span> : null}
    </span>
  );
}
