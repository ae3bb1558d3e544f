import type { Gap } from '@icecore/bytes';
import { type Column, type Columns, firstMoment, type JsonValue, lastMoment, maxTextLength, signedOrNull, type Table, type ValueOf, type ValuesOf } from '@icecore/lake';

type Row = ValuesOf<Columns>;
type Value = ValueOf<Column>;
/** A value, or a part of one. */
type Part = Value | JsonValue;

/**
 * The row with NULL in place of what its columns cannot hold (numbers beyond 64 bits with sign, moments that no
 * timestamp has, endless text), and a gap for each. Text that must not be NULL is cut instead.
 */
export function fitted(table: Table, row: Row, gaps: Gap[]): Row {
  let changed: Record<string, Value> | undefined;
  for (const [name, column] of Object.entries(table.ownColumns)) {
    const value = row[name] ?? null;
    const misfit = misfitOf(value);
    if (misfit === undefined) continue;
    changed ??= {};
    changed[name] = column.nullable ? null : cut(value);
    gaps.push({ code: 'limit', subject: `${name} of ${describeRow(table, row)}`, reason: misfit, place: {} });
  }
  return changed === undefined ? row : { ...row, ...changed };
}

function misfitOf(value: Value): string | undefined {
  if (typeof value === 'bigint') return signedOrNull(value) === null ? `${value} does not fit in 64 bits with a sign` : undefined;
  if (value instanceof Date) {
    const time = value.getTime();
    return time >= firstMoment && time <= lastMoment ? undefined : 'it is no moment between the years 1 and 9999';
  }
  return textLength(value) > maxTextLength ? `longer than ${maxTextLength} characters` : undefined;
}

/** Length of the longest text in a value, of a list of text or of an object as JSON at most. */
function textLength(value: Part): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 0;
  if (isTextList(value)) return value.reduce((longest, { length }) => Math.max(longest, length), 0);
  return jsonLength(value);
}

function jsonLength(value: Part): number {
  if (typeof value === 'string') return value.length > maxTextLength ? value.length : JSON.stringify(value).length;
  if (value === null || typeof value !== 'object') return String(value).length;
  const parts: readonly (readonly [string, Part])[] = Object.entries(value);
  return parts.reduce((sum, [key, inner]) => sum + JSON.stringify(key).length + jsonLength(inner) + 2, 2);
}

function isTextList(value: Part): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A value of a column that allows no NULL, cut to what the column holds. Numbers of such columns always fit. */
function cut(value: Value): Value {
  if (typeof value === 'string') return value.slice(0, maxTextLength);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  return Array.isArray(value) ? [] : value;
}

/** `open_files 7 3`: the table and the values that its rows are sorted by. */
function describeRow(table: Table, row: Row): string {
  const keys = table.sortBy.map((name) => row[name]).filter((value) => typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number');
  return [table.name, ...keys.map((value) => String(value).slice(0, 200))].join(' ');
}
