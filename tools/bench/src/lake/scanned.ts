import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { renderHunt, shippedHunts } from '@icecore/hunts';
import { compactLake, duckdbCompactions, duckdbView, encodeParquet, partPath, tableFolder, trinoMacros } from '@icecore/lake';
import { lakeFolder } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { blankCapture, blankOf } from './made-capture.ts';

/** What Athena would read of a table for a question. */
export interface TableScan {
  readonly table: string;
  readonly columns: readonly string[];
  readonly files: number;
  readonly rowGroups: number;
  /** Row groups that their least and greatest values rule out. */
  readonly pruned: number;
  readonly bytes: number;
}

/** A comparison of a column with a text, as a scan can rule row groups out by. */
interface Equal {
  readonly column: string;
  readonly value: string;
}

/**
 * What a hunt over a lake in a folder would have Athena read: for each time that the hunt names a table, the column chunks of
 * the columns that it uses, but for those of row groups that its conditions rule out. Which columns and conditions these are is
 * read from DuckDB's plan of the same statement; the sizes are from the footers of the files.
 */
export async function scannedBy(root: string, huntName: string, values: Readonly<Record<string, string>>): Promise<readonly TableScan[]> {
  const hunt = shippedHunts().find(({ name }) => name === huntName);
  if (hunt === undefined) throw new TypeError(`there is no hunt ${huntName}`);
  const { sql, parameters } = renderHunt(hunt, values);
  let next = 0;
  const filled = sql.replaceAll('?', () => `'${String(parameters[next++]).replaceAll("'", "''")}'`);
  const footers = new Map<string, readonly FileMetaData[]>();
  return (await scansOf(filled)).map(({ table, columns, equals }) => {
    const known = footers.get(table) ?? footersOf(root, table);
    footers.set(table, known);
    return scanOf(table, columns, equals, known);
  });
}

function scanOf(table: string, columns: readonly string[], equals: readonly Equal[], footers: readonly FileMetaData[]): TableScan {
  let [rowGroups, pruned, bytes] = [0, 0, 0];
  for (const { row_groups: groups } of footers) {
    for (const { columns: chunks } of groups) {
      rowGroups += 1;
      const statisticsOf = (column: string) => chunks.find(({ meta_data: about }) => about?.path_in_schema[0] === column)?.meta_data?.statistics;
      if (equals.some(({ column, value }) => isOutside(value, statisticsOf(column)))) pruned += 1;
      else bytes += chunks.reduce((sum, { meta_data: about }) => (columns.includes(about?.path_in_schema[0] ?? '') ? sum + Number(about?.total_compressed_size ?? 0) : sum), 0);
    }
  }
  return { table, columns, files: footers.length, rowGroups, pruned, bytes };
}

function isOutside(value: string, statistics: { readonly min_value?: unknown; readonly max_value?: unknown } | undefined): boolean {
  const { min_value: least, max_value: greatest } = statistics ?? {};
  return typeof least === 'string' && typeof greatest === 'string' && (value < least || value > greatest);
}

function footersOf(root: string, table: string): readonly FileMetaData[] {
  return globSync(join(root, tableFolder(table), 'tenant=*/dt=*/*.parquet')).map((file) => parquetMetadata(new Uint8Array(readFileSync(file)).buffer));
}

interface Scan {
  readonly table: string;
  readonly columns: readonly string[];
  readonly equals: readonly Equal[];
}

/** The scans of a statement: which columns of which table, and what the columns are compared with. */
async function scansOf(sql: string): Promise<readonly Scan[]> {
  const root = mkdtempSync(join(tmpdir(), 'icecore-plan-'));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    // A plan does not hang on how much there is, so two captures are enough; all tables have to be there, and be compacted.
    for (const table of allTables) for (const captureId of ['a', 'b']) await lakeFolder(root).writePart(partPath({ table: table.name, tenant: 'plan', date: '2026-01-01', captureId, part: 0 }), encodeParquet(table, [{ ...blankOf(table), ...blankCapture, capture_id: captureId }]));
    await compactLake({ store: lakeFolder(root), tables: allTables, clock: () => new Date(0), graceSeconds: 0 });
    const connection = await instance.connect();
    // Athena reads what counts from its files, for each table anew.
    const counting = duckdbCompactions(root).map((statement) => statement.replace('OR REPLACE TABLE', 'OR REPLACE VIEW'));
    const views = allTables.flatMap((table) => duckdbView(table, { root, hasParts: true, hasCompactions: true })[0] ?? []);
    // What DuckDB learns from the rows of these two must not shorten the plan.
    for (const statement of ["SET disabled_optimizers = 'statistics_propagation,empty_result_pullup,join_filter_pushdown'", ...trinoMacros, ...counting, ...views]) await connection.run(statement);
    const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`);
    return scansIn(JSON.parse(String(reader.getRows()[0]?.[1])));
  } finally {
    instance.closeSync();
    rmSync(root, { recursive: true });
  }
}

/** Each scan of parts is joined with one of `compactions`, whose condition names the table. */
function scansIn(plan: unknown): readonly Scan[] {
  const scans: Scan[] = [];
  let parts: Omit<Scan, 'table'> | undefined;
  for (const { projections, filters } of readsIn(plan)) {
    const table = /strpos\(tables, ',([a-z_]+),'\)/.exec(filters)?.[1];
    if (table === undefined) parts = { columns: [...new Set([...projections, ...[...filters.matchAll(/\b([a-z][a-z0-9_]*) ?(?:=|>|<|IN\b|IS\b)/g)].map(([, column = '']) => column)])], equals: [...filters.matchAll(/\b([a-z][a-z0-9_]*) ?= ?'([^']*)'/g)].map(([, column = '', value = '']) => ({ column, value })) };
    else if (parts !== undefined) scans.push({ table, ...parts });
  }
  return scans;
}

function* readsIn(node: unknown): Generator<{ readonly projections: readonly string[]; readonly filters: string }> {
  if (Array.isArray(node)) for (const each of node) yield* readsIn(each);
  if (typeof node !== 'object' || node === null) return;
  const about: unknown = 'extra_info' in node ? node.extra_info : undefined;
  if ('name' in node && /PARQUET/.test(String(node.name)) && typeof about === 'object' && about !== null) {
    const listed = (key: string): string[] => [Reflect.get(about, key) ?? []].flat().map(String);
    yield { projections: listed('Projections'), filters: listed('Filters').join('\n') };
  }
  if ('children' in node) yield* readsIn(node.children);
}
