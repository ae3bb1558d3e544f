import { type Hunt, huntNamed, pivotOf, renderHunt } from '@icecore/hunts';
import type { QueryEngine } from '@icecore/lake';
import type { SearchAnswer } from '../contract/answers.ts';
import { recordsOf, tableOf } from './answer.ts';

/** Most places of an indicator that are shown; the counts are of all. */
const maxPlaces = 10_000;

/** Everything about an indicator, by its form, over all captures: where it is, how often, since when, and how rare. */
export async function searchLake(engine: QueryEngine, hunts: readonly Hunt[], value: string, signal: AbortSignal, dollars?: (bytes: number) => number): Promise<SearchAnswer> {
  const since = performance.now();
  const pivot = pivotOf(value);
  const hunt = huntNamed(hunts, pivot.hunt);
  const { sql, parameters } = renderHunt(hunt, pivot.values);
  const table = tableOf(await engine.query(sql, parameters, { signal, rowLimit: maxPlaces }), since, dollars);
  const pid = table.columns.some(({ name }) => name === 'pid') ? `count(DISTINCT capture_id || ' ' || CAST(pid AS varchar))` : '0';
  const [told = {}] = recordsOf(await engine.query(
    `WITH found AS (${sql}), held AS (SELECT DISTINCT capture_id FROM found)
     SELECT (SELECT count(*) FROM held) AS captures, (SELECT ${pid} FROM found) AS processes,
       (SELECT count(DISTINCT coalesce(container_id, capture_id)) FROM captures WHERE capture_id IN (SELECT capture_id FROM held)) AS containers,
       (SELECT count(DISTINCT image) FROM captures WHERE capture_id IN (SELECT capture_id FROM held)) AS images,
       (SELECT min(captured_at) FROM captures WHERE capture_id IN (SELECT capture_id FROM held)) AS first_seen,
       (SELECT max(captured_at) FROM captures WHERE capture_id IN (SELECT capture_id FROM held)) AS last_seen,
       (SELECT count(*) FROM captures) AS all_captures, (SELECT count(DISTINCT image) FROM captures) AS all_images`,
    parameters, { signal },
  ));
  const count = (name: string): number => Number(told[name] ?? 0);
  const moment = (name: string): string | null => (typeof told[name] === 'string' ? told[name] : null);
  return {
    type: pivot.type, hunt: hunt.name, title: hunt.title,
    captures: count('captures'), containers: count('containers'), processes: count('processes'), images: count('images'),
    allCaptures: count('all_captures'), allImages: count('all_images'), firstSeen: moment('first_seen'), lastSeen: moment('last_seen'), table,
  };
}
