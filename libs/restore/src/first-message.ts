import { type ByteSource, isDamageError } from '@icecore/bytes';
import { type ImageType, type Message, type MessageOf, readImage } from '@icecore/criu';

/** The first message of an image; undefined where there is none, or damage: the snapshot's gaps tell of that. */
export async function firstMessage<M extends Message>(source: ByteSource, image: string, type: ImageType<M>): Promise<MessageOf<M> | undefined> {
  try {
    return (await readImage(source, image, type)).entries[0]?.message;
  } catch (error) {
    if (!isDamageError(error)) throw error;
    return undefined;
  }
}
