import type { Columns, JsonValue, ValueOf, ValuesOf } from '@icecore/lake';
import { redact, redactVariable, secretAnchors, type SecretKey } from '@icecore/secrets';

/** Takes secrets out of what goes into tables. */
export interface Redaction {
  readonly key: SecretKey;
  text(value: string): string;
  variable(name: string, value: string): ReturnType<typeof redactVariable>;
}

/** Most texts whose answer is kept: names and paths come again and again. */
const maxKnown = 20_000;
/** One look tells most texts that hold none. */
const anyAnchor = new RegExp(secretAnchors.map((anchor) => anchor.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));

export function redaction(key: SecretKey): Redaction {
  const known = new Map<string, string>();
  return {
    key,
    text(value) {
      if (value.length < 6) return value;
      const before = known.get(value);
      if (before !== undefined) return before;
      const text = anyAnchor.test(value) ? redact(value, key) : value;
      if (known.size < maxKnown && value.length < 1024) known.set(value, text);
      return text;
    },
    variable: (name, value) => redactVariable(name, value, key),
  };
}

type Value = ValueOf<Columns[string]>;

/** The row without secrets: every text in it, also within lists and JSON. */
export function redactedRow(row: ValuesOf<Columns>, { text }: Redaction): ValuesOf<Columns> {
  let changed: Record<string, Value> | undefined;
  for (const [name, value] of Object.entries(row)) {
    const clean = redactedValue(value, text);
    if (clean === value) continue;
    changed ??= {};
    changed[name] = clean;
  }
  return changed === undefined ? row : { ...row, ...changed };
}

function redactedValue(value: Value, text: (value: string) => string): Value {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Array.isArray(value)) return redactedList(value, text);
  return redactedJson(value as JsonValue, text) as Value;
}

function redactedList(list: readonly Value[], text: (value: string) => string): Value {
  const clean = list.map((each) => redactedValue(each, text));
  return (clean.some((each, i) => each !== list[i]) ? clean : list) as Value;
}

function redactedJson(value: JsonValue, text: (value: string) => string): JsonValue {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each: JsonValue) => redactedJson(each, text));
  const entries = Object.entries(value).map(([name, each]) => [name, redactedJson(each, text)] as const);
  return entries.every(([name, each]) => each === (value as Readonly<Record<string, JsonValue>>)[name]) ? value : Object.fromEntries(entries);
}
