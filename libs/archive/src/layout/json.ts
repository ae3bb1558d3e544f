import { DamageError, decodeText, formatBytes, readAll } from '@icecore/bytes';
import { type ArchiveEntry } from '../entry.ts';
import { type ArchiveLimits } from '../limits.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON document from an archive. Rejects with a `DamageError` where it is none or larger than `maxJsonBytes`. */
export async function readJson(entry: ArchiveEntry, limits: ArchiveLimits): Promise<unknown> {
  const place = { entry: entry.path };
  if (entry.source.size > limits.maxJsonBytes) {
    throw new DamageError('limit', `a JSON document of ${formatBytes(entry.source.size)}`, place);
  }
  const text = decodeText(await readAll(entry.source));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DamageError('malformed', 'this is no JSON', place, { cause: error });
  }
}

export function asObject(value: unknown, entry: string): JsonObject {
  if (isObject(value)) return value;
  throw new DamageError('malformed', 'the JSON holds no object where one must be', { entry });
}

/** The list at a key; none where the key is absent or null. */
export function listAt(object: JsonObject, key: string, entry: string): readonly unknown[] {
  const value = object[key] ?? [];
  if (Array.isArray(value)) return value;
  throw new DamageError('malformed', `the JSON holds no list at "${key}"`, { entry });
}

/** The text at a key; undefined where the key is absent or null. */
export function textAt(object: JsonObject, key: string, entry: string): string | undefined {
  const value = object[key] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new DamageError('malformed', `the JSON holds no text at "${key}"`, { entry });
}

/** The texts of the object at a key, as annotations and labels are written; none where the key is absent or null. */
export function textsAt(object: JsonObject, key: string, entry: string): [string, string][] {
  const value = asObject(object[key] ?? {}, entry);
  return Object.entries(value).map(([name, text]) => {
    if (typeof text === 'string') return [name, text];
    throw new DamageError('malformed', `the JSON holds no text at "${key}.${name.slice(0, 100)}"`, { entry });
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
