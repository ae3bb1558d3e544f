import { type Gap, gapOf } from '@icecore/bytes';
import { type ImageEntry, type ImageType, type Message, readImage } from '@icecore/criu';
import type { ImageFolder } from '@icecore/memory';

/** Reads images of a dump one after the other and collects what is wrong with them. */
export interface ImageReader {
  readonly folder: ImageFolder;
  readonly gaps: Gap[];
  /** Entries of an image; none where it is not there, which is a gap where `expected` says what should be in it. */
  read<M extends Message>(fileName: string, type: ImageType<M>, expected?: string): Promise<readonly ImageEntry<M>[]>;
  /** The first entry of an image. */
  first<M extends Message>(fileName: string, type: ImageType<M>, expected?: string): Promise<ImageEntry<M> | undefined>;
  /** Images whose names match, in natural order, with what the parentheses caught. */
  matching(pattern: RegExp): { readonly fileName: string; readonly id: string }[];
}

export function imageReader(folder: ImageFolder): ImageReader {
  const gaps: Gap[] = [];
  const read: ImageReader['read'] = async (fileName, type, expected) => {
    const source = folder.open(fileName);
    if (source === undefined) {
      if (expected !== undefined) gaps.push({ code: 'missing', subject: expected, reason: 'there is no such image', place: { image: fileName } });
      return [];
    }
    try {
      const image = await readImage(source, fileName, type);
      gaps.push(...image.gaps);
      return image.entries;
    } catch (error) {
      gaps.push(gapOf(expected ?? `content of ${fileName}`, error));
      return [];
    }
  };
  return {
    folder,
    gaps,
    read,
    first: async (fileName, type, expected) => (await read(fileName, type, expected))[0],
    matching: (pattern) =>
      [...folder.names()]
        .flatMap((fileName) => {
          const found = pattern.exec(fileName);
          return found === null ? [] : [{ fileName, id: found[1] ?? '' }];
        })
        .sort((a, b) => a.fileName.localeCompare(b.fileName, 'en', { numeric: true })),
  };
}
