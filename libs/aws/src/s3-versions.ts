import { HeadObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Lock, VaultObject } from '@icecore/evidence';
import type { S3Place } from './s3-place.ts';

/** The first version of an object: the evidence. Whatever came over it later, a marker of deletion too, is not. */
export interface FirstVersion {
  readonly key: string;
  readonly bytes: number;
  readonly storedAt: Date;
  readonly versionId: string | undefined;
  readonly etag: string | undefined;
}

/** First versions of the objects whose key begins with `prefix`, by ascending key. */
export async function* firstVersions({ client, bucket, root }: S3Place, prefix: string): AsyncGenerator<FirstVersion> {
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  let last: FirstVersion | undefined;
  while (marker !== undefined) {
    const page: { Versions?: ListedVersion[] | undefined; IsTruncated?: boolean | undefined; NextKeyMarker?: string | undefined; NextVersionIdMarker?: string | undefined } =
      await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: root + prefix, ...marker }));
    for (const listed of page.Versions ?? []) {
      const next = versionOf(root, listed);
      if (last !== undefined && last.key !== next.key) yield last;
      last = next;
    }
    marker = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  if (last !== undefined) yield last;
}

/** The first version of one object; undefined where there is none. */
export async function firstVersion(place: S3Place, key: string): Promise<FirstVersion | undefined> {
  for await (const each of firstVersions(place, key)) return each.key === key ? each : undefined;
  return undefined;
}

/** The object with its lock, which S3 tells one object at a time. */
export async function describeVersion({ client, bucket, root }: S3Place, found: FirstVersion): Promise<VaultObject> {
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: root + found.key, VersionId: found.versionId }));
  const lock: Lock | undefined = head.ObjectLockRetainUntilDate === undefined ? undefined : { retainUntil: head.ObjectLockRetainUntilDate, held: head.ObjectLockLegalHoldStatus === 'ON' };
  return { key: found.key, bytes: found.bytes, storedAt: found.storedAt, versionId: found.versionId, lock };
}

interface ListedVersion {
  readonly Key?: string | undefined;
  readonly Size?: number | undefined;
  readonly LastModified?: Date | undefined;
  readonly VersionId?: string | undefined;
  readonly ETag?: string | undefined;
}

function versionOf(root: string, { Key = '', Size = 0, LastModified = new Date(0), VersionId, ETag }: ListedVersion): FirstVersion {
  return { key: Key.slice(root.length), bytes: Size, storedAt: LastModified, versionId: VersionId, etag: ETag };
}
