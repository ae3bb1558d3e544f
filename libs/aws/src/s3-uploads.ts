import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type { Lock } from '@icecore/evidence';
import type { StoredUploadPart } from './parts.ts';
import type { S3Place } from './s3-place.ts';

/** An upload that began and did not end. */
export interface OpenUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAt: Date;
}

/** How a lock is told to S3 when an object is made. Without a hold nothing is said of holds, so that a writer needs no right to release any. */
export function lockHeaders({ retainUntil, held }: Lock): { ObjectLockMode: 'COMPLIANCE'; ObjectLockRetainUntilDate: Date; ObjectLockLegalHoldStatus?: 'ON' } {
  return { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: retainUntil, ...(held ? { ObjectLockLegalHoldStatus: 'ON' } : {}) };
}

export function encryption({ kmsKeyId }: S3Place): { ServerSideEncryption?: 'aws:kms'; SSEKMSKeyId?: string } {
  return kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
}

export async function* openUploads({ client, bucket, root }: S3Place, prefix: string): AsyncGenerator<OpenUpload> {
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: { Uploads?: { Key?: string | undefined; UploadId?: string | undefined; Initiated?: Date | undefined }[] | undefined; IsTruncated?: boolean | undefined; NextKeyMarker?: string | undefined; NextUploadIdMarker?: string | undefined } =
      await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: root + prefix, ...marker }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== undefined && UploadId !== undefined) yield { key: Key.slice(root.length), uploadId: UploadId, startedAt: Initiated ?? new Date(0) };
    }
    marker = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}

/** The uploads of one object, the newest first. */
export async function uploadsOf(place: S3Place, key: string): Promise<OpenUpload[]> {
  const found: OpenUpload[] = [];
  for await (const upload of openUploads(place, key)) if (upload.key === key) found.push(upload);
  return found.sort((left, right) => right.startedAt.getTime() - left.startedAt.getTime());
}

export async function beginUpload(place: S3Place, key: string, lock: Lock): Promise<string> {
  const { UploadId } = await place.client.send(
    new CreateMultipartUploadCommand({ Bucket: place.bucket, Key: place.root + key, ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT', ...lockHeaders(lock), ...encryption(place) }),
  );
  if (UploadId === undefined) throw new Error('the store began an upload and gave it no name');
  return UploadId;
}

export async function storedParts({ client, bucket, root }: S3Place, key: string, uploadId: string): Promise<Map<number, StoredUploadPart>> {
  const parts = new Map<number, StoredUploadPart>();
  let marker: string | undefined;
  do {
    const page: { Parts?: { PartNumber?: number | undefined; Size?: number | undefined; ETag?: string | undefined; ChecksumCRC64NVME?: string | undefined }[] | undefined; IsTruncated?: boolean | undefined; NextPartNumberMarker?: string | undefined } =
      await client.send(new ListPartsCommand({ Bucket: bucket, Key: root + key, UploadId: uploadId, PartNumberMarker: marker }));
    for (const { PartNumber, Size, ETag, ChecksumCRC64NVME } of page.Parts ?? []) {
      if (PartNumber !== undefined) parts.set(PartNumber, { number: PartNumber, bytes: Size ?? 0, etag: ETag ?? '', crc64nvme: ChecksumCRC64NVME });
    }
    marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
  } while (marker !== undefined);
  return parts;
}

/** Gives an upload up. One that is gone already is no error, and told. */
export async function abortUpload({ client, bucket, root }: S3Place, { key, uploadId }: Pick<OpenUpload, 'key' | 'uploadId'>): Promise<'aborted' | 'gone'> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: root + key, UploadId: uploadId }));
    return 'aborted';
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NoSuchUpload')) throw error;
    return 'gone';
  }
}
