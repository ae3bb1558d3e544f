import { constants, createZstdDecompress } from 'node:zlib';
import { type ByteSource, bytesToHex, DamageError } from '@icecore/bytes';
import { type ArchiveLimits } from '../limits.ts';
import { decodeCarefully } from './careful.ts';
import { Cursor } from './cursor.ts';
import { engineOptions, pump } from './engine.ts';
import { type Piece, type Pieces } from './pieces.ts';

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const reservedBlock = 3;
const rleBlock = 1;
const longestFrameHeader = 18;
const pieceTarget = 1 << 18;

/**
 * The expanded bytes of all frames of a zstd file (RFC 8878); skippable frames are passed over unread. zlib's
 * engine stops after one frame, so frames are found by their block headers and each gets an engine of its own.
 */
export async function* unzstd(source: ByteSource, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  const options = { ...engineOptions(source.size), params: { [constants.ZSTD_d_windowLogMax]: Math.floor(Math.log2(limits.maxWindowBytes)) } };
  const decode = (pieces: Pieces): AsyncGenerator<Uint8Array> => pump('zstd', createZstdDecompress(options), pieces);
  const cursor = new Cursor(source);
  for (let frames = 0; !cursor.atEnd; frames++) {
    const offset = cursor.offset;
    if (frames >= limits.maxFrameCount) throw new DamageError('limit', `more than ${limits.maxFrameCount} zstd frames`, { offset });
    const head = view(await cursor.peek(8));
    if (head.byteLength < 8) throw new DamageError('truncated', 'the zstd data ends inside a frame header', { offset });
    const magic = head.getUint32(0, true);
    if ((magic & 0xfffffff0) === skippableMagic) {
      if (cursor.offset + 8 + head.getUint32(4, true) > source.size) {
        throw new DamageError('truncated', 'the zstd data ends inside a skippable frame', { offset: source.size });
      }
      cursor.skip(8 + head.getUint32(4, true));
    } else if (magic === frameMagic) {
      yield* decodeCarefully(decode, source, framePieces(cursor), offset);
    } else {
      const found = bytesToHex(new Uint8Array(head.buffer, head.byteOffset, 4));
      throw new DamageError('malformed', `no zstd frame begins with 0x${found}`, { offset });
    }
  }
}

/** One frame, cut where blocks end; leaves the cursor after it. */
async function* framePieces(cursor: Cursor): AsyncGenerator<Piece> {
  const descriptor = (await cursor.peek(longestFrameHeader))[4] ?? 0;
  const checksum = (descriptor & 4) === 0 ? 0 : 4;
  let length = headerLength(descriptor);
  for (let last = false; !last; ) {
    const bytes = await cursor.peek(length + 3);
    if (bytes.length < length + 3) return yield* cut(cursor, bytes);
    const header = (bytes[length] ?? 0) | ((bytes[length + 1] ?? 0) << 8) | ((bytes[length + 2] ?? 0) << 16);
    const type = (header >> 1) & 3;
    if (type === reservedBlock) {
      yield taken(cursor, bytes, length);
      throw new DamageError('malformed', 'the zstd frame holds a block of a reserved type', { offset: cursor.offset });
    }
    last = (header & 1) === 1;
    length += 3 + (type === rleBlock ? 1 : header >>> 3) + (last ? checksum : 0);
    if (!last && length < pieceTarget) continue;
    const whole = await cursor.peek(length);
    if (whole.length < length) return yield* cut(cursor, whole);
    yield taken(cursor, whole, length);
    length = 0;
  }
}

/** What is left of a frame whose end is missing, and then the damage. */
async function* cut(cursor: Cursor, rest: Uint8Array): AsyncGenerator<Piece> {
  if (rest.length > 0) yield taken(cursor, rest, rest.length);
  throw new DamageError('truncated', 'the zstd data ends inside a frame', { offset: cursor.source.size });
}

function taken(cursor: Cursor, bytes: Uint8Array, length: number): Piece {
  const piece = { offset: cursor.offset, bytes: bytes.subarray(0, length) };
  cursor.skip(length);
  return piece;
}

/** Bytes of magic and frame header by the frame header descriptor, RFC 8878 3.1.1.1. */
function headerLength(descriptor: number): number {
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return 4 + 1 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length));
}
