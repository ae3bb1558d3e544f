import { type AnyMessage, encodeMessage, type ImageType, imageTypes, type Message } from '@icecore/criu';
import { file, type Member } from './forge-tar.ts';

const commonMagic = 0x54564319;

/** An entry of an image to be made. */
export interface ForgedEntry {
  readonly message: AnyMessage;
  /** The type's own where it is left out. */
  readonly schema?: Message;
  readonly payload?: Uint8Array;
}

/** An image of any content that its schema can hold, as a member of an archive. */
export function forgeImage(name: string, type: ImageType, entries: readonly ForgedEntry[]): Member {
  const head = type.magic === imageTypes.INVENTORY.magic ? [type.magic] : [commonMagic, type.magic];
  const parts: Uint8Array[] = head.map(word);
  for (const { message, schema = type.message, payload } of entries) {
    const bytes = encodeMessage(schema, message);
    parts.push(word(bytes.length), bytes);
    if (payload !== undefined) parts.push(payload);
  }
  return file(`checkpoint/${name}`, Buffer.concat(parts));
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
