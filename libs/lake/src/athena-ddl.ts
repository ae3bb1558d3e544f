import { compactedTable, compactionsTable } from './compaction/compactions-table.ts';
import { countingRows } from './compaction/counting-rows.ts';
import type { Columns } from './column.ts';
import { LakeError } from './errors.ts';
import { athenaType } from './kinds.ts';
import { requireSafeName, tableFolder } from './partition.ts';
import { sqlName } from './sql-text.ts';
import type { Table } from './table.ts';

/** Where Athena finds a table, and which partitions it may look into. */
export interface AthenaTableOptions {
  readonly database: string;
  /** The lake's root: `s3://bucket/prefix`, without a slash at the end. */
  readonly location: string;
  /**
   * The tenants, by name; or `injected`: then each query must say `tenant = '…'`, and fails without. A tenant that
   * is not in the list has no rows, silently.
   */
  readonly tenants: readonly string[] | 'injected';
  /** First date that is looked at, `YYYY-MM-DD`. What was captured earlier has no rows, silently. */
  readonly firstDate: string;
}

/**
 * `CREATE EXTERNAL TABLE` for Athena over the parts of a table, by the name `partsTable`. Partitions are projected: no crawler,
 * and no partition has to be registered. What counts of its rows the view of `athenaView` shows. Throws a `LakeError`
 * (`invalid_name`) for options that are not safe in it.
 */
export function athenaTable(table: Table, options: AthenaTableOptions): string {
  if (!/^[a-z0-9_]{1,255}$/.test(options.database)) throw refused('database', options.database);
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]*(\/[A-Za-z0-9._=-]+)*$/.test(options.location)) throw refused('location', options.location);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(options.firstDate)) throw refused('first date', options.firstDate);
  const location = `${options.location}/${tableFolder(table.name)}`;
  const columns = Object.entries(partsColumns(table)).map(
    ([name, column]) => `  \`${name}\` ${athenaType(column)} COMMENT ${hiveText(column.description)}`,
  );
  const properties = Object.entries(tableProperties(options, location)).map(([key, value]) => `  '${key}' = '${value}'`);
  return `CREATE EXTERNAL TABLE IF NOT EXISTS \`${options.database}\`.\`${partsTable(table)}\` (
${columns.join(',\n')}
)
COMMENT ${hiveText(table.description)}
PARTITIONED BY (\`tenant\` string, \`dt\` date)
STORED AS PARQUET
LOCATION '${location}'
TBLPROPERTIES (
${properties.join(',\n')}
)`;
}

/** Name of what has the parts of a table in Athena: the table's own name is the view's. `compactions` needs no view. */
export function partsTable({ name }: Pick<Table, 'name'>): string {
  return name === compactionsTable.name ? name : `${name}_parts`;
}

/** The columns that parts of a table may have, those of compacted parts among them. */
export function partsColumns(table: Table): Columns {
  return table.name === compactionsTable.name ? table.columns : compactedTable(table).columns;
}

/** The table's properties in the Glue catalogue, for those who define it there without DDL. */
export function athenaTableProperties(table: Table, options: AthenaTableOptions): Record<string, string> {
  return tableProperties(options, `${options.location}/${tableFolder(table.name)}`);
}

/** The statement of the view that shows a table as DuckDB shows it: the rows that count, `tenant` and `dt` last. */
export function athenaView(table: Table, { database }: Pick<AthenaTableOptions, 'database'>): string {
  const columns = Object.keys(table.columns).map((name) => `part.${sqlName(name)}`);
  return `SELECT ${columns.join(', ')}, part.tenant, part.dt FROM ${sqlName(database)}.${sqlName(partsTable(table))} AS part ${countingRows(table, `${sqlName(database)}.${sqlName(compactionsTable.name)}`)}`;
}

function tableProperties(options: AthenaTableOptions, location: string): Record<string, string> {
  return {
    classification: 'parquet',
    'parquet.compression': 'ZSTD',
    'projection.enabled': 'true',
    ...tenantProjection(options.tenants),
    'projection.dt.type': 'date',
    'projection.dt.format': 'yyyy-MM-dd',
    'projection.dt.range': `${options.firstDate},NOW+1DAYS`,
    'projection.dt.interval': '1',
    'projection.dt.interval.unit': 'DAYS',
    'storage.location.template': `${location}tenant=\${tenant}/dt=\${dt}/`,
  };
}

function tenantProjection(tenants: AthenaTableOptions['tenants']): Record<string, string> {
  if (tenants === 'injected') return { 'projection.tenant.type': 'injected' };
  if (tenants.length === 0) throw refused('tenants', '');
  const values = tenants.map((tenant) => requireSafeName(tenant, 'tenant'));
  return { 'projection.tenant.type': 'enum', 'projection.tenant.values': values.join(',') };
}

function hiveText(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

function refused(role: string, value: string): LakeError {
  return new LakeError('invalid_name', `${role} ${JSON.stringify(value)} cannot be part of a table's definition`);
}
