import type { ByteSource } from '@icecore/bytes';

/** The CRIU images of one dump, by file name, and those of the dump it builds on. */
export interface ImageFolder {
  /** The image, or undefined where the dump has none of that name. */
  open(fileName: string): ByteSource | undefined;
  names(): Iterable<string>;
  /** The dump that pages marked as in the parent are to be taken from; undefined where it is not at hand. */
  readonly parent?: ImageFolder;
}

/** A folder over a map of images. */
export function imageFolder(images: ReadonlyMap<string, ByteSource>, parent?: ImageFolder): ImageFolder {
  const folder = { open: (fileName: string) => images.get(fileName), names: () => images.keys() };
  return parent === undefined ? folder : { ...folder, parent };
}
