import { CompleteMultipartUploadCommand, type CompletedPart } from '@aws-sdk/client-s3';
import type { ByteSource } from '@icecore/bytes';
import { type Fingerprint, type Lock, type PutOptions, rememberedUpload, rememberUpload, requireExpected, type StoredObject, VaultError } from '@icecore/evidence';
import { base64OfHex, type StoredUploadPart } from './parts.ts';
import { answerOf, vaultErrorOf } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { landing, lockAsAsked, looking, requireFree, settle, type Written } from './s3-put.ts';
import { abortUpload, beginUpload, storedParts, uploadsOf } from './s3-uploads.ts';
import { sendParts } from './send-parts.ts';

/** How long after it was completed a store is sure not to have thrown an upload away: a rule does that after seven days. */
const keptMs = 6 * 86_400_000;

/** An upload that parts are sent to. */
interface Upload {
  readonly uploadId: string;
  readonly stored: ReadonlyMap<number, StoredUploadPart>;
  /** When its writer asked before to make the object, and does not know what came of it. */
  readonly completingAt: Date | undefined;
}

/** Stores an object in parts; takes up an upload that was broken off. */
export async function putLarge(place: S3Place, key: string, source: ByteSource, options: PutOptions): Promise<StoredObject> {
  const upload = await takeUpOrBegin(place, key, options.lock);
  const { uploadId, stored } = upload;
  const { parts, found, received } = await sendParts(place, { key, uploadId, source, stored, signal: options.signal, onProgress: options.onProgress });
  let written: Written;
  try {
    requireExpected(key, found, options.expected);
    await requireFree(place, key);
    written = await complete(place, key, upload, { parts, found, received });
  } catch (error) {
    const seen = vaultErrorOf(key, error);
    if (seen instanceof VaultError && (seen.code === 'exists' || seen.code === 'mismatch')) await giveUp(place, key, uploadId);
    throw seen;
  }
  await lockAsAsked(place, key, written.versionId, options.lock);
  for (const other of (await looking(place, () => uploadsOf(place, key))) ?? []) await abortUpload(place, other);
  return settle(place, key, found, written);
}

async function takeUpOrBegin(place: S3Place, key: string, lock: Lock): Promise<Upload> {
  const { journal } = place;
  if (journal !== undefined) {
    const left = await rememberedUpload(journal, key);
    if (left !== undefined) {
      const parts = left.parts.map(({ part, bytes, etag, crc64nvme }) => [part, { number: part, bytes, etag, crc64nvme: crc64nvme ?? undefined }] as const);
      return { uploadId: left.uploadId, stored: new Map(parts), completingAt: left.completingAt };
    }
    const uploadId = await beginUpload(place, key, lock);
    await rememberUpload(journal, key, { begun: uploadId });
    return { uploadId, stored: new Map(), completingAt: undefined };
  }
  const [left] = (await looking(place, () => uploadsOf(place, key))) ?? [];
  if (left === undefined) return { uploadId: await beginUpload(place, key, lock), stored: new Map(), completingAt: undefined };
  return { uploadId: left.uploadId, stored: (await looking(place, () => storedParts(place, key, left.uploadId))) ?? new Map(), completingAt: undefined };
}

interface Sent {
  readonly parts: CompletedPart[];
  readonly found: Fingerprint;
  readonly received: boolean;
}

async function complete(place: S3Place, key: string, upload: Upload, { parts, found, received }: Sent): Promise<Written> {
  const checksum = base64OfHex(found.crc64nvme);
  const command = new CompleteMultipartUploadCommand({ Bucket: place.bucket, Key: place.root + key, UploadId: upload.uploadId, MultipartUpload: { Parts: parts }, IfNoneMatch: '*', ChecksumCRC64NVME: checksum, ChecksumType: 'FULL_OBJECT', MpuObjectSize: found.bytes });
  if (place.journal !== undefined) await rememberUpload(place.journal, key, { completingAt: new Date().toISOString() });
  try {
    return await landing(place, key, found, async () => {
      const { VersionId, ChecksumCRC64NVME } = await place.client.send(command);
      return { versionId: VersionId, checked: ChecksumCRC64NVME === checksum, received };
    });
  } catch (error) {
    if (await endedBefore(place, key, upload, error)) return { versionId: undefined, checked: false, received };
    throw error;
  }
}

/**
 * True where the object was made of these parts by a request whose answer was lost: it was sent before, and the upload is
 * gone. Nothing but its end takes an upload away so soon. One that is still there is given up: another's object has the key.
 */
async function endedBefore(place: S3Place, key: string, { uploadId, completingAt }: Upload, error: unknown): Promise<boolean> {
  if (place.journal === undefined) return false;
  const sentBefore = answerOf(error).attempts > 1 || (completingAt !== undefined && Date.now() - completingAt.getTime() < keptMs);
  const seen = vaultErrorOf(key, error);
  if (!sentBefore || !(seen instanceof VaultError)) return false;
  return seen.code === 'incomplete' || (seen.code === 'exists' && (await abortUpload(place, { key, uploadId })) === 'gone');
}

async function giveUp(place: S3Place, key: string, uploadId: string): Promise<void> {
  await abortUpload(place, { key, uploadId });
  await place.journal?.forget(`${key}~upload`);
}
