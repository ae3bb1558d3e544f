import type { VNode } from 'preact';
import type { TechniqueView } from '../model/finding-view.ts';

/** ATT&CK techniques, each with the way to its page. */
export function Techniques({ techniques }: { readonly techniques: readonly TechniqueView[] }): VNode | null {
  if (techniques.length === 0) return null;
  return (
    <ul class="techniques" aria-label="ATT&CK techniques">
      {techniques.map(({ id, name }) => (
        <li>
          <a href={`https://attack.mitre.org/techniques/${id.replace('.', '/')}/`} rel="noreferrer">
            <b>{id}</b> {name}
          </a>
        </li>
      ))}
    </ul>
  );
}
