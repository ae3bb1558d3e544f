import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { HuntInfo, TableAnswer, TableInfo } from '../../contract/answers.ts';
import { send, useAnswer, useGet } from '../api.ts';
import { AnswerGrid } from '../parts/answer-grid.tsx';
import { Reads, took } from '../parts/reads.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Watches, WatchHunt } from '../parts/watches.tsx';
import { href } from '../router.ts';
import { count, Evidence } from '../text.tsx';

/** The saved questions. */
export function HuntsPage(): VNode {
  const answer = useGet<readonly HuntInfo[]>('/hunts');
  return (
    <>
      <header class="page-head"><h1>Hunts</h1><p class="muted grow">Saved questions to all captures.</p><a class="button" href="/rules">A YARA rule…</a></header>
      <Watches />
      <Shown answer={answer} what="the hunts">
        {(hunts) => (
          <ul class="cards">
            {hunts.map(({ name, title, question, technique, parameters }) => (
              <li key={name}><a href={`/hunts/${encodeURIComponent(name)}`}>
                <h2>{title}</h2><p>{question}</p>
                <p class="muted small"><code>{name}</code>{technique !== null && ` · ${technique}`}{parameters.length > 0 && ` · ${parameters.map((parameter) => parameter.name).join(', ')}`}</p>
              </a></li>
            ))}
          </ul>
        )}
      </Shown>
    </>
  );
}

/** A question with its parameters and, once they are all there, its answer. */
export function HuntPage({ name, query }: { readonly name: string; readonly query: URLSearchParams }): VNode {
  const answer = useGet<readonly HuntInfo[]>('/hunts');
  return (
    <Shown answer={answer} what="the hunt">
      {(hunts) => {
        const hunt = hunts.find((each) => each.name === name);
        return hunt === undefined ? <Empty><h1>There is no hunt {name.slice(0, 60)}</h1><p><a href="/hunts">All hunts</a></p></Empty> : <Hunt hunt={hunt} query={query} />;
      }}
    </Shown>
  );
}

function Hunt({ hunt, query }: { readonly hunt: HuntInfo; readonly query: URLSearchParams }): VNode {
  const given = Object.fromEntries(hunt.parameters.flatMap((parameter) => {
    const value = query.get(parameter.name);
    return value === null ? [] : [[parameter.name, value] as const];
  }));
  const ready = hunt.parameters.every((parameter) => given[parameter.name] !== undefined || parameter.default !== null);
  const key = ready ? `${hunt.name} ${JSON.stringify(given)}` : undefined;
  const result = useAnswer<TableAnswer>(key, (signal) => send('POST', `/hunts/${encodeURIComponent(hunt.name)}`, { values: given }, signal));
  const [seen, setSeen] = useState(false);
  const tables = useGet<readonly TableInfo[]>('/tables');
  return (
    <>
      <header class="page-head">
        <div><p class="crumbs"><a href="/hunts">Hunts</a></p><h1>{hunt.title}</h1><p class="muted">{hunt.question}{hunt.technique !== null && <> ATT&CK <a class="mono" href={href('/findings', { techniques: hunt.technique })}>{hunt.technique}</a>.</>}</p></div>
        <button type="button" class="quiet" aria-expanded={seen} onClick={() => setSeen(!seen)}>Statement</button>
        <WatchHunt hunt={hunt.name} title={hunt.title} values={ready ? given : undefined} />
        <a class="button" href={`/sql#${new URLSearchParams({ sql: filledIn(hunt, given) })}`}>Open in SQL</a>
      </header>
      {seen && <pre class="sheet code" tabIndex={0}>{hunt.sql}</pre>}
      {hunt.parameters.length > 0 && (
        <form class="parameters" action={`/hunts/${encodeURIComponent(hunt.name)}`} onSubmit={(event) => {
          event.preventDefault();
          const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([field, value]) => [field, String(value)]));
          history.pushState(null, '', href(`/hunts/${encodeURIComponent(hunt.name)}`, values));
          dispatchEvent(new PopStateEvent('popstate'));
        }}>
          {hunt.parameters.map((parameter) => (
            <label key={parameter.name} class="field"><span>{parameter.name}</span>
              {parameter.type === 'yesno'
                ? <select name={parameter.name}>{['no', 'yes'].map((option) => <option key={option} selected={option === (given[parameter.name] ?? parameter.default)}>{option}</option>)}</select>
                : parameter.type === 'date'
                  ? <input name={parameter.name} type="date" required={parameter.default === null} defaultValue={given[parameter.name] ?? parameter.default ?? ''} />
                  : <input name={parameter.name} required={parameter.default === null} defaultValue={given[parameter.name] ?? parameter.default ?? ''} maxLength={4096} spellcheck={false} autocomplete="off" />}
              <small>{parameter.summary}</small>
            </label>
          ))}
          <button type="submit">Ask</button>
        </form>
      )}
      <p><Reads sql={hunt.sql} tables={tables.value} /></p>
      {key === undefined
        ? <Empty>Fill in what the question needs.</Empty>
        : (
          <Shown answer={result} what="all captures">
            {(table) => (
              <>
                <p class="muted small">{count(table.rows.length, 'row')}{table.cut && ', and more that are not shown'}, {took(table)}.</p>
                <AnswerGrid answer={table} label={hunt.title} empty="No capture of the lake has any." />
              </>
            )}
          </Shown>
        )}
      {Object.keys(given).length > 0 && <p class="unseen-title"><Evidence text={JSON.stringify(given)} /></p>}
    </>
  );
}

/** The statement with its values in it, for a person to change. */
function filledIn(hunt: HuntInfo, given: Readonly<Record<string, string>>): string {
  return hunt.parameters.reduce((sql, { name, type, default: standard }) => {
    const value = given[name] ?? standard ?? '';
    const literal = type === 'number' ? value || '0' : type === 'yesno' ? String(value === 'yes') : type === 'date' ? `date '${value}'` : `'${value.replaceAll("'", "''")}'`;
    return sql.replaceAll(new RegExp(`:${name}\\b`, 'g'), () => literal);
  }, hunt.sql);
}
