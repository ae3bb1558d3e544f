import { createHash } from 'node:crypto';
import { type CompletedPart, UploadPartCommand, type UploadPartCommandOutput } from '@aws-sdk/client-s3';
import { type ByteSource, readInto } from '@icecore/bytes';
import { crc64Nvme, rememberUpload, VaultError } from '@icecore/evidence';
import { base64OfHex, samePart, type StoredUploadPart } from './parts.ts';
import { isMismatch } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { unsignedBody } from './unsigned-body.ts';

const pieceBytes = 1 << 20;
/** How often in all the same bytes are sent where the store got others. */
const maxSends = 3;

/** An upload whose parts are sent. */
export interface Sending {
  readonly key: string;
  readonly uploadId: string;
  readonly source: ByteSource;
  /** What the upload holds already. */
  readonly stored: ReadonlyMap<number, StoredUploadPart>;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((doneBytes: number) => void) | undefined;
}

/** Sends what the store refuses because it got other bytes again, a few times. */
export async function sendAgain<T>(send: () => Promise<T>): Promise<T> {
  for (let sends = 1; ; sends += 1) {
    try {
      return await send();
    } catch (error) {
      if (sends >= maxSends || !isMismatch(error)) throw error;
    }
  }
}

/** A part in memory. */
export interface Part {
  readonly number: number;
  /** Where in the object it begins. */
  readonly start: number;
  readonly bytes: Uint8Array;
  /** CRC64NVME, 16 hex digits. */
  readonly crc: string;
}

/** A part that the store has. `received` is true where by a checksum of its own it got what was sent. */
export interface SentPart {
  readonly completed: CompletedPart;
  readonly received: boolean;
}

/** Fills a part from the source, and gives the CRC64NVME of what was read. */
export async function readPart(source: ByteSource, start: number, bytes: Uint8Array, onPiece: (piece: Uint8Array, end: number) => void = () => undefined): Promise<string> {
  const crc = crc64Nvme();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, Math.min(bytes.length, at + pieceBytes));
    await readInto(source, piece, start + at);
    crc.update(piece);
    onPiece(piece, start + at + piece.length);
  }
  return crc.digest();
}

/**
 * Sends a part that the upload does not have. One of which the store got other bytes is read anew and sent again, a few times:
 * a bit that was turned on its way is no reason to give evidence up.
 */
export async function sendPart(place: S3Place, sending: Sending, part: Part): Promise<SentPart> {
  const { key, source, stored } = sending;
  const { number, start, bytes, crc } = part;
  const there = stored.get(number);
  if (there !== undefined && samePart(there, bytes.length, base64OfHex(crc), md5Of(bytes))) {
    return { completed: { PartNumber: number, ETag: there.etag, ...(there.crc64nvme === undefined ? {} : { ChecksumCRC64NVME: base64OfHex(crc) }) }, received: true };
  }
  for (let sends = 1; ; sends += 1) {
    const sent = await sendOnce(place, sending, part);
    if (sent.other === undefined) return keep(place, key, part, sent);
    if (sends >= maxSends) throw sent.other;
    if ((await readPart(source, start, bytes)) !== crc) throw new VaultError('mismatch', key, `part ${number} was read again from its source, and is not what it was`);
  }
}

/** What came of sending a part once. */
interface Sent {
  readonly etag?: string | undefined;
  /** As the store told it, in base64. */
  readonly checksum?: string | undefined;
  readonly received: boolean;
  /** Thrown where the store got other bytes in the end. */
  readonly other?: unknown;
}

async function sendOnce({ client, bucket, root }: S3Place, { key, uploadId, signal }: Sending, { number, bytes, crc }: Part): Promise<Sent> {
  const command = new UploadPartCommand({ Bucket: bucket, Key: root + key, UploadId: uploadId, PartNumber: number, Body: bytes, ContentLength: bytes.length, ChecksumCRC64NVME: base64OfHex(crc) });
  unsignedBody(command);
  try {
    const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
    const [told, own] = toldOf(answer, base64OfHex(crc), md5Of(bytes));
    const other = told === own || told === undefined ? {} : { other: new VaultError('mismatch', key, `the store says ${told} of part ${number}, and ${own} was sent`) };
    return { etag: answer.ETag, checksum: answer.ChecksumCRC64NVME, received: told === own, ...other };
  } catch (error) {
    if (!isMismatch(error)) throw error;
    return { received: false, other: error };
  }
}

/**
 * What the store tells of the bytes that it got, and what it would tell of those that were sent. A store that tells no checksum
 * tells an MD5, unless a key encrypts what it keeps or its tags are of a kind of its own: then undefined.
 */
function toldOf({ ChecksumCRC64NVME, ETag, SSEKMSKeyId, SSECustomerAlgorithm }: UploadPartCommandOutput, crc: string, md5: () => string): readonly [told: string | undefined, own: string] {
  if (ChecksumCRC64NVME !== undefined) return [ChecksumCRC64NVME, crc];
  const tag = ETag?.replaceAll('"', '') ?? '';
  return SSEKMSKeyId === undefined && SSECustomerAlgorithm === undefined && /^[0-9a-f]{32}$/.test(tag) ? [tag, md5()] : [undefined, crc];
}

async function keep({ journal }: S3Place, key: string, { number, bytes, crc }: Part, { etag, checksum, received }: Sent): Promise<SentPart> {
  if (journal !== undefined) await rememberUpload(journal, key, { part: number, bytes: bytes.length, etag: etag ?? '', crc64nvme: checksum ?? null });
  return { completed: { PartNumber: number, ETag: etag, ChecksumCRC64NVME: base64OfHex(crc) }, received };
}

function md5Of(bytes: Uint8Array): () => string {
  return () => createHash('md5').update(bytes).digest('hex');
}
