import { formatKernelDevice, formatUserDevice } from '@icecore/linux';
import type { AnyMessage, Message, NamedField, Show, UnknownField } from './message.ts';
import { isJsonObject, type JsonValue } from './json-text.ts';
import * as show from './show.ts';

/** A message as JSON, in the form CRIU's own tools print: hex, flags and names where a field asks for them. */
export function messageToJson(schema: Message, value: AnyMessage, inherited?: 'hex'): { [key: string]: JsonValue } {
  const json: { [key: string]: JsonValue } = {};
  for (const field of schema.plan().ordered) {
    const each = value[field.name];
    if (each === undefined || (Array.isArray(each) && each.length === 0)) continue;
    if (!Array.isArray(each)) json[field.name] = valueToJson(field, each, inherited);
    else if (field.show === 'address' && (each.length === 1 || each.length === 4)) json[field.name] = [show.showAddress(each.map(Number))];
    else json[field.name] = each.map((item: unknown) => valueToJson(field, item, inherited));
  }
  if (value.$unknown !== undefined) {
    json['$unknown'] = value.$unknown.map(({ number, raw }) => ({ number, raw: toBase64(raw) }));
  }
  return json;
}

function valueToJson(field: NamedField, value: unknown, inherited: 'hex' | undefined): JsonValue {
  const how: Show | undefined = field.show ?? inherited;
  if (typeof field.type === 'object' && field.type.kind === 'message') {
    // CRIU's tools print all numbers inside a message that is marked as hex in hex, too.
    return messageToJson(field.type, isMessage(value) ? value : {}, how === 'hex' ? 'hex' : undefined);
  }
  if (value instanceof Uint8Array) return how === 'quoted' ? show.quote(value) : toBase64(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new TypeError(`${field.name} cannot be shown`);
  if (typeof field.type === 'object') return value;
  return numberToJson(value, how);
}

function numberToJson(value: number | bigint, how: Show | undefined): JsonValue {
  if (how === 'hex') return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  if (how === 'device') return formatKernelDevice(Number(value));
  if (how === 'user-device') return formatUserDevice(Number(value));
  if (how?.startsWith('flags:') === true) return show.showFlags(Number(value), how.slice(6));
  if (how?.startsWith('name:') === true) return show.showName(Number(value), how.slice(5));
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The message that JSON of `messageToJson` (or of CRIU's own tools) stands for. Throws a `TypeError` that names the field. */
export function messageFromJson(schema: Message, json: JsonValue, path = schema.name): AnyMessage {
  if (!isJsonObject(json)) throw new TypeError(`${path} must be an object`);
  const value: Record<string, unknown> = {};
  for (const field of schema.plan().ordered) {
    const each = json[field.name];
    const where = `${path}.${field.name}`;
    if (each === undefined || each === null) {
      if (field.rule === 'required') throw new TypeError(`${where} is missing`);
      if (field.rule !== 'optional') value[field.name] = [];
    } else if (field.rule === 'required' || field.rule === 'optional') value[field.name] = valueFromJson(field, each, where);
    else value[field.name] = listFromJson(field, each, where);
  }
  const unknown = json['$unknown'];
  if (unknown !== undefined) return { ...value, $unknown: unknownFromJson(unknown, path) };
  return value;
}

function listFromJson(field: NamedField, json: JsonValue, where: string): unknown[] {
  if (!isJsonList(json)) throw new TypeError(`${where} must be a list`);
  const first = json[0];
  if (field.show === 'address' && typeof first === 'string') return show.parseAddress(first);
  return json.map((each, i) => valueFromJson(field, each, `${where}[${i}]`));
}

function valueFromJson(field: NamedField, json: JsonValue, where: string): unknown {
  const { type } = field;
  if (typeof type === 'object') {
    if (type.kind === 'message') return messageFromJson(type, json, where);
    if (typeof json === 'string' && type.byName.has(json)) return json;
    if (typeof json === 'number') return type.byNumber.get(json) ?? json;
    throw new TypeError(`${where}: ${String(json)} is not in ${type.name}`);
  }
  if (type === 'bool' && typeof json === 'boolean') return json;
  if (typeof json === 'string') {
    if (type === 'string') return json;
    if (type === 'bytes') return field.show === 'quoted' ? show.unquote(json) : fromBase64(json);
  }
  if (type === 'bool' || type === 'string' || type === 'bytes') throw new TypeError(`${where} must be a ${type}`);
  const number = numberFromJson(json, field.show, where);
  return type.endsWith('64') ? BigInt(number) : Number(number);
}

function numberFromJson(json: JsonValue, how: Show | undefined, where: string): number | bigint {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return json;
  if (typeof json === 'bigint') return json;
  if (typeof json !== 'string') throw new TypeError(`${where} must be a whole number`);
  if (how?.startsWith('flags:') === true) return show.parseFlags(json, how.slice(6));
  if (how?.startsWith('name:') === true) return show.parseName(json, how.slice(5));
  if (how === 'device' || how === 'user-device') return show.parseDevice(json, how);
  if (!/^-?(0x[0-9a-fA-F]+|\d+)$/.test(json)) throw new TypeError(`${where}: ${json} is not a number`);
  return json.startsWith('-') ? -BigInt(json.slice(1)) : BigInt(json);
}

function unknownFromJson(json: JsonValue, path: string): UnknownField[] {
  if (!isJsonList(json)) throw new TypeError(`${path}.$unknown must be a list`);
  return json.map((each) => {
    const number = isJsonObject(each) ? each['number'] : undefined;
    const raw = isJsonObject(each) ? each['raw'] : undefined;
    if (typeof number !== 'number' || typeof raw !== 'string') throw new TypeError(`${path}.$unknown needs number and raw`);
    return { number, raw: fromBase64(raw) };
  });
}

export function isJsonList(json: JsonValue | undefined): json is readonly JsonValue[] {
  return Array.isArray(json);
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function isMessage(value: unknown): value is AnyMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
