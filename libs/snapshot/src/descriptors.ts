import { imageTypes } from '@icecore/criu';
import { describeFile, type FileContext, type FileDescription } from './file-description.ts';
import type { ImageReader } from './image-reader.ts';

/** A file descriptor of a process. */
export interface Descriptor {
  readonly fd: number;
  readonly fileId: number;
  readonly closeOnExec: boolean;
  readonly file: FileDescription;
}

/** The descriptors of a table of open files, in ascending order; several processes may share a table. */
export async function descriptorsOf(tableId: number, pid: number, context: FileContext & { readonly images: ImageReader }): Promise<Descriptor[]> {
  const image = `fdinfo-${tableId}.img`;
  const entries = await context.images.read(image, imageTypes.FDINFO, `open files of process ${pid}`);
  return entries
    .map(({ message }) => ({
      fd: message.fd,
      fileId: message.id,
      closeOnExec: (message.flags & 1) !== 0,
      file: describeFile(message.id, context) ?? unknownFile(message.id, String(message.type)),
    }))
    .sort((a, b) => a.fd - b.fd);
}

function unknownFile(id: number, type: string): FileDescription {
  return {
    id,
    type,
    name: `unknown file ${id}`,
    deleted: false,
    flags: undefined,
    position: undefined,
    size: undefined,
    mode: undefined,
    buildId: undefined,
    mountId: undefined,
  };
}
