import { DamageError, type Gap, gapOf, hex } from '@icecore/bytes';

/** One netlink message as it stands in a dump: struct nlmsghdr and what follows it. */
export interface NetlinkMessage {
  /** Byte offset of the header in the dump. */
  readonly offset: number;
  /** RTM_* for routing messages; for netfilter the subsystem in the high byte and its own number in the low one. */
  readonly type: number;
  /** NLM_F_* */
  readonly flags: number;
  readonly seq: number;
  readonly pid: number;
  /** What follows the header, as long as the header says. */
  readonly payload: Uint8Array;
  /** The 0 to 3 bytes up to the next multiple of four; shorter where the dump ends there. */
  readonly padding: Uint8Array;
}

/** A file of netlink messages; what could not be read is in its gaps. */
export interface NetlinkDump {
  /** The u32 that stands before the messages; undefined for a bare stream. */
  readonly magic?: number;
  readonly messages: readonly NetlinkMessage[];
  readonly gaps: readonly Gap[];
}

/** What iproute2 writes before the messages that `ip addr save`, `ip route save` and `ip rule save` dump. */
export const netlinkMagic = { address: 0x4736_1222, route: 0x4531_1224, rule: 0x7170_6986 } as const;

/** Most messages of a dump that are followed: the size of the largest connection table that Linux sets up by itself. */
export const maxNetlinkMessageCount = 262_144;

const headerBytes = 16;
const align = (length: number): number => (length + 3) & ~3;

/**
 * The messages of a dump, little-endian. With `magic` the dump must begin with that number; without one it is the
 * bare stream that CRIU writes of connection tracking, where no bytes are no messages.
 * Damage ends the reading and leaves a gap that names the offset; the messages before it are given.
 */
export function decodeNetlinkDump(bytes: Uint8Array, magic?: number): NetlinkDump {
  const messages: NetlinkMessage[] = [];
  const dump = magic === undefined ? { messages } : { magic, messages };
  try {
    let offset = magic === undefined ? 0 : afterMagic(bytes, magic);
    while (offset < bytes.length) {
      if (messages.length === maxNetlinkMessageCount) {
        throw new DamageError('limit', `more messages than maxNetlinkMessageCount ${maxNetlinkMessageCount}`, { offset });
      }
      const message = decodeMessage(bytes, offset);
      messages.push(message);
      offset += headerBytes + message.payload.length + message.padding.length;
    }
    return { ...dump, gaps: [] };
  } catch (error) {
    return { ...dump, gaps: [gapOf('netlink messages', error)] };
  }
}

/** The bytes of a dump: the inverse of `decodeNetlinkDump`, byte for byte, for what it read. */
export function encodeNetlinkDump(dump: Pick<NetlinkDump, 'magic' | 'messages'>): Uint8Array {
  const parts: Uint8Array[] = dump.magic === undefined ? [] : [littleEndian(dump.magic)];
  for (const message of dump.messages) {
    const header = new DataView(new ArrayBuffer(headerBytes));
    header.setUint32(0, headerBytes + message.payload.length, true);
    header.setUint16(4, message.type, true);
    header.setUint16(6, message.flags, true);
    header.setUint32(8, message.seq, true);
    header.setUint32(12, message.pid, true);
    parts.push(new Uint8Array(header.buffer), message.payload, message.padding);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Decoded messages of one kind, and gaps for those that could not be read. */
export interface NetlinkRecords<T> {
  readonly records: readonly T[];
  readonly gaps: readonly Gap[];
}

/**
 * Decodes every message of the types that `decoders` knows. Control messages are passed over; a message of any other
 * type leaves a gap, as does one that its decoder finds damaged.
 */
export function decodeRecords<T>(
  dump: NetlinkDump,
  subject: string,
  decoders: Readonly<Record<number, (message: NetlinkMessage) => T>>,
): NetlinkRecords<T> {
  const records: T[] = [];
  const gaps: Gap[] = [...dump.gaps];
  for (const message of dump.messages) {
    if (message.type < firstProtocolType) continue;
    try {
      const decode = decoders[message.type];
      if (decode === undefined) throw new DamageError('unsupported', `message type ${message.type}`, { offset: message.offset });
      records.push(decode(message));
    } catch (error) {
      gaps.push(gapOf(subject, error));
    }
  }
  return { records, gaps };
}

/** NLMSG_MIN_TYPE: numbers below it control the stream, and say nothing of the network. */
const firstProtocolType = 16;

function afterMagic(bytes: Uint8Array, magic: number): number {
  if (bytes.length < 4) throw new DamageError('truncated', `${bytes.length} bytes hold no magic number`, { offset: 0 });
  const found = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (found !== magic) throw new DamageError('malformed', `magic number ${hex(found)}, expected ${hex(magic)}`, { offset: 0 });
  return 4;
}

function decodeMessage(bytes: Uint8Array, offset: number): NetlinkMessage {
  const rest = bytes.length - offset;
  if (rest < headerBytes) throw new DamageError('truncated', `${rest} bytes hold no message header`, { offset });
  const header = new DataView(bytes.buffer, bytes.byteOffset + offset, headerBytes);
  const length = header.getUint32(0, true);
  if (length < headerBytes) throw new DamageError('malformed', `message of ${length} bytes is shorter than its header`, { offset });
  if (length > rest) throw new DamageError('truncated', `message of ${length} bytes, ${rest} are there`, { offset });
  return {
    offset,
    type: header.getUint16(4, true),
    flags: header.getUint16(6, true),
    seq: header.getUint32(8, true),
    pid: header.getUint32(12, true),
    payload: bytes.subarray(offset + headerBytes, offset + length),
    padding: bytes.subarray(offset + length, Math.min(bytes.length, offset + align(length))),
  };
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
