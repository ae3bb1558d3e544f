import type { S3Client } from '@aws-sdk/client-s3';
import { type PutJournal, requireVaultKey } from '@icecore/evidence';
import { minPartBytes } from './parts.ts';

/** The bucket and folder in which a vault is, and how it writes there. */
export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** Empty, or the folder with a slash at its end. */
  readonly root: string;
  /** Key of KMS that encrypts what is written; the bucket's default where it is not given. */
  readonly kmsKeyId: string | undefined;
  readonly partBytes: number;
  /** Parts in memory at once. */
  readonly partsAtOnce: number;
  /** What a writer who may put and not read remembers. Such a writer asks the store nothing; undefined for one who may ask. */
  readonly journal: PutJournal | undefined;
}

export interface S3VaultOptions {
  /** Its retries are the vault's: set `maxAttempts` on it. */
  readonly client: S3Client;
  /** A bucket with Object Lock. */
  readonly bucket: string;
  /** Folder of the bucket in which the vault is; the whole bucket where it is not given. */
  readonly prefix?: string;
  readonly kmsKeyId?: string;
  /** Bytes of a part, at least 5 MiB, which it is where it is not given. Raised where an object would have too many parts. */
  readonly partBytes?: number;
  /** Parts in memory at once; 2 where it is not given. */
  readonly partsAtOnce?: number;
  readonly now?: () => Date;
}

/** The place that the options name, with what they leave out. */
export function s3PlaceOf({ client, bucket, prefix = '', kmsKeyId, partBytes = minPartBytes, partsAtOnce = 2 }: S3VaultOptions, journal?: PutJournal): S3Place {
  return { client, bucket, root: prefix === '' ? '' : `${requireVaultKey(prefix)}/`, kmsKeyId, partBytes, partsAtOnce, journal };
}

export function locationOf({ bucket, root }: S3Place): string {
  return `s3://${bucket}${root === '' ? '' : `/${root.slice(0, -1)}`}`;
}
