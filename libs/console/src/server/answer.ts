import type { QueryResult, QueryValue } from '@icecore/lake';
import type { Cell, TableAnswer } from '../contract/answers.ts';

/** A value of the lake as JSON has it. */
export function cellOf(value: QueryValue): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === null || typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  if (isList(value)) return value.map(cellOf);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cellOf(each)]));
}

export function rowsOf(result: QueryResult): readonly (readonly Cell[])[] {
  return result.rows.map((row) => row.map(cellOf));
}

/** Rows by the names of their columns. */
export function recordsOf(result: QueryResult): Readonly<Record<string, Cell>>[] {
  return result.rows.map((row) => Object.fromEntries(result.columns.map(({ name }, i) => [name, cellOf(row[i] ?? null)])));
}

export function tableOf(result: QueryResult, since: number): TableAnswer {
  return { columns: result.columns, rows: rowsOf(result), cut: result.cut === true, milliseconds: Math.round(performance.now() - since) };
}

function isList(value: object): value is readonly QueryValue[] {
  return Array.isArray(value);
}
