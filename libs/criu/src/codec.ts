import { bytesFromText, textFromBytes } from '@icecore/bytes';
import { type AnyMessage, type Message, type MessageOf, type NamedField, type Scalar, tagOf, type UnknownField, wireTypeOf } from './message.ts';
import { wireBytes, WireReader, WireWriter } from './wire.ts';

/** How deep messages may nest. CRIU's deepest is the tree of control groups. */
export const maxMessageDepth = 64;

/** Most items of one list. The longest in honest dumps are mappings, of which the kernel allows 65,530 unless told otherwise. */
export const maxListItems = 1 << 20;

/**
 * Decodes one message. Fields that the schema does not know are kept in `$unknown`. Throws a `DamageError` with the
 * offset, counted from `base`, where the bytes break the encoding or a required field is not there.
 */
export function decodeMessage<M extends Message>(schema: M, bytes: Uint8Array, base = 0): MessageOf<M> {
  // The shape is the schema's by construction: fields are set by the schema's own names and types.
  return decodeFields(schema, new WireReader(bytes, 0, bytes.length, base), 0) as MessageOf<M>;
}

function decodeFields(schema: Message, reader: WireReader, depth: number): AnyMessage {
  if (depth > maxMessageDepth) reader.fail('limit', `messages nest deeper than ${maxMessageDepth}`);
  const start = reader.position;
  const { byTag, lowTags, lists, requiredCount } = schema.plan();
  const values: Record<string, unknown> = {};
  for (const name of lists) values[name] = [];
  let required = 0;
  let unknown: UnknownField[] | undefined;
  while (reader.position < reader.end) {
    const tagStart = reader.position;
    reader.varint();
    const tag = reader.low;
    if (reader.high !== 0 || tag >>> 3 === 0) reader.fail('malformed', 'field number is out of range', tagStart);
    const known = tag < 128 ? lowTags[tag] : byTag.get(tag);
    if (known === undefined) {
      reader.skip(tag & 7);
      unknown ??= [];
      unknown.push({ number: tag >>> 3, raw: reader.bytes.slice(tagStart, reader.position) });
    } else {
      // Of a field that comes twice the last counts, as everywhere in protocol buffers, but it is required only once.
      if (known.rule === 'required' && !(known.name in values)) required += 1;
      decodeField(known, tag & 7, reader, values, depth);
    }
  }
  if (required < requiredCount) {
    const lacking = schema.plan().ordered.find((each) => each.rule === 'required' && !(each.name in values));
    reader.fail('malformed', `${schema.name} lacks its field ${lacking?.name ?? ''}`, start);
  }
  return unknown === undefined ? values : { ...values, $unknown: unknown };
}

function decodeField(known: NamedField, wire: number, reader: WireReader, values: Record<string, unknown>, depth: number): void {
  if (known.rule === 'required' || known.rule === 'optional') {
    values[known.name] = decodeValue(known.type, reader, depth);
    return;
  }
  const list = values[known.name];
  if (!Array.isArray(list)) return;
  if (list.length >= maxListItems) reader.fail('limit', `${known.name} has more than ${maxListItems} items`);
  if (wire !== wireBytes || wireTypeOf(known.type) === wireBytes) {
    list.push(decodeValue(known.type, reader, depth));
    return;
  }
  const length = reader.length();
  const end = reader.position + length;
  const inner = new WireReader(reader.bytes, reader.position, end, reader.base);
  while (inner.position < end) {
    if (list.length >= maxListItems) inner.fail('limit', `${known.name} has more than ${maxListItems} items`);
    list.push(decodeValue(known.type, inner, depth));
  }
  reader.position = end;
}

function decodeValue(type: NamedField['type'], reader: WireReader, depth: number): unknown {
  if (typeof type === 'string') return decodeScalar(type, reader);
  if (type.kind === 'enumeration') {
    reader.varint();
    const number = reader.low | 0;
    return type.byNumber.get(number) ?? number;
  }
  const length = reader.length();
  const end = reader.position + length;
  const inner = new WireReader(reader.bytes, reader.position, end, reader.base);
  reader.position = end;
  return decodeFields(type, inner, depth + 1);
}

