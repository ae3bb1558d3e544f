import { type ByteSource, readPieces } from '@icecore/bytes';

/** What of a file goes into its header. */
export interface TarFile {
  /** In ASCII, at most 100 bytes: names of layouts and of icecore's own. */
  readonly path: string;
  readonly source: ByteSource;
}

const blockBytes = 512;

/** A tar (POSIX ustar) of files, of nobody's and of no time, so that the same files give the same bytes. */
export async function* writeTar(files: Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  for (const file of files) yield* tarFile(file);
  yield new Uint8Array(2 * blockBytes);
}

/** One file of a tar: its header, its content, and what fills its last block. */
export async function* tarFile({ path, source }: TarFile): AsyncGenerator<Uint8Array> {
  yield tarHeader(path, source.size);
  yield* readPieces(source);
  const rest = source.size % blockBytes;
  if (rest > 0) yield new Uint8Array(blockBytes - rest);
}

/** The header of a plain file. Sizes from 8 GiB on are written in base 256, as GNU tar does. */
export function tarHeader(path: string, size: number): Uint8Array {
  if (!/^[\x20-\x7e]{1,100}$/.test(path)) throw new RangeError(`${path} is no name for a plain tar`);
  const block = Buffer.alloc(blockBytes);
  block.write(path, 0, 'latin1');
  block.write('0000644\0', 100, 'latin1');
  block.write('0000000\0', 108, 'latin1');
  block.write('0000000\0', 116, 'latin1');
  writeSize(block, size);
  block.write('00000000000\0', 136, 'latin1');
  block.write('        0', 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

const maxOctalSize = 0o77777777777;

function writeSize(block: Buffer, size: number): void {
  if (size <= maxOctalSize) {
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    return;
  }
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
}
