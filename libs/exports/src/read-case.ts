import { asJson, type QueryEngine } from '@icecore/lake';
import type { z } from 'zod';
import { blindRow, captureRow, type CaseFileSet, eventRow, fileRow, findingRow, incidentRow, indicatorRow, processRow } from './case-file.ts';
import { ExportError } from './errors.ts';

/** Most captures that one export may name. */
export const maxNamedCaptures = 1000;

const statements = {
  captures: 'SELECT capture_id, captured_at, created_at, cluster, node, namespace, pod, container, container_id, image, image_ref, archive_sha256, archive_name, engine FROM captures',
  findings: `SELECT capture_id, finding_id, incident_id, detector, detector_version, signal, title, summary, severity, severity_id, confidence, category, ${nested('techniques')}, ${nested('tactics')}, attack_version, pid, facts, ${nested('evidence')}, false_positives FROM findings`,
  incidents: `SELECT capture_id, incident_id, title, severity, severity_id, ${nested('techniques')}, ${nested('tactics')}, ${nested('finding_ids')}, ${nested('story')} FROM incidents`,
  processes: 'SELECT capture_id, pid, ppid, comm, command_line, executable, executable_deleted, uid FROM processes',
  indicators: `SELECT capture_id, type, value, occurrence_count, found_in, subject, pid FROM indicators WHERE type <> 'command_line' AND type <> 'path'`,
  files: `SELECT capture_id, path, origin, sha256, size FROM files WHERE sha256 IS NOT NULL AND change <> 'deleted' AND (change = 'hidden' OR bitwise_and(mode, 73) > 0)`,
  events: `SELECT capture_id, happened_at, kind, message, pid FROM (
    SELECT capture_id, created_at AS happened_at, 'container:created' AS kind, 'Container created from ' || coalesce(image, 'an unknown image') AS message, CAST(NULL AS bigint) AS pid FROM captures
    UNION ALL SELECT capture_id, captured_at, 'container:checkpointed', 'Container checkpointed into ' || coalesce(archive_name, 'an archive'), CAST(NULL AS bigint) FROM captures
    UNION ALL SELECT capture_id, modified_at, 'file:' || origin || ':modified', 'Content of ' || path || ' modified' || CASE change WHEN 'hidden' THEN ' (no path leads to it any more)' ELSE '' END, CAST(NULL AS bigint) FROM files WHERE type IS DISTINCT FROM 'directory'
    UNION ALL SELECT capture_id, entered_at, 'shell:history', command, pid FROM shell_history
    UNION ALL SELECT capture_id, expires_at, 'secret:expires', secret_type || ' ' || masked || coalesce(' of ' || principal, '') || ' expires', min(pid) FROM secrets GROUP BY capture_id, expires_at, secret_type, masked, principal
    UNION ALL SELECT capture_id, captured_at, 'finding:' || severity, title || ': ' || summary, pid FROM findings WHERE category <> 'gap'
  ) AS e WHERE happened_at IS NOT NULL`,
  gaps: `SELECT capture_id, subject, reason FROM (
    SELECT capture_id, subject, reason FROM gaps
    UNION ALL SELECT capture_id, 'rule ' || detector, coalesce(reason, state) FROM detector_coverage WHERE state <> 'ran'
  ) AS g WHERE capture_id IS NOT NULL`,
} as const;

const orders: Readonly<Record<keyof typeof statements, string>> = {
  captures: 'captured_at NULLS LAST, capture_id',
  findings: 'severity_id DESC, capture_id, signal, pid NULLS LAST, finding_id',
  incidents: 'severity_id DESC, capture_id, incident_id',
  processes: 'capture_id, pid',
  indicators: 'type, value, capture_id',
  files: 'sha256, capture_id, path',
  events: 'happened_at, kind, message, capture_id, pid NULLS LAST',
  gaps: 'capture_id, subject, reason',
};

/**
 * Reads from the lake what exports tell of: of the captures whose ids begin with the words given, or of all. Throws an
 * `ExportError` (`unknown_capture`) for a word that no capture's id begins with.
 */
export async function readCase(engine: QueryEngine, captures: readonly string[] = []): Promise<CaseFileSet> {
  if (captures.length > maxNamedCaptures) throw new ExportError('limit', `more than ${maxNamedCaptures} captures are named`);
  const read = async <Row>(name: keyof typeof statements, schema: z.ZodType<Row>): Promise<readonly Row[]> => {
    const named = captures.map(() => 'starts_with(s.capture_id, CAST(? AS varchar))').join(' OR ');
    const where = captures.length === 0 ? '' : ` WHERE ${named}`;
    const { columns, rows } = await engine.query(`SELECT * FROM (${statements[name]}) AS s${where} ORDER BY ${orders[name]}`, captures);
    return rows.map((row) => {
      const parsed = schema.safeParse(Object.fromEntries(columns.map((column, i) => [column.name, row[i] ?? null])));
      if (parsed.success) return parsed.data;
      throw new ExportError('invalid_lake', `${name}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
    });
  };
  const known = await read('captures', captureRow);
  const unknown = captures.find((word) => !known.some(({ capture_id }) => capture_id.startsWith(word)));
  if (unknown !== undefined) throw new ExportError('unknown_capture', `the lake has no capture ${unknown}`);
  return {
    captures: known,
    findings: await read('findings', findingRow),
    incidents: await read('incidents', incidentRow),
    processes: await read('processes', processRow),
    indicators: await read('indicators', indicatorRow),
    files: await read('files', fileRow),
    events: await read('events', eventRow),
    gaps: await read('gaps', blindRow),
  };
}

/** A column of lists as JSON, which Athena too gives whole. */
function nested(column: string): string {
  return `${asJson(column)} AS ${column}`;
}
