import { createHash } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand, PutObjectLegalHoldCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { type ByteSource, memorySource, readPieces } from '@icecore/bytes';
import { fingerprint, type Fingerprint, type Lock, type PutOptions, requireExpected, type StoredObject, VaultError } from '@icecore/evidence';
import { base64OfHex, isMd5Tag } from './parts.ts';
import { readBack } from './read-back.ts';
import { answerOf, ifAllowed } from './s3-errors.ts';
import type { S3Place } from './s3-place.ts';
import { encryption, lockHeaders } from './s3-uploads.ts';
import { firstVersion } from './s3-versions.ts';
import { sendAgain } from './send-part.ts';

/** What the store said when it had the object whole. */
export interface Written {
  readonly versionId: string | undefined;
  /** True where the store itself compared the checksum of the whole object. */
  readonly checked: boolean;
  /** True where by checksums of its own the store got the bytes that were sent. */
  readonly received: boolean;
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
    const { VersionId, ChecksumCRC64NVME, ETag } = await sendAgain(() => place.client.send(command));
    const checked = ChecksumCRC64NVME === checksum;
    return { versionId: VersionId, checked, received: checked || isMd5Tag(ETag, createHash('md5').update(bytes).digest('hex')) };
  });
  return settle(place, key, found, written);
}

/** What the step found, where the caller may look. */
export async function looking<T>({ journal }: S3Place, step: () => Promise<T>): Promise<T | undefined> {
  return journal === undefined ? ifAllowed(step) : undefined;
}

/** Refuses a key that is taken, where the caller may look. */
export async function requireFree(place: S3Place, key: string): Promise<void> {
  if ((await looking(place, () => firstVersion(place, key))) !== undefined) throw new VaultError('exists', key, 'is in the vault already');
}

/** A request that was sent again after its answer was lost may find its own object there: that is a success. */
export async function landing(place: S3Place, key: string, found: Fingerprint, send: () => Promise<Written>): Promise<Written> {
  try {
    return await send();
  } catch (error) {
    const { attempts } = answerOf(error);
    if (attempts < 2) throw error;
    const there = await looking(place, () => firstVersion(place, key));
    if (there === undefined || there.bytes !== found.bytes) throw error;
    return { versionId: there.versionId, checked: false, received: false };
  }
}

/**
 * Makes sure that what the vault shows under the key is what was sent: where the store did not check it as a whole, by reading
 * it back, byte for byte; for a writer who may not read, by the checksums that the store made of what it got.
 */
export async function settle(place: S3Place, key: string, found: Fingerprint, { versionId, checked, received }: Written): Promise<StoredObject> {
  const first = await looking(place, () => firstVersion(place, key));
  if (first !== undefined && versionId !== undefined && first.versionId !== versionId) throw new VaultError('exists', key, 'another one stored it meanwhile');
  if (!checked) {
    const there = await looking(place, () => readBack(place, key, versionId ?? first?.versionId));
    if (there !== undefined) requireExpected(key, there, found);
    else if (!received) throw new VaultError('unavailable', key, 'is stored, and the store neither checked it nor lets it be read back');
  }
  return { key, ...found, versionId };
}

/**
 * Makes sure that the lock of an upload is the one that is asked for now. One that was taken up has the lock it began with;
 * and not every store takes the lock over from the upload to the object. Never moves it to earlier. Who may not look sets the
 * lock again, which changes nothing where it is there.
 */
export async function lockAsAsked(place: S3Place, key: string, versionId: string | undefined, { retainUntil, held }: Lock): Promise<void> {
  const { client, bucket, root } = place;
  const object = { Bucket: bucket, Key: root + key, VersionId: versionId };
  const there = await looking(place, () => client.send(new HeadObjectCommand(object)));
  const kept = there?.ObjectLockRetainUntilDate;
  if (kept === undefined || kept.getTime() < retainUntil.getTime()) {
    await client.send(new PutObjectRetentionCommand({ ...object, Retention: { Mode: 'COMPLIANCE', RetainUntilDate: retainUntil } }));
  }
  if (held !== (there?.ObjectLockLegalHoldStatus === 'ON')) await client.send(new PutObjectLegalHoldCommand({ ...object, LegalHold: { Status: held ? 'ON' : 'OFF' } }));
}
