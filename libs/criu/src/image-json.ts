import { type ByteSource, DamageError, decodeTextExactly, formatGap, type Gap, readAll } from '@icecore/bytes';
import { decodeAddresses, decodeConntrack, decodeExpectations, decodeRoutes, decodeRules } from '@icecore/linux';
import { type ImageType, imageTypes, isRawImageName, leadingMagic, rawImageTypeByName, type RawImageName } from './catalog.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { type DecodedImage, decodeImage, type ImageEntry } from './image-reader.ts';
import { isJsonObject, type JsonValue, plainJson } from './json-text.ts';
import type { AnyMessage, Message } from './message.ts';
import { fromBase64, isJsonList, messageFromJson, messageToJson, toBase64 } from './message-json.ts';
import { ghostChunkEntry, ghostFileEntry } from './schema/file-content.ts';
import { ipcMsg } from './schema/ipc.ts';
import { pagemapEntry } from './schema/memory.ts';

/** Largest payload or raw image that is put into JSON. */
export const maxJsonBytes = 1 << 28;

type JsonObject = { [key: string]: JsonValue };

/**
 * Any CRIU image as JSON, in the form of CRIU's own tools where they know the image. What is not in that form is in
 * keys that begin with `$`: `$unknown` (fields that the schema does not know), `$wire` (a message that was not
 * encoded as CRIU does it), `$leading` (an unusual first word), `$rest` (bytes behind the last readable entry).
 */
export async function imageToJson(source: ByteSource, fileName: string): Promise<JsonObject> {
  const raw = rawImageTypeByName(fileName);
  if (raw !== undefined) return rawToJson(source, raw);
  const decoded = await decodeImage(source, fileName);
  const entries: JsonValue[] = [];
  for (const entry of decoded.entries) entries.push(await entryToJson(source, decoded, entry));
  const json: JsonObject = { magic: decoded.type.name, entries };
  if (decoded.leading !== leadingMagic(decoded.type)) json['$leading'] = decoded.leading ?? null;
  const [gap] = decoded.gaps;
  if (gap !== undefined) {
    const last = decoded.entries.at(-1);
    const end = last === undefined ? (decoded.leading === undefined ? 4 : 8) : entryEnd(last);
    json['$gap'] = `${gap.reason} (${gap.code}, offset ${gap.place.offset ?? end})`;
    json['$rest'] = toBase64(await source.read(end, source.size));
  }
  return json;
}

/** The bytes of the image that JSON stands for. Throws a `TypeError` that names the field that is wrong. */
export function imageFromJson(json: JsonValue): Uint8Array {
  if (!isJsonObject(json) || typeof json['magic'] !== 'string') throw new TypeError('needs a magic');
  const name = json['magic'];
  if (isRawImageName(name)) return rawFromJson(json);
  const type = Object.values<ImageType>(imageTypes).find((each) => each.name === name);
  if (type === undefined) throw new TypeError(`magic ${name} is of no image known`);
  if (!isJsonList(json['entries'])) throw new TypeError('needs a list of entries');
  const parts: Uint8Array[] = [];
  const given = json['$leading'];
  const leading = given === undefined ? leadingMagic(type) : given;
  if (typeof leading === 'number') parts.push(word(leading));
  parts.push(word(type.magic));
  json['entries'].forEach((entry, i) => parts.push(...entryFromJson(type, entry, i)));
  if (typeof json['$rest'] === 'string') parts.push(fromBase64(json['$rest']));
  return Buffer.concat(parts);
}

async function entryToJson(source: ByteSource, image: DecodedImage, entry: ImageEntry): Promise<JsonObject> {
  const json = messageToJson(entry.schema, entry.message);
  if (!sameBytes(encodeMessage(entry.schema, entry.message), entry.raw)) json['$wire'] = toBase64(entry.raw);
  const bytes: Uint8Array[] = [];
  for (const part of entry.payload) {
    if (part.length > maxJsonBytes) throw new DamageError('limit', `payload of ${part.length} bytes is over ${maxJsonBytes}`, { offset: part.offset });
    bytes.push(await source.read(part.offset, part.offset + part.length));
  }
  const extra = payloadToJson(image.type, entry, bytes);
  if (extra !== undefined) json['extra'] = extra;
  return json;
}

function payloadToJson(type: ImageType, entry: ImageEntry, bytes: readonly Uint8Array[]): JsonValue | undefined {
  const [first, second] = bytes;
  if (type.payload === 'messages') {
    return entry.payload.flatMap((part, i) => [messageToJson(ipcMsg, part.header ?? {}), toBase64(bytes[i]!)]);
  }
  if (first === undefined) return undefined;
  if (type.payload === 'queues') return { inq: toBase64(first), outq: toBase64(second ?? new Uint8Array(0)) };
  if (type.payload === 'semaphores') {
    const view = new DataView(first.buffer, first.byteOffset, first.length);
    return Array.from({ length: first.length / 2 }, (_, i) => view.getUint16(2 * i, true));
  }
  return toBase64(first);
}

