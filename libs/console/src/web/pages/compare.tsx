import type { VNode } from 'preact';
import type { Cell, CompareAnswer, ComparedPart } from '../../contract/answers.ts';
import { captureName } from '../../contract/container-name.ts';
import { useGet } from '../api.ts';
import { titleOf } from '../parts/entity.tsx';
import { Grid } from '../parts/grid.tsx';
import { heldRows } from '../parts/pages.ts';
import { Empty, Shown } from '../parts/states.tsx';
import { href, setQuery } from '../router.ts';
import { Evidence, Moment, textOf } from '../text.tsx';

/** What two captures have that is not the same. */
export function ComparePage({ query }: { readonly query: URLSearchParams }): VNode {
  const before = query.get('before');
  const after = query.get('after');
  const ready = before !== null && after !== null;
  const answer = useGet<CompareAnswer>(ready ? '/compare' : undefined, { before, after });
  return (
    <>
      <header class="page-head"><h1>Compare</h1>{ready && <a class="button" href={href('/compare', { before: after, after: before, part: query.get('part') })}>Swap</a>}</header>
      {ready
        ? <Shown answer={answer} what="both captures">{(compared) => <Compared compared={compared} shown={query.get('part')} />}</Shown>
        : <Empty><p>Two captures are compared: the same container before and after, or a suspect beside one of the same image.</p><p><a class="button" href={before === null ? '/captures' : href('/captures', { compare: before })}>{before === null ? 'Choose a capture' : 'Choose the second'}</a></p>{before === null && <p class="muted">On its page, “Compare” leads here.</p>}</Empty>}
    </>
  );
}

function Compared({ compared, shown }: { readonly compared: CompareAnswer; readonly shown: string | null }): VNode {
  const changed = compared.parts.filter(({ added, removed, changed: other }) => added + removed + other > 0);
  const part = compared.parts.find(({ name }) => name === shown) ?? changed[0];
  return (
    <>
      <div class="sides">
        <Side title="Before" side={compared.before} />
        <span class="arrow" aria-hidden="true">→</span>
        <Side title="After" side={compared.after} />
      </div>
      <p class="muted">{compared.sameContainer
        ? 'Both are of the same container: processes, descriptors and addresses are told apart by their numbers.'
        : 'These are two containers: their pids, descriptors and addresses mean nothing to each other, so things are told apart by name.'} Content of memory is compared byte by byte by <code>icecore diff</code>.</p>
      {part === undefined
        ? <Empty>The tables of both captures say the same.</Empty>
        : (
          <div class="with-tabs">
            <nav class="tabs" aria-label="What changed">
              {compared.parts.map(({ name, title, added, removed, changed: other }) => (
                <button key={name} type="button" aria-current={name === part.name ? 'true' : undefined} disabled={added + removed + other === 0} onClick={() => setQuery({ part: name })}>
                  {title} <span class="deltas">{added > 0 && <b class="added">+{added}</b>}{removed > 0 && <b class="removed">−{removed}</b>}{other > 0 && <b class="changed">~{other}</b>}{added + removed + other === 0 && <span class="muted">same</span>}</span>
                </button>
              ))}
            </nav>
            <Part part={part} />
          </div>
        )}
    </>
  );
}

function Side({ title, side }: { readonly title: string; readonly side: Readonly<Record<string, Cell>> }): VNode {
  const id = textOf(side['capture_id']);
  return (
    <div class="sheet side"><h2>{title}</h2><p><a href={`/captures/${encodeURIComponent(id)}`}><Evidence text={captureName(side)} most={120} /></a></p><p class="muted small"><Moment at={side['captured_at']} /> · <Evidence text={textOf(side['image'])} most={80} /></p></div>
  );
}

const signs: Readonly<Record<string, string>> = { added: '+', removed: '−', changed: '~' };

function Part({ part }: { readonly part: ComparedPart }): VNode {
  const { keys, rows } = part;
  return (
    <section class="part" aria-label={part.title}>
      {part.cut && <p class="notice">There are more changes than the {rows.length.toLocaleString('en')} that are shown.</p>}
      <Grid
        key={part.name} label={part.title} rows={heldRows(rows)} empty="The same in both."
        columns={[
          { name: 'change', title: '', width: '6rem', cell: (row) => <b class={textOf(row[0])}>{signs[textOf(row[0])]} {textOf(row[0])}</b> },
          ...keys.map((key, i) => ({ name: key, title: titleOf(key), width: key === 'pid' || key === 'fd' || key.endsWith('port') ? '5rem' : 'minmax(8rem, 2fr)', cell: (row: readonly Cell[]) => <Evidence text={textOf(row[i + 1])} most={200} /> })),
          { name: 'difference', title: 'Difference', width: 'minmax(16rem, 4fr)', cell: (row) => <Difference row={row} at={keys.length + 1} /> },
        ]}
        compact={(row) => <><span class="line-one"><b class={textOf(row[0])}>{signs[textOf(row[0])]}</b> <Evidence text={keys.map((_, i) => textOf(row[i + 1])).filter((text) => text !== '').join(' · ')} most={160} /></span><span class="line-two"><Difference row={row} at={keys.length + 1} /></span></>}
      />
    </section>
  );
}

/** Of what changed, the values that are not the same; of what came or went, all. */
function Difference({ row, at }: { readonly row: readonly Cell[]; readonly at: number }): VNode {
  const before = textOf(row[at]).split('\n').filter((line) => line !== '');
  const after = textOf(row[at + 1]).split('\n').filter((line) => line !== '');
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  return (
    <span class="difference" title={[...gone.map((line) => `− ${line}`), ...come.map((line) => `+ ${line}`)].join('\n').slice(0, 4000)}>
      {gone.length > 0 && <del><Evidence text={gone.join('; ')} most={300} /></del>} {come.length > 0 && <ins><Evidence text={come.join('; ')} most={300} /></ins>}
    </span>
  );
}
