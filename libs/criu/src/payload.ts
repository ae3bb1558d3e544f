import { DamageError } from '@icecore/bytes';
import type { PayloadKind } from './catalog.ts';
import { decodeMessage } from './codec.ts';
import type { FrameReader } from './image-reader.ts';
import type { AnyMessage, Message, MessageOf } from './message.ts';
import { ghostFileEntry } from './schema/file-content.ts';
import { ipcMsg } from './schema/ipc.ts';

/** Bytes that follow a message: what they are, and where they lie in the image. */
export interface PayloadPart {
  readonly name: 'data' | 'inq' | 'outq' | 'message';
  readonly offset: number;
  /** Length in bytes, without padding. */
  readonly length: number;
  /** Zero bytes after the part that keep what follows aligned. */
  readonly padding: number;
  /** The header of a queued System V message. */
  readonly header?: MessageOf<typeof ipcMsg>;
  readonly rawHeader?: Uint8Array;
}

/** Most messages of one System V queue that are followed. */
const maxQueuedMessages = 1 << 20;

/**
 * The payload of a message, by the lengths that the message itself gives (CRIU: `pipes.c`, `sk-queue.c`,
 * `sk-tcp.c`, `ipc_ns.c`, `files-reg.c`, `bpfmap.c`).
 */
export function payloadParts(kind: PayloadKind, schema: Message, message: AnyMessage, offset: number, size: number): PayloadPart[] {
  switch (kind) {
    case 'none':
    case 'pagemap':
    case 'messages':
      return [];
    case 'data':
      return [part('data', offset, count(message, 'bytes'))];
    case 'packet':
      return [part('data', offset, count(message, 'length'))];
    case 'queues': {
      const inq = count(message, 'inq_len');
      return [part('inq', offset, inq), part('outq', offset + inq, count(message, 'outq_len'))];
    }
    case 'map':
      return [part('data', offset, count(message, 'keys_bytes') + count(message, 'values_bytes'))];
    case 'segment':
      // Current dumps keep the content of a segment among the pages; only old ones have it here.
      return message['in_pagemaps'] === true ? [] : [padded('data', offset, count(message, 'size'), 4)];
    case 'semaphores':
      return [padded('data', offset, 2 * count(message, 'nsems'), 8)];
    case 'ghost':
      if (schema !== ghostFileEntry) return [part('data', offset, count(message, 'len'))];
      return message['chunks'] === true ? [] : [part('data', offset, size - offset)];
  }
}

/** The messages of a System V queue: for each a header and its text, padded to 8 bytes. */
export async function readIpcMessages(frames: FrameReader, queue: AnyMessage): Promise<PayloadPart[]> {
  const parts: PayloadPart[] = [];
  const messages = count(queue, 'qnum');
  if (messages > maxQueuedMessages) throw new DamageError('limit', `queue of ${messages} messages is over ${maxQueuedMessages}`);
  for (let i = 0; i < messages; i++) {
    const rawHeader = frames.available(4) ? frames.message() : await frames.messageSlowly();
    const header = decodeMessage(ipcMsg, rawHeader, frames.position - rawHeader.length);
    const text = { ...padded('message', frames.position, header.msize, 8), header, rawHeader };
    if (text.offset + text.length + text.padding > frames.size) {
      throw new DamageError('truncated', `queued message of ${text.length} bytes runs past the end`, { offset: text.offset });
    }
    frames.position = text.offset + text.length + text.padding;
    parts.push(text);
  }
  return parts;
}

function part(name: PayloadPart['name'], offset: number, length: number): PayloadPart {
  return { name, offset, length, padding: 0 };
}

function padded(name: PayloadPart['name'], offset: number, length: number, alignment: number): PayloadPart {
  return { name, offset, length, padding: (alignment - (length % alignment)) % alignment };
}

function count(message: AnyMessage, name: string): number {
  const value = message[name];
  if (value === undefined) return 0;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new DamageError('malformed', `${name} is ${String(value)}, not a length`);
}
