import { CompleteMultipartUploadCommand, HeadObjectCommand, PutObjectCommand, PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { type ByteSource, memorySource, readPieces } from '@icecore/bytes';
import { fingerprint, type Fingerprint, type Lock, type PutOptions, requireExpected, type StoredObject, VaultError } from '@icecore/evidence';
import { base64OfHex } from './parts.ts';
import { answerOf, ifAllowed, vaultErrorOf } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { s3Source } from './s3-source.ts';
import { abortUpload, beginUpload, encryption, lockHeaders, uploadsOf, storedParts } from './s3-uploads.ts';
import { firstVersion } from './s3-versions.ts';
import { sendParts } from './send-parts.ts';

/** What the store said when it had the object whole. */
interface Written {
  readonly versionId: string | undefined;
  /** True where the store itself compared the checksum of the whole object. */
  readonly checked: boolean;
}

/** Stores an object that fits into one part with one request. */
export async function putSmall(place: S3Place, key: string, source: ByteSource, options: PutOptions): Promise<StoredObject> {
  const bytes = new Uint8Array(source.size);
  let done = 0;
  for await (const piece of readPieces(source)) {
    options.signal?.throwIfAborted();
    bytes.set(piece, done);
    done += piece.length;
    options.onProgress?.(done);
  }
  options.signal?.throwIfAborted();
  const found = await fingerprint(memorySource(bytes));
  requireExpected(key, found, options.expected);
  const checksum = base64OfHex(found.crc64nvme);
  const command = new PutObjectCommand({ Bucket: place.bucket, Key: place.root + key, Body: bytes, ContentLength: bytes.length, IfNoneMatch: '*', ChecksumCRC64NVME: checksum, ...lockHeaders(options.lock), ...encryption(place) });
  const written = await landing(place, key, found, async () => {
    const { VersionId, ChecksumCRC64NVME } = await place.client.send(command);
    return { versionId: VersionId, checked: ChecksumCRC64NVME === checksum };
  });
  return settle(place, key, found, written);
}

/** Stores an object in parts; takes up an upload that was broken off. */
export async function putLarge(place: S3Place, key: string, source: ByteSource, options: PutOptions): Promise<StoredObject> {
  const [left] = (await ifAllowed(() => uploadsOf(place, key))) ?? [];
  const uploadId = left?.uploadId ?? (await beginUpload(place, key, options.lock));
  const stored = (left === undefined ? undefined : await ifAllowed(() => storedParts(place, key, uploadId))) ?? new Map();
  const { parts, found } = await sendParts(place, { key, uploadId, source, stored, signal: options.signal, onProgress: options.onProgress });
  const checksum = base64OfHex(found.crc64nvme);
  const command = new CompleteMultipartUploadCommand({ Bucket: place.bucket, Key: place.root + key, UploadId: uploadId, MultipartUpload: { Parts: parts }, IfNoneMatch: '*', ChecksumCRC64NVME: checksum, ChecksumType: 'FULL_OBJECT', MpuObjectSize: source.size });
  let written: Written;
  try {
    requireExpected(key, found, options.expected);
    await requireFree(place, key);
    written = await landing(place, key, found, async () => {
      const { VersionId, ChecksumCRC64NVME } = await place.client.send(command);
      return { versionId: VersionId, checked: ChecksumCRC64NVME === checksum };
    });
  } catch (error) {
    const seen = vaultErrorOf(key, error);
    if (seen instanceof VaultError && (seen.code === 'exists' || seen.code === 'mismatch')) await abortUpload(place, { key, uploadId });
    throw seen;
  }
  await lockAsAsked(place, key, { versionId: written.versionId, takenUp: left !== undefined }, options.lock);
  for (const other of (await ifAllowed(() => uploadsOf(place, key))) ?? []) await abortUpload(place, other);
  return settle(place, key, found, written);
}

/** Refuses a key that is taken, where the caller may look. */
export async function requireFree(place: S3Place, key: string): Promise<void> {
  if ((await ifAllowed(() => firstVersion(place, key))) !== undefined) throw new VaultError('exists', key, 'is in the vault already');
}

/** A request that was sent again after its answer was lost may find its own object there: that is a success. */
async function landing(place: S3Place, key: string, found: Fingerprint, send: () => Promise<Written>): Promise<Written> {
  try {
    return await send();
  } catch (error) {
    const { attempts } = answerOf(error);
    if (attempts < 2) throw error;
    const there = await ifAllowed(() => firstVersion(place, key));
    if (there === undefined || there.bytes !== found.bytes) throw error;
    return { versionId: there.versionId, checked: false };
  }
}

/** Makes sure that what the vault shows under the key is what was sent, byte for byte where the store did not check it. */
async function settle(place: S3Place, key: string, found: Fingerprint, { versionId, checked }: Written): Promise<StoredObject> {
  const first = await ifAllowed(() => firstVersion(place, key));
  if (first !== undefined && versionId !== undefined && first.versionId !== versionId) throw new VaultError('exists', key, 'another one stored it meanwhile');
  if (!checked) {
    const source = s3Source(place.client, place.bucket, place.root + key, { size: first?.bytes ?? found.bytes, versionId });
    const there = await ifAllowed(() => fingerprint(source));
    if (there === undefined) throw new VaultError('unavailable', key, 'is stored, and the store neither checked it nor lets it be read back');
    requireExpected(key, there, found);
  }
  return { key, ...found, versionId };
}

/**
 * Makes sure that the lock of an upload is the one that is asked for now. One that was taken up has the lock it began with;
 * and not every store takes the lock over from the upload to the object. Never moves it to earlier.
 */
async function lockAsAsked({ client, bucket, root }: S3Place, key: string, { versionId, takenUp }: { readonly versionId: string | undefined; readonly takenUp: boolean }, { retainUntil, held }: Lock): Promise<void> {
  const object = { Bucket: bucket, Key: root + key, VersionId: versionId };
  const there = await ifAllowed(() => client.send(new HeadObjectCommand(object)));
  // Who may not look has S3's word that the object is locked as its upload was.
  if (there === undefined && !takenUp) return;
  const kept = there?.ObjectLockRetainUntilDate;
  if (kept === undefined || kept.getTime() < retainUntil.getTime()) {
    await client.send(new PutObjectRetentionCommand({ ...object, Retention: { Mode: 'COMPLIANCE', RetainUntilDate: retainUntil } }));
  }
  if (held !== (there?.ObjectLockLegalHoldStatus === 'ON')) await client.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: held ? 'ON' : 'OFF' } }));
}
