import type { QueryResult, QueryValue } from '@icecore/lake';
import { z } from 'zod';
import type { Cell, TableAnswer } from '../contract/answers.ts';

/** A value of the lake as JSON has it. */
export function cellOf(value: QueryValue): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === null || typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  if (isList(value)) return value.map(cellOf);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cellOf(each)]));
}

const none: ReadonlySet<string> = new Set();

/** Rows by position; the columns named in `nested` were asked for as JSON. */
export function rowsOf({ columns, rows }: QueryResult, nested: ReadonlySet<string> = none): readonly (readonly Cell[])[] {
  const read = columns.map(({ name }) => (nested.has(name) ? nestedCell : cellOf));
  return rows.map((row) => row.map((value, i) => (read[i] ?? cellOf)(value)));
}

/** Rows by the names of their columns. */
export function recordsOf(result: QueryResult, nested: ReadonlySet<string> = none): Readonly<Record<string, Cell>>[] {
  return rowsOf(result, nested).map((row) => Object.fromEntries(result.columns.map(({ name }, i) => [name, row[i] ?? null])));
}

/** What a statement that gives lists as JSON is read with. */
export function fromJson<T extends z.ZodType>(schema: T) {
  return z.string().transform((text): unknown => JSON.parse(text)).pipe(schema);
}

const cell: z.ZodType<Cell> = z.lazy(() => z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(cell), z.record(z.string(), cell)]));

function nestedCell(value: QueryValue): Cell {
  return typeof value === 'string' ? cell.parse(JSON.parse(value)) : cellOf(value);
}

export function tableOf(result: QueryResult, since: number, dollars: (bytes: number) => number = () => 0): TableAnswer {
  const { columns, scannedBytes } = result;
  return { columns, rows: rowsOf(result), cut: result.cut === true, milliseconds: Math.round(performance.now() - since), ...(scannedBytes === undefined ? {} : { scanned: { bytes: scannedBytes, dollars: dollars(scannedBytes) } }) };
}

function isList(value: object): value is readonly QueryValue[] {
  return Array.isArray(value);
}