function decodeScalar(type: Scalar, reader: WireReader): unknown {
  switch (type) {
    case 'uint32':
      reader.varint();
      return reader.low;
    case 'int32':
      reader.varint();
      return reader.low | 0;
    case 'sint32':
      reader.varint();
      return (reader.low >>> 1) ^ -(reader.low & 1);
    case 'uint64':
      return reader.uint64();
    case 'int64':
      return BigInt.asIntN(64, reader.uint64());
    case 'sint64': {
      const value = reader.uint64();
      return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
    }
    case 'bool':
      reader.varint();
      return reader.low !== 0 || reader.high !== 0;
    case 'string':
      return textFromBytes(reader.delimited());
    case 'bytes':
      return reader.delimited().slice();
    case 'fixed32': {
      const bytes = reader.fixed(4);
      return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    }
    case 'fixed64': {
      const bytes = reader.fixed(8);
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
    }
  }
}

/** Encodes a message as CRIU does: fields in ascending order, unknown ones among them. */
export function encodeMessage(schema: Message, value: AnyMessage): Uint8Array {
  const writer = new WireWriter();
  const unknown = [...(value.$unknown ?? [])].sort((a, b) => a.number - b.number);
  for (const each of schema.plan().ordered) {
    while (unknown.length > 0 && unknown[0]!.number < each.number) writer.raw(unknown.shift()!.raw);
    encodeField(each, value[each.name], writer);
  }
  for (const rest of unknown) writer.raw(rest.raw);
  return writer.finish();
}

function encodeField(each: NamedField, value: unknown, writer: WireWriter): void {
  if (value === undefined) return;
  const tag = BigInt(tagOf(each));
  if (each.rule === 'required' || each.rule === 'optional') {
    writer.varint(tag);
    encodeValue(each, value, writer);
    return;
  }
  if (!Array.isArray(value)) throw new TypeError(`${each.name} must be a list`);
  if (value.length === 0) return;
  if (each.rule === 'packed') {
    const inner = new WireWriter();
    for (const item of value) encodeValue(each, item, inner);
    writer.varint(tag);
    writer.delimited(inner.finish());
    return;
  }
  for (const item of value) {
    writer.varint(tag);
    encodeValue(each, item, writer);
  }
}

function encodeValue(each: NamedField, value: unknown, writer: WireWriter): void {
  const { type } = each;
  if (typeof type !== 'string') {
    if (type.kind === 'enumeration') {
      const number = typeof value === 'string' ? type.byName.get(value) : value;
      if (typeof number !== 'number') throw new TypeError(`${each.name}: ${String(value)} is not in ${type.name}`);
      writer.varint(BigInt(number));
      return;
    }
    if (!isAnyMessage(value)) throw new TypeError(`${each.name} must be a message`);
    writer.delimited(encodeMessage(type, value));
    return;
  }
  if (type === 'string' && typeof value === 'string') return writer.delimited(bytesFromText(value));
  if (type === 'bytes' && value instanceof Uint8Array) return writer.delimited(value);
  if (type === 'bool' && typeof value === 'boolean') return writer.varint(value ? 1n : 0n);
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new TypeError(`${each.name} must be a ${type}`);
  encodeInteger(type, BigInt(value), each, writer);
}

function encodeInteger(type: Scalar, value: bigint, each: NamedField, writer: WireWriter): void {
  const bits = type.endsWith('64') ? 64 : 32;
  const signed = type.startsWith('int') || type.startsWith('sint');
  const fits = signed ? BigInt.asIntN(bits, value) === value : BigInt.asUintN(bits, value) === value;
  if (!fits) throw new RangeError(`${each.name}: ${value} does not fit ${type}`);
  if (type === 'fixed32' || type === 'fixed64') {
    const bytes = new Uint8Array(bits / 8);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
    writer.raw(bytes);
  } else if (type.startsWith('sint')) writer.varint(value >= 0n ? value << 1n : (-value << 1n) - 1n);
  else writer.varint(value);
}

function isAnyMessage(value: unknown): value is AnyMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
