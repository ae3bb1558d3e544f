import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * Largest page that is stored as it is, within a frame. Most pages of a small part are a few bytes, for which setting up a
 * compressor takes longer than all else and saves nothing.
 */
const maxRawBytes = 128;

/** Zstandard's magic number, and the descriptor of a frame of one segment whose size is one byte (RFC 8878, 3.1.1). */
const frameStart = [0x28, 0xb5, 0x2f, 0xfd, 0x20] as const;
/** Frame start, size, and the header of the one block. */
const headerBytes = frameStart.length + 1 + 3;

/** A page as a frame of Zstandard. The same page gives the same frame. */
export function compressPage(bytes: Uint8Array): Uint8Array {
  if (bytes.length > maxRawBytes) return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  const frame = new Uint8Array(headerBytes + bytes.length);
  frame.set(frameStart);
  frame[frameStart.length] = bytes.length;
  // A block: whether it is the last in bit 0, its kind (0, raw) in the next two, its size above (RFC 8878, 3.1.1.2).
  const block = 1 | (bytes.length << 3);
  frame[headerBytes - 3] = block & 0xff;
  frame[headerBytes - 2] = block >> 8;
  frame.set(bytes, headerBytes);
  return frame;
}

/** The page in a frame. `size` is what it must have; throws where the frame is damaged or holds more. */
export function expandPage(frame: Uint8Array, size: number): Uint8Array {
  return isRaw(frame, size) ? frame.subarray(headerBytes) : zstdDecompressSync(frame, { maxOutputLength: Math.max(1, size) });
}

/** True for a frame that `compressPage` made without compressing. */
function isRaw(frame: Uint8Array, size: number): boolean {
  return size <= maxRawBytes && frame.length === headerBytes + size && frameStart.every((byte, at) => frame[at] === byte) && frame[headerBytes - 3] === (1 | ((size << 3) & 0xff)) && frame[frameStart.length] === size;
}
