import type { VNode } from 'preact';
import type { Cell } from '../../contract/answers.ts';

export const severityNames = ['critical', 'high', 'medium', 'low', 'informational'] as const;
const ranks: Readonly<Record<string, number>> = { critical: 5, high: 4, medium: 3, low: 2, informational: 1 };

/** A severity in a word, a colour, and as many filled bars as its rank: none of them alone. */
export function Severity({ value }: { readonly value: Cell | undefined }): VNode {
  const name = typeof value === 'number' ? severityNames[5 - value] ?? 'none' : String(value ?? 'none');
  const rank = ranks[name] ?? 0;
  if (rank === 0) return <span class="severity none">none</span>;
  return (
    <span class={`severity ${name}`}>
      <svg viewBox="0 0 25 12" width="25" height="12" aria-hidden="true">{[1, 2, 3, 4, 5].map((step) => <rect key={step} x={(step - 1) * 5} y={12 - 2 * step - 2} width="4" height={2 * step + 2} class={step <= rank ? 'filled' : 'open'} />)}</svg>
      {name === 'informational' ? 'info' : name}
    </span>
  );
}
