import { at, type ByteSource, DamageError, type Gap, gapOf, memorySource, placed, readAll } from '@icecore/bytes';
import { commonMagic, type ImageType, imageTypeByMagic, imageTypes, serviceMagic } from './catalog.ts';
import { decodeMessage } from './codec.ts';
import type { Message, MessageOf } from './message.ts';
import { payloadParts, type PayloadPart, readIpcMessages } from './payload.ts';
import { ghostChunkEntry } from './schema/file-content.ts';
import { pagemapEntry } from './schema/memory.ts';

/** Largest single message that is followed. CRIU's largest, `mm`, takes about 40 bytes an area. */
export const maxMessageBytes = 1 << 25;
/** Images up to this size are read at once. */
const smallImageBytes = 1 << 16;
/** Most entries of one image that are followed: each takes some hundred bytes of memory, however short it is written. */
export const maxImageEntries = 1 << 20;

/** One entry of an image: its message and where its payload lies. */
export interface ImageEntry<M extends Message = Message> {
  readonly message: MessageOf<M>;
  /** What the message is an instance of: the first entry of a pagemap or ghost image differs from the others. */
  readonly schema: Message;
  /** Offset of the entry's length word in the image. */
  readonly offset: number;
  /** The message as it stands in the image. */
  readonly raw: Uint8Array;
  readonly payload: readonly PayloadPart[];
}

export interface DecodedImage<M extends Message = Message> {
  readonly type: ImageType<M>;
  /** First word of the image where it is not the type's own magic: old images have none. */
  readonly leading: number | undefined;
  readonly entries: readonly ImageEntry<M>[];
  /** Where reading had to stop; what came before is in `entries`. */
  readonly gaps: readonly Gap[];
}

/** The type that the first words of an image name; rejects with a `DamageError` where they name none. */
export async function identifyImage(source: ByteSource): Promise<{ type: ImageType; leading: number | undefined; start: number }> {
  const head = await source.read(0, Math.min(8, source.size));
  if (head.length < 4) throw new DamageError('truncated', `image of ${head.length} bytes has no magic number`, { offset: 0 });
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const first = view.getUint32(0, true);
  const wrapped = first === commonMagic || first === serviceMagic;
  if (wrapped && head.length < 8) throw new DamageError('truncated', 'image ends inside its magic number', { offset: head.length });
  const magic = wrapped ? view.getUint32(4, true) : first;
  const type = imageTypeByMagic(magic);
  if (type === undefined) {
    throw new DamageError('malformed', `magic number 0x${magic.toString(16)} is of no image known`, { offset: wrapped ? 4 : 0 });
  }
  return { type, leading: wrapped ? first : undefined, start: wrapped ? 8 : 4 };
}

/**
 * Decodes an image of any type. Rejects where the magic number is not known; damage further in ends the entries
 * and is told in `gaps`.
 */
export async function decodeImage(source: ByteSource, image: string): Promise<DecodedImage> {
  return at({ image }, async () => {
    const { type, leading, start } = await identifyImage(source);
    return readEntries(source, image, type, leading, start);
  });
}

/** Decodes an image that must be of the given type. */
export async function readImage<M extends Message>(from: ByteSource, image: string, expected: ImageType<M>): Promise<DecodedImage<M>> {
  return at({ image }, async () => {
    // Most images are small, and one read costs less than three.
    const source = from.size <= smallImageBytes ? memorySource(await readAll(from)) : from;
    const { type, leading, start } = await identifyImage(source);
    if (type.magic !== expected.magic) throw new DamageError('malformed', `is a ${type.name} image, not ${expected.name}`, { offset: start - 4 });
    return readEntries(source, image, expected, leading, start);
  });
}

async function readEntries<M extends Message>(
  source: ByteSource,
  image: string,
  type: ImageType<M>,
  leading: number | undefined,
  start: number,
): Promise<DecodedImage<M>> {
  const entries: ImageEntry<M>[] = [];
  const gaps: Gap[] = [];
  const frames = new FrameReader(source, start);
  try {
    while (frames.position < source.size) {
      if (entries.length === maxImageEntries) throw new DamageError('limit', `more than ${maxImageEntries} entries`, { offset: frames.position });
      entries.push(await readEntry(frames, type, entries));
    }
  } catch (error) {
    gaps.push(gapOf(`entries of ${image} from number ${entries.length} on`, placed({ image }, error)));
  }
  return { type, leading, entries, gaps };
}

async function readEntry<M extends Message>(frames: FrameReader, type: ImageType<M>, before: readonly ImageEntry<M>[]): Promise<ImageEntry<M>> {
  const offset = frames.position;
  const raw = frames.available(4) ? frames.message() : await frames.messageSlowly();
  // Images of many entries have none that says nothing; a hole in a sparse file has them without end.
  if (raw.length === 0 && before.length > 0) throw new DamageError('malformed', 'entry of no bytes', { offset });
  const schema: Message = before.length === 0 ? type.message : laterSchema(type);
  // Later entries of ghost and pagemap images follow their own schema, which `schema` names.
  const message = decodeMessage(schema, raw, frames.position - raw.length) as MessageOf<M>;
  const payload =
    type.payload === 'messages'
      ? await readIpcMessages(frames, message)
      : payloadParts(type.payload, schema, message, frames.position, frames.size);
  const end = payload.reduce((furthest, part) => Math.max(furthest, part.offset + part.length + part.padding), frames.position);
  if (end > frames.size) {
    throw new DamageError('truncated', `payload of ${end - frames.position} bytes runs past the end`, { offset: frames.position });
  }
  frames.position = end;
  return { message, schema, offset, raw, payload };
}

function laterSchema(type: ImageType): Message {
  if (type.magic === imageTypes.PAGEMAP.magic) return pagemapEntry;
  return type.magic === imageTypes.GHOST_FILE.magic ? ghostChunkEntry : type.message;
}

/** Reads length-prefixed messages through a window, so that small entries cost no read of their own. */
export class FrameReader {
  position: number;
  readonly size: number;
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  constructor(source: ByteSource, position: number) {
    this.#source = source;
    this.size = source.size;
    this.position = position;
  }

  /** True where the window holds a whole message at the position, its length word included. */
  available(lengthBytes: 4): boolean {
    const from = this.position - this.#windowStart;
    if (from < 0 || from + lengthBytes > this.#window.length) return false;
    return from + lengthBytes + this.#lengthAt(from) <= this.#window.length;
  }

  /** The message at the position, which `available` has said to be there. */
  message(): Uint8Array {
    const from = this.position - this.#windowStart;
    const length = this.#lengthAt(from);
    this.position += 4 + length;
    return this.#window.subarray(from + 4, from + 4 + length);
  }

  async messageSlowly(): Promise<Uint8Array> {
    await this.#fill(4);
    const length = this.#lengthAt(0);
    if (length > maxMessageBytes) throw new DamageError('limit', `message of ${length} bytes is over ${maxMessageBytes}`, { offset: this.position });
    await this.#fill(4 + length);
    return this.message();
  }

  #lengthAt(from: number): number {
    const { buffer, byteOffset } = this.#window;
    return new DataView(buffer, byteOffset + from, 4).getUint32(0, true);
  }

  async #fill(count: number): Promise<void> {
    const left = this.size - this.position;
    if (count > left) throw new DamageError('truncated', `entry of ${count} bytes, ${left} are left`, { offset: this.position });
    this.#window = await this.#source.read(this.position, this.position + Math.min(left, Math.max(count, 1 << 20)));
    this.#windowStart = this.position;
  }
}

