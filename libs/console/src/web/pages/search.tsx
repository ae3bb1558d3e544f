import type { VNode } from 'preact';
import type { SearchAnswer } from '../../contract/answers.ts';
import { useGet } from '../api.ts';
import { AnswerGrid } from '../parts/answer-grid.tsx';
import { took } from '../parts/reads.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { href } from '../router.ts';
import { count, Evidence, Moment, spelledOut } from '../text.tsx';

/** One indicator over all captures. */
export function SearchPage({ value }: { readonly value: string }): VNode {
  const answer = useGet<SearchAnswer>(value === '' ? undefined : '/search', { value });
  if (value === '') return <Empty><h1>Search</h1><p>Write or paste an indicator into the field above: a hash, an address, a network, a domain, a path, or any text. <kbd>/</kbd> leads there.</p></Empty>;
  return (
    <>
      <header class="page-head"><h1><Evidence text={value} most={200} /></h1></header>
      <Shown answer={answer} what="all captures">
        {(found) => (
          <>
            <dl class="tiles">
              <div><dt>Taken for</dt><dd>{kindOf(found.type)}</dd></div>
              <div><dt>Captures</dt><dd><b>{found.captures.toLocaleString('en')}</b> of {found.allCaptures.toLocaleString('en')}</dd></div>
              <div><dt>Containers</dt><dd><b>{found.containers.toLocaleString('en')}</b></dd></div>
              <div><dt>Processes</dt><dd><b>{found.processes.toLocaleString('en')}</b></dd></div>
              <div><dt>Images</dt><dd><b>{found.images.toLocaleString('en')}</b> of {found.allImages.toLocaleString('en')}{found.images > 0 && <span class="muted"> · {rarity(found.images, found.allImages)}</span>}</dd></div>
              <div><dt>First seen</dt><dd><Moment at={found.firstSeen} /></dd></div>
              <div><dt>Last seen</dt><dd><Moment at={found.lastSeen} /></dd></div>
            </dl>
            <p class="muted small">{count(found.table.rows.length, 'place')}{found.table.cut && ', and more that are not shown'}, by the hunt <a href={href(`/hunts/${found.hunt}`)}>{found.hunt}</a>, {took(found.table)}.</p>
            <AnswerGrid answer={found.table} label={`Places of ${spelledOut(value, 100)}`} empty="No capture of the lake has it. What memory the archives do not hold was not searched." />
          </>
        )}
      </Shown>
    </>
  );
}

function kindOf(type: string): string {
  return type === 'address' ? 'an IP address' : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function rarity(images: number, all: number): string {
  if (images === 1) return 'in one image alone';
  return images / all <= 0.1 ? 'rare' : images / all >= 0.5 ? 'common' : 'in some';
}
