import { VaultError } from '@icecore/evidence';

/** Limits of S3 multipart uploads: S3 user guide, "Multipart upload limits". */
export const maxParts = 10_000;
export const minPartBytes = 5 * 2 ** 20;
export const maxObjectBytes = 5 * 2 ** 40;

/** A part of an object as the store tells it. */
export interface StoredUploadPart {
  readonly number: number;
  readonly bytes: number;
  readonly etag: string;
  /** CRC64NVME in base64; undefined where the store keeps none. */
  readonly crc64nvme: string | undefined;
}

/** Bytes of each part but the last, so that an object of this size has no more parts than S3 takes. */
export function partSize(key: string, objectBytes: number, wanted: number): number {
  if (objectBytes > maxObjectBytes) throw new VaultError('refused', key, `has ${objectBytes} bytes, and S3 holds at most ${maxObjectBytes}`);
  const mebibyte = 2 ** 20;
  return Math.max(wanted, minPartBytes, Math.ceil(objectBytes / maxParts / mebibyte) * mebibyte);
}

/** True where a part that is there already is surely the same bytes, by a checksum that the store made of what it holds. */
export function samePart(stored: StoredUploadPart, bytes: number, crc64nvme: string, md5: () => string): boolean {
  if (stored.bytes !== bytes) return false;
  if (stored.crc64nvme !== undefined) return stored.crc64nvme === crc64nvme;
  return isMd5Tag(stored.etag, md5());
}

/** True where an entity tag is the MD5 of the bytes, in hex, as it is of what no key of KMS encrypts. */
export function isMd5Tag(etag: string | undefined, md5: string): boolean {
  return etag?.replaceAll('"', '') === md5;
}

/** A checksum's hex digits as the base64 that S3 takes. */
export function base64OfHex(hexDigits: string): string {
  return Buffer.from(hexDigits, 'hex').toString('base64');
}
