import { memorySpool, openArchive } from '@icecore/archive';
import { memorySource, readAll } from '@icecore/bytes';
import { imageFromJson, imageToJson, isJsonObject, type JsonValue } from '@icecore/criu';

/** What is in an archive, by path, in its order. */
export type Members = Map<string, Uint8Array>;

/** The files of an archive, to be altered and written again. */
export async function membersOf(bytes: Uint8Array): Promise<Members> {
  const archive = await openArchive(memorySource(bytes), { spool: memorySpool() });
  const members: Members = new Map();
  for (const [path, { type, source }] of archive.entries) if (type === 'file') members.set(path, Uint8Array.from(await readAll(source)));
  return members;
}

/** Alters every message of an image, and whatever lies in it. */
export async function alterImage(members: Members, path: string, alter: (key: string, value: JsonValue) => JsonValue): Promise<void> {
  const bytes = members.get(path);
  if (bytes === undefined) throw new Error(`there is no ${path}`);
  members.set(path, imageFromJson(alteredJson(await imageToJson(memorySource(bytes), path.split('/').at(-1) ?? ''), alter)));
}

function alteredJson(value: JsonValue, alter: (key: string, value: JsonValue) => JsonValue, key = ''): JsonValue {
  const next = alter(key, value);
  if (next !== value) return next;
  if (Array.isArray(value)) return value.map((each: JsonValue) => alteredJson(each, alter, key));
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, alteredJson(each, alter, name)])) : value;
}

/** A tar of files (POSIX pax: names of any length). */
export function tarOf(members: Iterable<readonly [path: string, body: Uint8Array]>): Buffer {
  const parts: Uint8Array[] = [];
  for (const [path, body] of members) {
    const record = ` path=${path}\n`;
    const recordBytes = Buffer.byteLength(record);
    // The length of a record counts its own digits.
    let length = recordBytes + String(recordBytes).length;
    if (recordBytes + String(length).length !== length) length = recordBytes + String(length).length;
    const pax = Buffer.from(`${length}${record}`);
    parts.push(header('PaxHeaders/x', pax.length, 'x'), padded(pax), header('file', body.length, '0'), padded(body));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** A header of a tar (POSIX ustar). */
export function header(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write('0000755\0'.concat('0000000\0'.repeat(2)), 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('15230000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 512 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(512 - (bytes.length % 512))]);
}
