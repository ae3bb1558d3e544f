import { type ByteSource, type Gap, gapOf, sliceSource, sparseSource } from '@icecore/bytes';
import { fieldsOf, type ImageEntry, imageTypes, type Message } from '@icecore/criu';
import type { ImageReader } from './image-reader.ts';

/** What stands for a file whose path no longer leads to it (CRIU, `files-reg.c`). */
export interface Remap {
  /**
   * - `GHOST`: unlinked; the content is in the dump. - `LINKED`: unlinked, but another link to it exists.
   * - `PROCFS`: a file of a process that is gone.
   */
  readonly type: string;
  readonly remapId: number;
}

/** Remaps by the id of the file they are for. */
export async function readRemaps(images: ImageReader): Promise<ReadonlyMap<number, Remap>> {
  const entries = await images.read('remap-fpath.img', imageTypes.REMAP_FPATH);
  return new Map(entries.map(({ message }) => [message.orig_id, { type: String(message.remap_type ?? 'LINKED'), remapId: message.remap_id }]));
}

/** Content of an unlinked file, from its `ghost-file-<id>.img`. */
export interface GhostFile {
  readonly image: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly size: number;
  /** Seconds since the epoch; undefined where the dump does not say. */
  readonly modifiedAt: number | undefined;
  readonly accessedAt: number | undefined;
  readonly symlinkTarget: string | undefined;
  /** Holes read as zeros. */
  readonly source: ByteSource;
}

/** Reads the content of a ghost; undefined where there is none, with a gap. */
export async function readGhost(images: ImageReader, id: number): Promise<GhostFile | undefined> {
  const image = `ghost-file-${id.toString(16)}.img`;
  const entries = await images.read(image, imageTypes.GHOST_FILE, `content of deleted file ${id}`);
  const source = images.folder.open(image);
  const [head, ...chunks] = entries;
  if (head === undefined || source === undefined) return undefined;
  const { uid, gid, mode, atim, mtim, symlnk_target } = head.message;
  try {
    const content = ghostContent(source, head, chunks);
    return {
      image,
      uid,
      gid,
      mode,
      size: content.size,
      modifiedAt: seconds(mtim),
      accessedAt: seconds(atim),
      symlinkTarget: symlnk_target,
      source: content,
    };
  } catch (error) {
    const gap: Gap = gapOf(`content of deleted file ${id}`, error);
    images.gaps.push({ ...gap, place: { image, ...gap.place } });
    return undefined;
  }
}

function ghostContent(source: ByteSource, head: ImageEntry<typeof imageTypes.GHOST_FILE.message>, chunks: readonly ImageEntry<Message>[]): ByteSource {
  const [whole] = head.payload;
  if (whole !== undefined) return sliceSource(source, whole.offset, whole.offset + whole.length);
  const segments = chunks.map(({ message, payload }) => {
    const [part] = payload;
    const { off: offset } = fieldsOf(message);
    return {
      offset: typeof offset === 'bigint' ? Number(offset) : 0,
      source: sliceSource(source, part?.offset ?? 0, (part?.offset ?? 0) + (part?.length ?? 0)),
    };
  });
  const end = segments.reduce((furthest, { offset, source: { size } }) => Math.max(furthest, offset + size), 0);
  return sparseSource(Math.max(end, Number(head.message.size ?? 0n)), segments);
}

function seconds(time: { tv_sec: bigint; tv_usec: bigint } | undefined): number | undefined {
  return time === undefined ? undefined : Number(time.tv_sec) + Number(time.tv_usec) / 1e6;
}
