import { compactionColumn, compactionsTable } from './compaction/compactions-table.ts';
import { countingRows } from './compaction/counting-rows.ts';
import type { Column } from './column.ts';
import { duckdbType } from './kinds.ts';
import { tableFolder } from './partition.ts';
import { sqlName, sqlText } from './sql-text.ts';
import type { Table } from './table.ts';

/** Where a view finds its table. */
export interface DuckdbViewOptions {
  /** The lake's root as a pattern of DuckDB's `glob`; without a slash at the end. */
  readonly root: string;
  /** Whether the table has a part: DuckDB refuses a pattern that matches no file, so without one the view is empty. */
  readonly hasParts: boolean;
  /** Whether anything was compacted; then the statements of `duckdbCompactions` come before. */
  readonly hasCompactions: boolean;
}

/** Where an engine keeps what counts: every view asks for it, so it is read from its files once. */
const compactionsInMemory = `icecore.${compactionsTable.name}`;

/** The statements that bring what counts into the engine. */
export function duckdbCompactions(root: string): string[] {
  return [
    'CREATE SCHEMA IF NOT EXISTS icecore',
    `CREATE OR REPLACE TABLE ${compactionsInMemory} AS SELECT tenant, dt, capture_id, ${compactionColumn}, tables FROM ${partsOf(root, compactionsTable.name)}`,
  ];
}

/**
 * The statements that show a table in DuckDB as Athena shows it: the same columns in the same order with the same
 * types, `tenant` and `dt` last. A column that a part does not have, because the part is older, is NULL.
 */
export function duckdbView(table: Table, { root, hasParts, hasCompactions }: DuckdbViewOptions): string[] {
  const columns = Object.entries(table.columns);
  const shown = columns.map(([name, column]) => `CAST(part.${sqlName(name)} AS ${duckdbType(column)}) AS ${sqlName(name)}`);
  const empty = columns.map(([name, column]) => `CAST(NULL AS ${fileType(column)}) AS ${sqlName(name)}`);
  const noRow = `SELECT ${empty.join(', ')}, CAST(NULL AS VARCHAR) AS ${compactionColumn}, CAST(NULL AS VARCHAR) AS tenant, CAST(NULL AS DATE) AS dt WHERE false`;
  const rows = hasParts ? `SELECT * FROM ${partsOf(root, table.name)} UNION ALL BY NAME ${noRow}` : noRow;
  const view = sqlName(table.name);
  return [
    `CREATE OR REPLACE VIEW ${view} AS SELECT ${shown.join(', ')}, part.tenant, part.dt FROM (${rows}) AS part ${countingRows(table, hasCompactions ? compactionsInMemory : undefined)}`,
    `COMMENT ON VIEW ${view} IS ${sqlText(table.description)}`,
    ...columns.map(([name, column]) => `COMMENT ON COLUMN ${view}.${sqlName(name)} IS ${sqlText(column.description)}`),
  ];
}

function partsOf(root: string, table: string): string {
  return `read_parquet(${sqlText(`${root}/${tableFolder(table)}tenant=*/dt=*/*.parquet`)}, ${readOptions})`;
}

/** The partition's types are pinned: left alone, DuckDB would guess them from what it finds. */
const readOptions = `hive_partitioning = true, hive_types = {'tenant': VARCHAR, 'dt': DATE}, union_by_name = true`;

/** The type in which DuckDB sees the column in a file: a Parquet timestamp in UTC is one with a time zone. */
function fileType(column: Column): string {
  return column.kind === 'timestamp' ? 'TIMESTAMP WITH TIME ZONE' : duckdbType(column);
}
