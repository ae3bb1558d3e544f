import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import { Coverage } from './coverage.tsx';
import { Custody } from './custody.tsx';
import { Environments } from './environments.tsx';
import { FileChanges } from './file-changes.tsx';
import { FindingList } from './finding-list.tsx';
import { IncidentList } from './incident-list.tsx';
import { MemoryMaps } from './memory-map.tsx';
import { NetworkGraph } from './network-graph.tsx';
import { ProcessTree } from './process-tree.tsx';
import { pageSections } from './section.tsx';
import { Timeline } from './timeline.tsx';
import { Verdict } from './verdict.tsx';

/** Everything about a capture, the answer first. */
export function CapturePage({ view }: { readonly view: CaptureView }): VNode {
  return (
    <div class="capture">
      <Verdict view={view} />
      <nav class="contents" aria-label="Parts of this page">
        <ul>
          {pageSections.map(([id, title]) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <IncidentList view={view} />
      <FindingList view={view} />
      <Coverage view={view} />
      <ProcessTree view={view} />
      <NetworkGraph view={view} />
      <MemoryMaps view={view} />
      <Timeline view={view} />
      <FileChanges view={view} />
      <Environments view={view} />
      <Custody view={view} />
    </div>
  );
}
