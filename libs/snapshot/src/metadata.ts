import { DamageError, decodeText, type Gap, gapOf, readAll } from '@icecore/bytes';
import type { CheckpointArchive } from '@icecore/archive';

/** Largest metadata file that is read. Real ones have a few kilobytes. */
export const maxMetadataBytes = 16 << 20;

/**
 * An object of a metadata file, read field by field. A field that is not there, or null, is undefined; one that is of
 * another type than it should be is undefined too, and a gap: the fields beside it still count.
 */
export interface Fields {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[] | undefined;
  object(name: string): Fields | undefined;
  objects(name: string): readonly Fields[];
  /** Every field by its name. */
  entries(): readonly (readonly [name: string, value: Fields | undefined, text: string | undefined])[];
  has(name: string): boolean;
}

/** Reads a JSON file of the archive that holds an object; undefined where it is not there or cannot be used. */
export async function readMetadata(archive: CheckpointArchive, path: string, gaps: Gap[]): Promise<Fields | undefined> {
  const value = await readJson(archive, path, gaps);
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return fieldsOf(value, path, '', gaps);
  gaps.push(wrongType(path, 'it', 'an object'));
  return undefined;
}

/** Reads a JSON file of the archive that holds a list of texts; empty where it is not there or cannot be used. */
export async function readTextList(archive: CheckpointArchive, path: string, gaps: Gap[]): Promise<readonly string[]> {
  const value = await readJson(archive, path, gaps);
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string');
  gaps.push(wrongType(path, 'it', 'a list'));
  return [];
}

async function readJson(archive: CheckpointArchive, path: string, gaps: Gap[]): Promise<unknown> {
  const entry = archive.entries.get(path);
  if (entry === undefined || entry.type !== 'file') return undefined;
  try {
    if (entry.source.size > maxMetadataBytes) throw new DamageError('limit', `${entry.source.size} bytes are over ${maxMetadataBytes}`, { entry: path });
    return parse(decodeText(await readAll(entry.source)), path);
  } catch (error) {
    gaps.push(gapOf(`metadata in ${path}`, error));
    return undefined;
  }
}

function parse(content: string, path: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new DamageError('malformed', `is not JSON (${error instanceof Error ? error.message : String(error)})`, { entry: path });
  }
}

type JsonObject = { readonly [name: string]: unknown };

function fieldsOf(json: JsonObject, path: string, prefix: string, gaps: Gap[]): Fields {
  const own = (name: string): unknown => (Object.hasOwn(json, name) ? (json[name] ?? undefined) : undefined);
  const read = <T>(name: string, is: (value: unknown) => value is T, type: string): T | undefined => {
    const value = own(name);
    if (value === undefined || is(value)) return value;
    gaps.push(wrongType(path, prefix + name, type));
    return undefined;
  };
  const inner = (name: string, value: JsonObject): Fields => fieldsOf(value, path, `${prefix}${name}.`, gaps);
  return {
    text: (name) => read(name, isText, 'text'),
    number: (name) => read(name, isNumber, 'a number'),
    flag: (name) => read(name, isFlag, 'true or false'),
    texts: (name) => read(name, isTextList, 'a list of texts'),
    object(name) {
      const value = read(name, isObject, 'an object');
      return value === undefined ? undefined : inner(name, value);
    },
    objects: (name) => (read(name, isObjectList, 'a list of objects') ?? []).map((value) => inner(name, value)),
    entries: () =>
      Object.keys(json).map((name) => {
        const value = own(name);
        return [name, isObject(value) ? inner(name, value) : undefined, isText(value) ? value : undefined] as const;
      }),
    has: (name) => own(name) !== undefined,
  };
}

/** Texts by their names; what is no text is left out. */
export function textMap(fields: Fields | undefined): ReadonlyMap<string, string> {
  return new Map((fields?.entries() ?? []).flatMap(([name, , text]) => (text === undefined ? [] : [[name, text] as const])));
}

function wrongType(path: string, name: string, type: string): Gap {
  return { code: 'malformed', subject: `${name} of ${path}`, reason: `is not ${type}`, place: { entry: path } };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isObjectList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}
