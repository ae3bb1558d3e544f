import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import { counted } from './format.ts';
import { FindingCard } from './finding-card.tsx';
import { Section } from './section.tsx';

/** Every finding with what shows it, the most severe first. */
export function FindingList({ view: { findings, findingCount } }: { readonly view: CaptureView }): VNode {
  const lead = findings.length === 0 ? 'No detector found anything.' : `${counted(findingCount, 'finding')}, the most severe first. Each names what shows it, how to see the bytes, and what harmless thing looks the same.`;
  return (
    <Section id="findings" lead={lead}>
      <div class="findings" data-filterable="findings">
        {findings.map((finding) => (
          <FindingCard finding={finding} />
        ))}
      </div>
      {findingCount > findings.length ? <p class="more">{counted(findingCount - findings.length, 'more finding')}, none of them more severe: see icecore findings.</p> : null}
    </Section>
  );
}
