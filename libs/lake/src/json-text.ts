import type { JsonValue } from './column.ts';
import { LakeError } from './errors.ts';

/** How deep arrays and objects may lie in one another in a value of a JSON column. */
export const maxJsonDepth = 64;

/**
 * JSON text with sorted keys and no spaces: equal values give equal text. Numbers that JSON has no form for are
 * written as text (`"NaN"`, `"Infinity"`).
 */
export function jsonText(value: JsonValue, depth = 0): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= maxJsonDepth) throw new LakeError('limit', `JSON value is nested deeper than ${maxJsonDepth}`);
  if (isArray(value)) return `[${value.map((item) => jsonText(item, depth + 1)).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${jsonText(value[key] ?? null, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** True for what `jsonText` can write. Does not look into arrays and objects. */
export function isJson(value: unknown): value is JsonValue {
  return ['boolean', 'number', 'bigint', 'string', 'object'].includes(typeof value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
