import { type ByteSource, sliceSource } from '@icecore/bytes';
import { imageTypes } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

/** Bytes that were written to a pipe or FIFO and not read. */
export interface PipeData {
  readonly pipeId: number;
  readonly image: string;
  readonly offset: number;
  /** Capacity of the pipe in bytes; undefined where the dump does not say. */
  readonly capacity: number | undefined;
  readonly source: ByteSource;
}

export async function readPipeData(images: ImageReader): Promise<readonly PipeData[]> {
  const data: PipeData[] = [];
  for (const [image, type] of [['pipes-data.img', imageTypes.PIPES_DATA], ['fifo-data.img', imageTypes.FIFO_DATA]] as const) {
    const source = images.folder.open(image);
    if (source === undefined) continue;
    for (const { message, payload } of await images.read(image, type)) {
      const [part] = payload;
      if (part === undefined || part.length === 0) continue;
      const { offset, length } = part;
      data.push({ pipeId: message.pipe_id, image, offset, capacity: message.size, source: sliceSource(source, offset, offset + length) });
    }
  }
  return data;
}
