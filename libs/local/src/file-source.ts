import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type ByteSource, DamageError, outside } from '@icecore/bytes';
import { systemCode } from './system-error.ts';

/** A file as a source, with what was read from it so far. */
export interface FileSource extends ByteSource {
  /** Calls to the operating system. */
  readonly reads: number;
  /** Bytes that these gave. */
  readonly bytesRead: number;
  readInto(target: Uint8Array, start: number): Promise<void>;
  /** Closes the file; reads after it reject. Closing twice does no harm. */
  close(): Promise<void>;
}

/**
 * A regular file as a source. Its size is the size at opening: bytes that are added later are not seen, and where
 * bytes are taken away a read rejects with a `DamageError` (`truncated`). Rejects with a `DamageError` where the
 * path leads to nothing (`missing`) or to something else than a regular file (`unsupported`).
 */
export async function fileSource(path: string): Promise<FileSource> {
  return descriptorSource(openRegular(path), path);
}

/**
 * A descriptor as a source, closed with it. `path` is only for messages. Reads are synchronous: what is read is
 * mostly in the page cache, and a round trip through the thread pool costs more than the copy.
 */
export function descriptorSource(descriptor: number, path: string): FileSource {
  const { size } = fstatSync(descriptor);
  let reads = 0;
  let bytesRead = 0;
  let open = true;
  const fill = (target: Uint8Array, start: number): void => {
    const refusal = outside(size, start, start + target.length);
    if (refusal !== undefined) throw refusal;
    if (!open) throw new Error(`${path}: read after it was closed`);
    for (let filled = 0; filled < target.length; ) {
      const count = readSync(descriptor, target, filled, target.length - filled, start + filled);
      reads += 1;
      bytesRead += count;
      if (count === 0) throw new DamageError('truncated', `ends before its size of ${size} bytes`, { entry: path, offset: start + filled });
      filled += count;
    }
  };
  return {
    size,
    get reads() {
      return reads;
    },
    get bytesRead() {
      return bytesRead;
    },
    async read(start, end) {
      const refusal = outside(size, start, end);
      if (refusal !== undefined) throw refusal;
      // Every byte is written before it is seen: `fill` throws where it cannot.
      const target = Buffer.allocUnsafeSlow(end - start);
      fill(target, start);
      return target;
    },
    async readInto(target, start) {
      fill(target, start);
    },
    async close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

function openRegular(path: string): number {
  const descriptor = openDescriptor(path);
  try {
    const kind = kindOf(fstatSync(descriptor));
    if (kind !== 'regular file') throw new DamageError('unsupported', `is a ${kind}, not a regular file`, { entry: path });
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openDescriptor(path: string): number {
  try {
    // O_NONBLOCK, so that a FIFO without a writer is refused rather than waited for.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') throw new DamageError('missing', 'no such file', { entry: path }, { cause: error });
    if (code === 'ENXIO') throw new DamageError('unsupported', 'is a socket or a device, not a regular file', { entry: path }, { cause: error });
    throw error;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'regular file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'FIFO';
  if (stats.isBlockDevice()) return 'block device';
  return stats.isCharacterDevice() ? 'character device' : 'special file';
}
