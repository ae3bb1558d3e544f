import type { QueryEngine } from '@icecore/lake';
import type { AlikeCapture } from '../contract/answers.ts';
import { captureName } from '../contract/container-name.ts';
import { recordsOf } from './answer.ts';

/** Most captures of each reason that are offered. */
const maxOfEach = 5;

/**
 * What a capture may be compared with: the same container and the same pod at other times, the nearest first; and others of
 * the same image, those with the fewest grave findings first, for a baseline.
 */
export async function alikeOf(engine: QueryEngine, captureId: string, signal: AbortSignal): Promise<readonly AlikeCapture[]> {
  const sql = `WITH here AS (SELECT * FROM captures WHERE capture_id = CAST(? AS varchar)),
    graves AS (SELECT capture_id, count(*) AS grave FROM findings WHERE severity_id >= 4 GROUP BY capture_id),
    alike AS (
      SELECT c.capture_id, c.namespace, c.pod, c.container, c.image, c.captured_at, c.captured_at < h.captured_at AS earlier, coalesce(g.grave, 0) AS grave,
        abs(date_diff('second', c.captured_at, h.captured_at)) AS apart,
        CASE WHEN c.container_id = h.container_id THEN 'container'
          WHEN c.pod = h.pod AND c.container = h.container AND c.namespace IS NOT DISTINCT FROM h.namespace AND c.cluster IS NOT DISTINCT FROM h.cluster THEN 'pod'
          WHEN c.image_ref = h.image_ref OR (c.image_ref IS NULL OR h.image_ref IS NULL) AND c.image = h.image THEN 'image' END AS why
      FROM captures AS c CROSS JOIN here AS h LEFT JOIN graves AS g ON g.capture_id = c.capture_id
      WHERE c.capture_id <> h.capture_id),
    ordered AS (
      SELECT *, row_number() OVER (PARTITION BY why ORDER BY CASE WHEN why = 'image' THEN grave ELSE 0 END, apart NULLS LAST, capture_id) AS place FROM alike WHERE why IS NOT NULL)
    SELECT * FROM ordered WHERE place <= ${maxOfEach} ORDER BY CASE why WHEN 'container' THEN 1 WHEN 'pod' THEN 2 ELSE 3 END, place`;
  const rows = recordsOf(await engine.query(sql, [captureId], { signal }));
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return rows.map((row): AlikeCapture => {
    return {
      id: text(row['capture_id']), why: row['why'] === 'container' ? 'container' : row['why'] === 'pod' ? 'pod' : 'image',
      name: captureName(row), image: text(row['image']),
      takenAt: text(row['captured_at']) || null, earlier: typeof row['earlier'] === 'boolean' ? row['earlier'] : null, grave: Number(row['grave'] ?? 0),
    };
  });
}
