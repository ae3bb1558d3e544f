import type { Columns, JsonValue, ValueOf, ValuesOf } from '@icecore/lake';
import { holdsAnchor, knownSecrets, redactArguments, redactKnown, redactVariable, type SecretKey } from '@icecore/secrets';
import { type ContainerSnapshot, valuesOf } from '@icecore/snapshot';

/** Takes secrets out of what goes into tables. */
export interface Redaction {
  readonly key: SecretKey;
  text(value: string): string;
  variable(name: string, value: string): ReturnType<typeof redactVariable>;
  /** The arguments of a process: an option before may tell that one is a secret. */
  arguments(words: readonly string[]): readonly string[];
}

/** Most texts whose answer is kept: names and paths come again and again. */
const maxKnown = 20_000;
/** Redaction under a key. `known` are values to take out wherever they stand: those that `knownSecrets` gives for the environments. */
export function redaction(key: SecretKey, known: readonly string[] = []): Redaction {
  const before = new Map<string, string>();
  const text = (value: string): string => {
    if (value.length < 6) return value;
    const answer = before.get(value);
    if (answer !== undefined) return answer;
    const clean = holdsAnchor(value) || known.some((each) => value.includes(each)) ? redactKnown(value, known, key) : value;
    if (before.size < maxKnown && value.length < 1024) before.set(value, clean);
    return clean;
  };
  return {
    key,
    text,
    variable: (name, value) => redactVariable(name, value, key),
    arguments: (words) => redactArguments(words, key).map(text),
  };
}

/** The secrets that the environments of a snapshot's processes give away. */
export function secretsOf({ processes = [] }: Partial<Pick<ContainerSnapshot, 'processes'>>): readonly string[] {
  return knownSecrets(processes.flatMap(({ environment }) => valuesOf(environment)));
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
