import { type ByteSource } from '@icecore/bytes';

/** A run of compressed bytes on its way into a decoder. */
export interface Piece {
  /** Offset in the compressed file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type Pieces = AsyncIterable<Piece>;

export const pieceBytes = 1 << 20;

/** The bytes [start, end) of a source in order. */
export async function* piecesOf(source: ByteSource, start: number, end: number, size = pieceBytes): AsyncGenerator<Piece> {
  for (let offset = start; offset < end; offset += size) {
    yield { offset, bytes: await source.read(offset, Math.min(end, offset + size)) };
  }
}

/** The same bytes, the part [from, to) in crumbs of `crumb` bytes. */
export async function* crumbled(source: ByteSource, start: number, from: number, to: number, crumb: number): AsyncGenerator<Piece> {
  yield* piecesOf(source, start, from);
  for await (const { offset, bytes } of piecesOf(source, from, to)) {
    for (let at = 0; at < bytes.length; at += crumb) {
      yield { offset: offset + at, bytes: bytes.subarray(at, at + crumb) };
    }
  }
}
