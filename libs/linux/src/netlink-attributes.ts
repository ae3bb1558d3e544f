import { DamageError, decodeText, untilNul } from '@icecore/bytes';
import { formatIpBytes } from './addresses.ts';
import { type NetlinkMessage } from './netlink.ts';

/** One attribute of a netlink message: struct nlattr. */
export interface NetlinkAttribute {
  /** Number of the attribute, without the flags that the kernel keeps in the two highest bits. */
  readonly type: number;
  /** True where the sender says that the bytes are attributes in their turn: NLA_F_NESTED. */
  readonly nested: boolean;
  /** Byte offset of the attribute's header in the dump. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * The attributes of a message or of another attribute, to be taken one by one. Where a number comes twice the last
 * one counts, as it does for the kernel. What nobody took is what this version of icecore does not know.
 *
 * Nesting is followed only where a decoder asks by `nested`, so no input can make it deep.
 */
export class NetlinkAttributes {
  readonly #byType = new Map<number, NetlinkAttribute>();

  constructor(bytes: Uint8Array, offset: number) {
    for (const attribute of decodeAttributes(bytes, offset)) this.#byType.set(attribute.type, attribute);
  }

  /** The bytes of an attribute. */
  bytes(type: number): Uint8Array | undefined {
    return this.#take(type)?.bytes;
  }

  /** An integer of this many bytes in the machine's byte order, which is little-endian in every dump that is read. */
  integer(type: number, size: 1 | 2 | 4): number | undefined {
    return this.#view(type, size, (view) => readInteger(view, size, true));
  }

  /** The same in network byte order, as connection tracking has it. */
  networkInteger(type: number, size: 1 | 2 | 4): number | undefined {
    return this.#view(type, size, (view) => readInteger(view, size, false));
  }

  /** A 64-bit integer in network byte order. */
  networkInteger64(type: number): bigint | undefined {
    return this.#view(type, 8, (view) => view.getBigUint64(0, false));
  }

  /** Text up to the first NUL. */
  text(type: number): string | undefined {
    const bytes = this.bytes(type);
    return bytes === undefined ? undefined : decodeText(untilNul(bytes));
  }

  /** An IPv4 or IPv6 address. */
  address(type: number): string | undefined {
    const attribute = this.#take(type);
    if (attribute === undefined) return undefined;
    const text = formatIpBytes(attribute.bytes);
    if (text === undefined) throw wrongLength(attribute, '4 or 16');
    return text;
  }

  /** The attributes inside an attribute. */
  nested(type: number): NetlinkAttributes | undefined {
    const attribute = this.#take(type);
    return attribute === undefined ? undefined : new NetlinkAttributes(attribute.bytes, attribute.offset + headerBytes);
  }

  /** The attribute itself, for what has a form of its own. */
  attribute(type: number): NetlinkAttribute | undefined {
    return this.#take(type);
  }

  /** What has not been taken, in the order of the message. */
  rest(): NetlinkAttribute[] {
    return [...this.#byType.values()];
  }

  #take(type: number): NetlinkAttribute | undefined {
    const attribute = this.#byType.get(type);
    this.#byType.delete(type);
    return attribute;
  }

  #view<T>(type: number, size: number, read: (view: DataView) => T): T | undefined {
    const attribute = this.#take(type);
    if (attribute === undefined) return undefined;
    if (attribute.bytes.length !== size) throw wrongLength(attribute, size);
    return read(new DataView(attribute.bytes.buffer, attribute.bytes.byteOffset, size));
  }
}

const headerBytes = 4;
const nestedFlag = 0x8000;
const typeMask = 0x3fff;

/**
 * Attributes that follow one another, each on a multiple of four bytes; `offset` is where the first stands in the
 * dump. Fewer than four bytes behind the last are passed over, as the kernel does. Throws a `DamageError`
 * (`malformed`) for an attribute that is shorter than its header or longer than what holds it.
 */
export function decodeAttributes(bytes: Uint8Array, offset: number): NetlinkAttribute[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const attributes: NetlinkAttribute[] = [];
  let at = 0;
  while (bytes.length - at >= headerBytes) {
    const length = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true);
    if (length < headerBytes || length > bytes.length - at) {
      throw new DamageError('malformed', `attribute of ${length} bytes, ${bytes.length - at} are there`, { offset: offset + at });
    }
    attributes.push({
      type: type & typeMask,
      nested: (type & nestedFlag) !== 0,
      offset: offset + at,
      bytes: bytes.subarray(at + headerBytes, at + length),
    });
    at += (length + 3) & ~3;
  }
  return attributes;
}

/** The family header of a message, and the attributes behind it. */
export interface OpenedMessage {
  readonly header: DataView;
  readonly attributes: NetlinkAttributes;
}

/** Splits a message whose family header has this many bytes, a multiple of four. Throws a `DamageError`. */
export function openMessage(message: NetlinkMessage, familyHeaderBytes: number): OpenedMessage {
  const { payload, offset } = message;
  if (payload.length < familyHeaderBytes) {
    throw new DamageError('malformed', `message of ${payload.length} bytes, its header has ${familyHeaderBytes}`, { offset });
  }
  const start = offset + messageHeaderBytes + familyHeaderBytes;
  return {
    header: new DataView(payload.buffer, payload.byteOffset, familyHeaderBytes),
    attributes: new NetlinkAttributes(payload.subarray(familyHeaderBytes), start),
  };
}

const messageHeaderBytes = 16;

/** The error for an attribute of the wrong length. */
export function wrongLength(attribute: NetlinkAttribute, expected: number | string): DamageError {
  const reason = `attribute ${attribute.type} of ${attribute.bytes.length} bytes, expected ${expected}`;
  return new DamageError('malformed', reason, { offset: attribute.offset });
}

function readInteger(view: DataView, size: 1 | 2 | 4, littleEndian: boolean): number {
  if (size === 1) return view.getUint8(0);
  return size === 2 ? view.getUint16(0, littleEndian) : view.getUint32(0, littleEndian);
}
