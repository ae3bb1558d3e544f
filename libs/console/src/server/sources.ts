import { asJson, type Table } from '@icecore/lake';

/** Something that lists can show: a table of the lake, or a join of several. */
export interface Source {
  readonly name: string;
  /** What stands in FROM. */
  readonly from: string;
  readonly columns: readonly string[];
  /** Columns whose values are lists of text. */
  readonly lists: ReadonlySet<string>;
  /** Columns whose values are lists, of text or of structs. */
  readonly nested: ReadonlySet<string>;
  /** What decides between rows that are equal in the column sorted by, so that pages never overlap. */
  readonly order: string;
}

const captureList: Source = {
  name: 'capture_list',
  from: `(
    SELECT c.capture_id, c.captured_at, c.cluster, c.node, c.namespace, c.pod, c.container, c.container_id, c.image, c.engine, c.archive_name, c.archive_bytes, c.archive_sha256,
      c.page_bytes, c.process_count, c.socket_count, coalesce(f.findings, 0) AS findings, coalesce(f.grave, 0) AS grave, coalesce(f.severity_id, 0) AS severity_id, coalesce(g.gaps, 0) AS gaps
    FROM captures AS c
    LEFT JOIN (SELECT capture_id, count(*) AS findings, count_if(severity_id >= 4) AS grave, max(severity_id) AS severity_id FROM findings GROUP BY capture_id) AS f ON f.capture_id = c.capture_id
    LEFT JOIN (SELECT capture_id, count(*) AS gaps FROM gaps WHERE code <> 'not_captured' GROUP BY capture_id) AS g ON g.capture_id = c.capture_id
  )`,
  columns: ['capture_id', 'captured_at', 'cluster', 'node', 'namespace', 'pod', 'container', 'container_id', 'image', 'engine', 'archive_name', 'archive_bytes', 'archive_sha256', 'page_bytes', 'process_count', 'socket_count', 'findings', 'grave', 'severity_id', 'gaps'],
  lists: new Set(),
  nested: new Set(),
  order: 'captured_at DESC NULLS LAST, capture_id',
};

/** Every time that a capture holds. */
const events: Source = {
  name: 'events',
  from: `(
    SELECT e.happened_at, e.kind, e.message, e.pid, c.capture_id, c.cluster, c.namespace, c.pod, c.container FROM (
      SELECT capture_id, created_at AS happened_at, 'container created' AS kind, 'from ' || coalesce(image, 'an unknown image') AS message, CAST(NULL AS bigint) AS pid FROM captures
      UNION ALL SELECT capture_id, captured_at, 'checkpoint', coalesce(archive_name, 'an archive'), CAST(NULL AS bigint) FROM captures
      UNION ALL SELECT capture_id, modified_at, 'file modified', path, CAST(NULL AS bigint) FROM files WHERE type IS DISTINCT FROM 'directory'
      UNION ALL SELECT capture_id, entered_at, 'command entered', command, pid FROM shell_history
      UNION ALL SELECT capture_id, expires_at, 'secret expires', secret_type || ' ' || masked || coalesce(' of ' || principal, ''), min(pid) FROM secrets GROUP BY capture_id, expires_at, secret_type, masked, principal
      UNION ALL SELECT capture_id, captured_at, 'finding', severity || ': ' || summary, pid FROM findings WHERE category <> 'gap'
    ) AS e JOIN captures AS c ON c.capture_id = e.capture_id WHERE e.happened_at IS NOT NULL
  )`,
  columns: ['happened_at', 'kind', 'message', 'pid', 'capture_id', 'cluster', 'namespace', 'pod', 'container'],
  lists: new Set(),
  nested: new Set(),
  order: 'happened_at, kind, message, capture_id, pid NULLS LAST',
};

/** Every source by name. */
export function sourcesOf(tables: readonly Table[]): ReadonlyMap<string, Source> {
  const plain = tables.map(({ name, columns, sortBy }): Source => {
    const all = Object.keys(columns);
    return { name, from: name, columns: all, lists: new Set(all.filter((column) => columns[column]?.kind === 'text_list')), nested: new Set(all.filter((column) => columns[column]?.kind === 'text_list' || columns[column]?.kind === 'struct_list')), order: [...sortBy.map(quoted), ...(sortBy.includes('capture_id') ? [] : ['capture_id'])].join(', ') };
  });
  return new Map([...plain, captureList, events].map((source) => [source.name, source]));
}

/** A column as text, whatever it holds. */
export function textOf({ nested }: Pick<Source, 'nested'>, column: string): string {
  return nested.has(column) ? asJson(quoted(column)) : `CAST(${quoted(column)} AS varchar)`;
}

/** A column as a statement gives it: lists as JSON, which `recordsOf` and `rowsOf` read. */
export function selected({ nested }: Pick<Source, 'nested'>, column: string): string {
  return nested.has(column) ? `${asJson(quoted(column))} AS ${quoted(column)}` : quoted(column);
}

/** A column's name in a statement; `end` and `index` are columns too. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
