import type { Column, Columns, PlainKind } from './column.ts';
import { LakeError } from './errors.ts';
import { isJson, jsonText } from './json-text.ts';
import { firstMoment, lastMoment } from './moment.ts';

/** A value in the form in which it goes into a file. A timestamp is a bigint of milliseconds, JSON is text. */
export type Stored = null | string | number | bigint | boolean | readonly Stored[] | { readonly [field: string]: Stored };

/** Longest text in one value, in UTF-16 code units. Longer evidence belongs into a file of its own. */
export const maxTextLength = 16 * 2 ** 20;

type Store = (value: unknown) => Stored | undefined;

/** For each kind, the stored form of a value; undefined where the value is not of the kind. */
const stores: Readonly<Record<PlainKind, Store>> = {
  text: storedText,
  integer: (value) => (typeof value === 'number' && (value | 0) === value ? value + 0 : undefined),
  bigint: (value) => (typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined),
  // Zero has one form, so that equal rows are equal bytes.
  double: (value) => (typeof value === 'number' ? value + 0 : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  timestamp: storedMoment,
  json: (value) => (isJson(value) ? storedText(jsonText(value)) : undefined),
  text_list: storedTexts,
};

/** The stored form of a column's value. Throws a `LakeError` (`invalid_value`, `limit`) that names the column. */
export function storedValue(name: string, column: Column, value: unknown): Stored {
  if (value === null) {
    if (column.nullable) return null;
    throw new LakeError('invalid_value', `${name}: is null, and the column allows no null`);
  }
  if (column.kind === 'struct_list') return storedStructs(name, column.fields, value);
  try {
    const stored = stores[column.kind](value);
    if (stored !== undefined) return stored;
  } catch (error) {
    if (error instanceof LakeError) throw new LakeError(error.code, `${name}: ${error.message}`, { cause: error });
    throw error;
  }
  throw new LakeError('invalid_value', `${name}: ${describe(value)} is no value of a ${column.kind} column`);
}

function storedText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length > maxTextLength) throw new LakeError('limit', `text of ${value.length} characters, at most ${maxTextLength}`);
  return value.toWellFormed();
}

function storedMoment(value: unknown): bigint | undefined {
  if (!(value instanceof Date)) return undefined;
  const milliseconds = value.getTime();
  return milliseconds >= firstMoment && milliseconds <= lastMoment ? BigInt(milliseconds) : undefined;
}

function storedTexts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const stored: string[] = [];
  for (const item of value) {
    const text = storedText(item);
    if (text === undefined) return undefined;
    stored.push(text);
  }
  return stored;
}

function storedStructs(name: string, fields: Columns, value: unknown): Stored {
  if (!Array.isArray(value)) throw new LakeError('invalid_value', `${name}: ${describe(value)} is no list`);
  return value.map((item: unknown) => storedFields(name, fields, item));
}

function storedFields(name: string, fields: Columns, value: unknown): Stored {
  if (!isRecord(value)) throw new LakeError('invalid_value', `${name}: ${describe(value)} is no struct`);
  const stored: Record<string, Stored> = {};
  for (const [field, column] of Object.entries(fields)) {
    stored[field] = storedValue(`${name}.${field}`, column, value[field]);
  }
  return stored;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** About how many bytes a stored value takes in a file before compression. */
export function storedBytes(value: Stored): number {
  if (typeof value === 'string') return value.length + 4;
  if (typeof value !== 'object' || value === null) return 8;
  const parts: readonly Stored[] = isList(value) ? value : Object.values(value);
  return parts.reduce<number>((sum, part) => sum + storedBytes(part), 1);
}

/** True for a list; a stored value is a list or a struct where it is an object. */
export function isList(value: Stored): value is readonly Stored[] {
  return Array.isArray(value);
}
