import type { SchemaElement } from 'hyparquet-writer';
import type { Column, Columns, PlainKind } from './column.ts';

/** How the values of a kind are stored, and what the engines call them. */
interface Kind {
  readonly parquet: Omit<SchemaElement, 'name' | 'repetition_type'>;
  /** The type in Athena's DDL, which is Hive's. */
  readonly athena: string;
  /** The type in Athena's queries, which is Trino's. */
  readonly trino: string;
  readonly duckdb: string;
}

const utf8: Kind['parquet'] = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };

const kinds: Readonly<Record<Exclude<PlainKind, 'text_list'>, Kind>> = {
  text: { parquet: utf8, athena: 'string', trino: 'varchar', duckdb: 'VARCHAR' },
  integer: { parquet: { type: 'INT32' }, athena: 'int', trino: 'integer', duckdb: 'INTEGER' },
  bigint: { parquet: { type: 'INT64' }, athena: 'bigint', trino: 'bigint', duckdb: 'BIGINT' },
  double: { parquet: { type: 'DOUBLE' }, athena: 'double', trino: 'double', duckdb: 'DOUBLE' },
  boolean: { parquet: { type: 'BOOLEAN' }, athena: 'boolean', trino: 'boolean', duckdb: 'BOOLEAN' },
  timestamp: {
    parquet: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MILLIS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
    },
    athena: 'timestamp', trino: 'timestamp(3)',
    duckdb: 'TIMESTAMP',
  },
  json: { parquet: utf8, athena: 'string', trino: 'varchar', duckdb: 'VARCHAR' },
};

/** A column's elements in a Parquet schema, in depth-first order. Lists have the three levels the format asks for. */
export function parquetElements(name: string, column: Column): SchemaElement[] {
  const repetition_type = column.nullable ? 'OPTIONAL' : 'REQUIRED';
  const list: SchemaElement[] = [
    { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ];
  const element: SchemaElement = { name: 'element', repetition_type: 'REQUIRED' };
  if (column.kind === 'struct_list') {
    return [...list, { ...element, num_children: Object.keys(column.fields).length }, ...elementsOf(column.fields)];
  }
  if (column.kind === 'text_list') return [...list, { ...element, ...utf8 }];
  return [{ name, repetition_type, ...kinds[column.kind].parquet }];
}

/** The elements of all columns, in order. */
export function elementsOf(columns: Columns): SchemaElement[] {
  return Object.entries(columns).flatMap(([name, column]) => parquetElements(name, column));
}

/** The column's type in `CREATE EXTERNAL TABLE` of Athena: `array<struct<path:string>>`. */
export function athenaType(column: Column): string {
  if (column.kind === 'struct_list') {
    const fields = Object.entries(column.fields).map(([name, field]) => `${name}:${athenaType(field)}`);
    return `array<struct<${fields.join(',')}>>`;
  }
  return column.kind === 'text_list' ? `array<${kinds.text.athena}>` : kinds[column.kind].athena;
}

/** The column's type in queries of Athena: `array(row(path varchar))`. */
export function trinoType(column: Column): string {
  if (column.kind === 'struct_list') {
    const fields = Object.entries(column.fields).map(([name, field]) => `${name} ${trinoType(field)}`);
    return `array(row(${fields.join(', ')}))`;
  }
  return column.kind === 'text_list' ? `array(${kinds.text.trino})` : kinds[column.kind].trino;
}

/** The column's type in DuckDB: `STRUCT("path" VARCHAR)[]`. */
export function duckdbType(column: Column): string {
  if (column.kind === 'struct_list') {
    const fields = Object.entries(column.fields).map(([name, field]) => `"${name}" ${duckdbType(field)}`);
    return `STRUCT(${fields.join(', ')})[]`;
  }
  return column.kind === 'text_list' ? `${kinds.text.duckdb}[]` : kinds[column.kind].duckdb;
}
