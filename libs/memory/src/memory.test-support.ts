import { type ByteSource, memorySource } from '@icecore/bytes';
import { imageFromJson, type JsonValue } from '@icecore/criu';
import { type ImageFolder, imageFolder } from './image-folder.ts';

/** A run of pages as a pagemap entry: where, how many, flags (4: present) and, where compressed, how. */
export interface RunForm {
  readonly vaddr: number | bigint;
  readonly pages: number;
  readonly flags?: number;
  readonly sizes?: readonly number[];
  readonly regionPages?: number;
}

/** The two images of a page set: `pagemap-<id>.img` and its pages, of which there need not be all. */
export function pageImages(id: string, pagesId: number, runs: readonly RunForm[], pages: Uint8Array): [string, ByteSource][] {
  const entries: JsonValue[] = runs.map(({ vaddr, pages: count, flags = 4, sizes, regionPages = 1 }) => ({
    vaddr: `0x${vaddr.toString(16)}`,
    nr_pages: count,
    flags: `0x${flags.toString(16)}`,
    ...(sizes === undefined ? {} : { regions: { region_sizes: sizes, pages_per_region: regionPages } }),
  }));
  const pagemap = imageFromJson({ magic: 'PAGEMAP', entries: [{ pages_id: pagesId }, ...entries] });
  return [
    [`pagemap-${id}.img`, memorySource(pagemap)],
    [`pages-${pagesId}.img`, memorySource(pages)],
  ];
}

export function folderOf(images: readonly [string, ByteSource][], parent?: ImageFolder): ImageFolder {
  return imageFolder(new Map(images), parent);
}

/** Pages that are filled with one character each. */
export function pagesOf(letters: string, pageSize = 4096): Buffer {
  return Buffer.concat([...letters].map((letter) => Buffer.alloc(pageSize, letter)));
}

/** The first letter of each stretch of equal bytes; `.` for zeros. */
export function lettersOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\0', '.').replace(/(.)\1*/g, '$1');
}
