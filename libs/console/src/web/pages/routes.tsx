import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Place } from '../router.ts';
import { CapturePage } from './capture.tsx';
import { CapturesPage } from './captures.tsx';
import { CasePage } from './case.tsx';
import { ComparePage } from './compare.tsx';
import { FindingPage } from './finding.tsx';
import { FindingsPage } from './findings.tsx';
import { HuntPage, HuntsPage } from './hunts.tsx';
import { MemoryPage } from './memory.tsx';
import { OverviewPage } from './overview.tsx';
import { RulesPage } from './rules.tsx';
import { SearchPage } from './search.tsx';
import { SqlPage } from './sql.tsx';
import { StackPage } from './stack.tsx';
import { TimelinePage } from './timeline.tsx';

/** The page of an address. */
export function PageOf({ place }: { readonly place: Place }): VNode {
  const [, first = '', second, third] = place.path.split('/').map(decode);
  useEffect(() => {
    document.title = titles[first] === undefined ? 'icecore' : `${titles[first]}${second === undefined ? '' : ` ${second.slice(0, 12)}`} – icecore`;
  }, [first, second]);
  switch (first) {
    case '':
      return <OverviewPage />;
    case 'search':
      return <SearchPage value={place.query.get('value') ?? ''} />;
    case 'captures':
      return second === undefined ? <CapturesPage query={place.query} /> : <CapturePage key={second} id={second} query={place.query} />;
    case 'findings':
      return second === undefined || third === undefined ? <FindingsPage query={place.query} /> : <FindingPage key={third} capture={second} id={third} />;
    case 'timeline':
      return <TimelinePage query={place.query} />;
    case 'stack':
      return <StackPage query={place.query} />;
    case 'hunts':
      return second === undefined ? <HuntsPage /> : <HuntPage key={second} name={second} query={place.query} />;
    case 'rules':
      return <RulesPage query={place.query} hash={place.hash} />;
    case 'compare':
      return <ComparePage query={place.query} />;
    case 'sql':
      return <SqlPage hash={place.hash} />;
    case 'memory':
      return <MemoryPage query={place.query} />;
    case 'case':
      return <CasePage />;
    default:
      return <section class="sheet narrow"><h1>There is no such page</h1><p>The address may be cut. <a href="/">The overview</a> leads to all pages.</p></section>;
  }
}

const titles: Readonly<Record<string, string>> = {
  search: 'Search', captures: 'Captures', findings: 'Findings', timeline: 'Timeline', stack: 'Stack', hunts: 'Hunts', rules: 'YARA', compare: 'Compare', sql: 'SQL', memory: 'Memory', case: 'Case',
};

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