function entryFromJson(type: ImageType, json: JsonValue, index: number): Uint8Array[] {
  const schema = schemaAt(type, index);
  const message = messageFromJson(schema, json, `entries[${index}]`);
  const bytes = wireOf(schema, message, isJsonObject(json) ? json['$wire'] : undefined);
  return [word(bytes.length), bytes, ...payloadFromJson(type, isJsonObject(json) ? json['extra'] : undefined)];
}

/** The bytes that `$wire` keeps are used where they still say what the fields say. */
function wireOf(schema: Message, message: AnyMessage, wire: JsonValue | undefined): Uint8Array {
  const canonical = encodeMessage(schema, message);
  if (typeof wire !== 'string') return canonical;
  const kept = fromBase64(wire);
  return sameBytes(encodeMessage(schema, decodeMessage(schema, kept)), canonical) ? kept : canonical;
}

function payloadFromJson(type: ImageType, extra: JsonValue | undefined): Uint8Array[] {
  if (extra === undefined) return [];
  if (isJsonObject(extra)) return [bytesOf(extra['inq']), bytesOf(extra['outq'])];
  if (typeof extra === 'string') {
    const bytes = fromBase64(extra);
    return type.payload === 'segment' ? [bytes, zeros(bytes.length, 4)] : [bytes];
  }
  if (!isJsonList(extra)) throw new TypeError('extra must be text, a list or an object');
  if (type.payload === 'semaphores') {
    const bytes = new Uint8Array(2 * extra.length);
    extra.forEach((value, i) => new DataView(bytes.buffer).setUint16(2 * i, Number(value), true));
    return [bytes, zeros(bytes.length, 8)];
  }
  const parts: Uint8Array[] = [];
  for (let i = 0; i + 1 < extra.length; i += 2) {
    const header = encodeMessage(ipcMsg, messageFromJson(ipcMsg, extra[i]!, 'extra'));
    const text = bytesOf(extra[i + 1]);
    parts.push(word(header.length), header, text, zeros(text.length, 8));
  }
  return parts;
}

/**
 * Images without a magic number: rule sets as text, dumps of netlink messages with their records beside the bytes that
 * `encode` writes back, all others as bytes.
 */
async function rawToJson(source: ByteSource, name: RawImageName): Promise<JsonObject> {
  if (source.size > maxJsonBytes) throw new DamageError('limit', `${name} image of ${source.size} bytes is over ${maxJsonBytes}`);
  const bytes = await readAll(source);
  const text = textImages.has(name) ? decodeTextExactly(bytes) : undefined;
  if (text !== undefined) return { magic: name, text };
  const decode = netlinkDecoders[name];
  if (decode === undefined) return { magic: name, raw: toBase64(bytes) };
  const { records, gaps } = decode(bytes);
  return {
    magic: name,
    records: records.map(plainJson),
    ...(gaps.length > 0 ? { $gap: gaps.map(formatGap).join('; ') } : {}),
    raw: toBase64(bytes),
  };
}

const textImages: ReadonlySet<RawImageName> = new Set<RawImageName>(['IPTABLES', 'IP6TABLES', 'NFTABLES']);

const netlinkDecoders: Partial<Record<RawImageName, (bytes: Uint8Array) => { readonly records: readonly unknown[]; readonly gaps: readonly Gap[] }>> = {
  IFADDR: decodeAddresses,
  ROUTE: decodeRoutes,
  ROUTE6: decodeRoutes,
  RULE: decodeRules,
  NETNF_CT: decodeConntrack,
  NETNF_EXP: decodeExpectations,
};

function rawFromJson(json: { readonly [key: string]: JsonValue }): Uint8Array {
  return typeof json['text'] === 'string' ? new TextEncoder().encode(json['text']) : bytesOf(json['raw']);
}

function schemaAt(type: ImageType, index: number): Message {
  if (index === 0) return type.message;
  if (type.message === ghostFileEntry) return ghostChunkEntry;
  return type.payload === 'pagemap' ? pagemapEntry : type.message;
}

function entryEnd(entry: ImageEntry): number {
  return entry.payload.reduce((end, part) => Math.max(end, part.offset + part.length + part.padding), entry.offset + 4 + entry.raw.length);
}

function bytesOf(value: JsonValue | undefined): Uint8Array {
  if (typeof value !== 'string') throw new TypeError('bytes must be base64 text');
  return fromBase64(value);
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function zeros(length: number, alignment: number): Uint8Array {
  return new Uint8Array((alignment - (length % alignment)) % alignment);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
