import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type ListObjectsV2CommandOutput, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { LakeError, type LakeStore, requireLakePath } from '@icecore/lake';
import { answerOf, asking, vaultErrorOf } from './s3-errors.ts';
import { s3Source } from './s3-source.ts';

export interface S3LakeOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Folder of the bucket in which the lake is; the whole bucket where it is not given. */
  readonly prefix?: string;
}

/**
 * A lake in a bucket. S3 shows an object whole or not at all, so a reader never sees half a part. Rejects with a `VaultError` where the
 * store does not answer or refuses.
 */
export function s3LakeStore({ client, bucket, prefix = '' }: S3LakeOptions): LakeStore {
  const root = prefix === '' ? '' : `${requireLakePath(prefix)}/`;
  return {
    async writePart(path, bytes) {
      const Key = root + requireLakePath(path);
      await asking(path, () => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes, ContentLength: bytes.length })));
    },
    async removePart(path, sha256) {
      const Key = root + requireLakePath(path);
      const found = await hashOf(client, bucket, Key);
      if (found?.sha256 !== sha256) return false;
      // Where it was written anew meanwhile the tag is another, and it stays.
      return asking(path, async () => {
        try {
          await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, IfMatch: found.etag }));
          return true;
        } catch (error) {
          if (answerOf(error).status === 412 || answerOf(error).status === 404) return false;
          throw error;
        }
      });
    },
    async *list(below) {
      let token: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await asking(below, () => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: root + below, ContinuationToken: token })));
        for (const { Key, Size } of page.Contents ?? []) {
          if (Key !== undefined && Size !== undefined) yield { path: Key.slice(root.length), size: Size };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    async open(path) {
      const key = root + requireLakePath(path);
      try {
        const { ContentLength, ETag, VersionId } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return s3Source(client, bucket, key, { size: ContentLength ?? 0, versionId: VersionId, etag: ETag });
      } catch (error) {
        if (answerOf(error).status === 404) throw new LakeError('missing', `the lake has no file ${path}`, { cause: error });
        throw vaultErrorOf(path, error);
      }
    },
  };
}

/** Hash and tag of an object; undefined where there is none. */
async function hashOf(client: S3Client, bucket: string, key: string): Promise<{ readonly sha256: string; readonly etag: string | undefined } | undefined> {
  return asking(key, async () => {
    try {
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const bytes = Body === undefined ? new Uint8Array(0) : await Body.transformToByteArray();
      return { sha256: createHash('sha256').update(bytes).digest('hex'), etag: ETag };
    } catch (error) {
      if (answerOf(error).status === 404) return undefined;
      throw error;
    }
  });
}
