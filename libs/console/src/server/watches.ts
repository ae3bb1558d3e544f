import { huntNamed, renderHunt } from '@icecore/hunts';
import type { CaseRecord, Watch, WatchDraft } from '../contract/case.ts';
import { recordsOf } from './answer.ts';
import { stamp } from './case-file.ts';
import type { ConsoleContext } from './context.ts';
import { RequestError } from './errors.ts';
import { compiledRules, scanCaptures } from './rules.ts';

/** Most captures that are looked at in one round; the others have their turn in the next. */
const maxNewCaptures = 200;
/** Answers of a watch that are kept, the newest. */
const maxKeptHits = 1000;

/** Refuses a watch that could not be asked of one capture. */
export async function checkWatch(context: ConsoleContext, watch: WatchDraft, signal: AbortSignal): Promise<void> {
  if (watch.kind === 'rule') return void compiledRules(watch.rule);
  const { sql, parameters } = renderHunt(huntNamed(context.hunts, watch.hunt), watch.values);
  const { columns } = await context.lake.query(`SELECT * FROM (${sql}) AS answer WHERE false`, parameters, { signal });
  if (!columns.some(({ name }) => name === 'capture_id')) throw new RequestError('refused', 'This question is about all captures at once, and cannot be asked of a new one alone.');
}

/** What is in the lake already is not new: a question asks that at once. */
export async function addWatch(context: ConsoleContext, draft: WatchDraft): Promise<CaseRecord> {
  await lookAtNew(context);
  const there = await capturesOf(context);
  return context.caseFile.change((record) => ({
    ...record,
    seen: record.watches.length === 0 ? [...there] : record.seen,
    watches: [...record.watches, { ...stamp(context.user), ...draft, hits: [] }],
  }));
}

/** Asks every watch of the captures that came to the lake since the last time. One round at a time. */
export function lookAtNew(context: ConsoleContext, signal?: AbortSignal): Promise<void> {
  const before = rounds.get(context) ?? Promise.resolve();
  const round = before.catch(() => undefined).then(() => look(context, signal ?? new AbortController().signal));
  rounds.set(context, round);
  return round;
}

const rounds = new WeakMap<ConsoleContext, Promise<void>>();

async function look(context: ConsoleContext, signal: AbortSignal): Promise<void> {
  const { watches, seen } = await context.caseFile.read();
  if (watches.length === 0) return;
  const known = new Set(seen);
  const fresh = [...(await capturesOf(context, signal))].filter((id) => !known.has(id)).slice(0, maxNewCaptures);
  if (fresh.length === 0) return;
  const found = new Map<string, Watch['hits']>();
  for (const watch of watches) found.set(watch.id, await hitsOf(context, watch, fresh, signal));
  await context.caseFile.change((record) => ({
    ...record,
    seen: [...record.seen, ...fresh],
    watches: record.watches.map((watch) => ({ ...watch, hits: [...watch.hits, ...(found.get(watch.id) ?? [])].slice(-maxKeptHits) })),
  }));
}

async function capturesOf({ lake }: ConsoleContext, signal = new AbortController().signal): Promise<readonly string[]> {
  return (await lake.query('SELECT capture_id FROM captures ORDER BY capture_id', [], { signal })).rows.map(([id]) => String(id));
}

/** What a watch finds in each of some captures; one that could not be asked says why, and takes the others nothing. */
async function hitsOf(context: ConsoleContext, watch: Watch, captures: readonly string[], signal: AbortSignal): Promise<Watch['hits']> {
  const at = new Date().toISOString();
  try {
    const counts = watch.kind === 'hunt' ? await huntCounts(context, watch, captures, signal) : await ruleCounts(context, watch.rule, captures, signal);
    return [...counts].map(([capture, { rows, problem }]) => ({ capture, at, rows, problem: problem?.slice(0, 1000) ?? null })).filter(({ rows, problem }) => rows > 0 || problem !== null);
  } catch (error) {
    signal.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    return captures.map((capture) => ({ capture, at, rows: 0, problem: problem.slice(0, 1000) }));
  }
}

type Counts = ReadonlyMap<string, { readonly rows: number; readonly problem?: string }>;

async function huntCounts({ lake, hunts }: ConsoleContext, watch: Extract<Watch, { kind: 'hunt' }>, captures: readonly string[], signal: AbortSignal): Promise<Counts> {
  const { sql, parameters } = renderHunt(huntNamed(hunts, watch.hunt), watch.values);
  const among = captures.map(() => 'CAST(? AS varchar)').join(', ');
  const answer = await lake.query(`SELECT capture_id, count(*) AS found FROM (${sql}) AS answer WHERE capture_id IN (${among}) GROUP BY capture_id`, [...parameters, ...captures], { signal });
  return new Map(recordsOf(answer).map(({ capture_id, found }) => [String(capture_id), { rows: Number(found) }]));
}

async function ruleCounts(context: ConsoleContext, rule: string, captures: readonly string[], signal: AbortSignal): Promise<Counts> {
  const counts = new Map<string, { readonly rows: number; readonly problem?: string }>();
  for await (const line of scanCaptures(context, compiledRules(rule), captures, signal)) {
    if (line.kind === 'hit') counts.set(line.capture, { ...counts.get(line.capture), rows: (counts.get(line.capture)?.rows ?? 0) + 1 });
    if (line.kind === 'skipped') counts.set(line.id, { rows: counts.get(line.id)?.rows ?? 0, problem: line.reason });
  }
  return counts;
}
