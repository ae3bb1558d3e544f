import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TableAnswer, TableInfo } from '../../contract/answers.ts';
import type { CaseRecord } from '../../contract/case.ts';
import { download, send, useGet } from '../api.ts';
import type { Editor } from '../parts/editor.ts';
import { AnswerGrid } from '../parts/answer-grid.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Reads, took } from '../parts/reads.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { setHash } from '../router.ts';
import { useShared } from '../session.ts';
import { bytesText, count } from '../text.tsx';

const firstStatement = "SELECT severity, container, pid, summary, capture_id, finding_id\nFROM findings\nORDER BY severity_id DESC, captured_at DESC\nLIMIT 200";

type Run = { readonly state: 'idle' } | { readonly state: 'asking'; readonly since: number; readonly asking: AbortController } | { readonly state: 'answered'; readonly answer: TableAnswer } | { readonly state: 'failed'; readonly error: Error };

/** Any reading statement, with the tables at hand. */
export function SqlPage({ hash }: { readonly hash: URLSearchParams }): VNode {
  const asked = hash.get('sql') ?? firstStatement;
  const tables = useGet<readonly TableInfo[]>('/tables');
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const [run, setRun] = useState<Run>({ state: 'idle' });
  const [saving, setSaving] = useState(false);
  const running = useRef<AbortController | undefined>(undefined);
  const ask = (): void => {
    const sql = editor.current?.text() ?? asked;
    running.current?.abort();
    const asking = new AbortController();
    running.current = asking;
    setHash({ sql });
    setRun({ state: 'asking', since: performance.now(), asking });
    send<TableAnswer>('POST', '/sql', { sql }, asking.signal).then(
      (answer) => !asking.signal.aborted && setRun({ state: 'answered', answer }),
      (error: unknown) => setRun(asking.signal.aborted ? { state: 'idle' } : { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
  };
  const askNow = useRef(ask);
  askNow.current = ask;
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (tables.value === undefined || place.current === null) return undefined;
    const at = place.current;
    let gone = false;
    void import('../parts/editor.ts').then(({ sqlEditor }) => {
      if (gone || tables.value === undefined) return;
      editor.current = sqlEditor(at, { text: asked, tables: tables.value, onAsk: () => askNow.current() });
      if (hash.has('sql')) askNow.current();
    });
    return () => {
      gone = true;
      editor.current?.close();
      editor.current = undefined;
    };
  }, [tables.value]);
  useEffect(() => {
    if (editor.current !== undefined && editor.current.text() !== asked) editor.current.setText(asked);
  }, [asked]);
  return (
    <>
      <h1 class="unseen-title">SQL</h1>
      <div class="sql">
        <aside class="schema" aria-label="Tables"><Schema tables={tables.value} onInsert={(text) => editor.current?.insert(text)} /></aside>
        <section class="ask" aria-label="Statement">
          <div class="editor" ref={place}>{tables.value === undefined && <pre>{asked}</pre>}</div>
          <div class="actions">
            <button type="button" class="main" onClick={ask}>Ask <kbd aria-hidden="true">Ctrl ⏎</kbd></button>
            {run.state === 'asking' && <Waiting since={run.since} onCancel={() => run.asking.abort()} />}
            {run.state === 'idle' && <Reads sql={asked} tables={tables.value} />}
            {run.state === 'answered' && <span class="muted small" role="status">{count(run.answer.rows.length, 'row')}{run.answer.cut && ', cut there'}, {took(run.answer)}</span>}
            <span class="gap" />
            <button type="button" onClick={() => setSaving(true)}>Save…</button>
            <button type="button" onClick={() => void download('/sql.csv', { sql: editor.current?.text() ?? asked }, 'icecore-answer.csv').catch((error: unknown) => setRun({ state: 'failed', error: error instanceof Error ? error : new Error(String(error)) }))}>CSV</button>
          </div>
          {run.state === 'failed' && <Failure error={run.error} />}
          {run.state === 'answered' && <AnswerGrid raw answer={run.answer} label="Answer" empty="The answer has no rows." />}
          {run.state === 'idle' && <Empty>One SELECT, in the SQL that Athena has too. It can read the lake and nothing else; it may run a minute, and 20,000 rows are shown.</Empty>}
        </section>
      </div>
      <Save open={saving} sql={() => editor.current?.text() ?? asked} onClose={() => setSaving(false)} />
    </>
  );
}

function Waiting({ since, onCancel }: { readonly since: number; onCancel(): void }): VNode {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <><span class="muted small" role="status"><span class="spinner" aria-hidden="true" /> {((now - since) / 1000).toFixed(1)} s</span><button type="button" onClick={onCancel}>Cancel</button></>;
}

function Schema({ tables, onInsert }: { readonly tables: readonly TableInfo[] | undefined; onInsert(text: string): void }): VNode {
  const { record, setRecord } = useShared();
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const shown = (tables ?? []).filter(({ name, description, columns }) => wanted === '' || `${name} ${description} ${columns.map((column) => `${column.name} ${column.description}`).join(' ')}`.toLowerCase().includes(wanted));
  return (
    <>
      {(record?.queries.length ?? 0) > 0 && (
        <details open><summary>Saved</summary>
          <ul class="plain">{record?.queries.map(({ id, name, sql }) => <li key={id} class="saved"><a href={`/sql#${new URLSearchParams({ sql })}`}>{name}</a><button type="button" class="quiet small" aria-label={`Remove ${name}`} onClick={() => void send<CaseRecord>('DELETE', `/case/queries/${id}`).then(setRecord)}>×</button></li>)}</ul>
        </details>
      )}
      <label class="filter"><span>Tables and columns</span><input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      {shown.map(({ name, description, columns, bytes }) => (
        <details key={name} open={wanted !== '' && shown.length < 4}>
          <summary title={description}><code>{name}</code> <span class="muted small">{bytes === null ? '' : bytes === 0 ? 'empty' : bytesText(bytes)}</span></summary>
          <p class="muted small">{description}</p>
          <ul class="plain">{columns.map((column) => <li key={column.name}><button type="button" class="quiet column" title={column.description} onClick={() => onInsert(column.name)}><code>{column.name}</code> <span class="muted small">{column.type.length > 24 ? `${column.type.slice(0, 22)}…` : column.type}</span></button></li>)}</ul>
        </details>
      ))}
    </>
  );
}

function Save({ open, sql, onClose }: { readonly open: boolean; sql(): string; onClose(): void }): VNode {
  const { setRecord } = useShared();
  const [name, setName] = useState('');
  const [error, setError] = useState<Error | undefined>(undefined);
  return (
    <Dialog title="Save the statement" open={open} onClose={onClose}>
      <form onSubmit={(event) => {
        event.preventDefault();
        send<CaseRecord>('POST', '/case/queries', { name, sql: sql() }).then((record) => {
          setRecord(record);
          setName('');
          onClose();
        }, setError);
      }}>
        <label class="field"><span>Name; one that is there already is replaced</span><input required maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <button type="submit" class="main">Save</button>
        {error !== undefined && <Failure error={error} />}
      </form>
    </Dialog>
  );
}
