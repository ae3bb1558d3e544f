import type { S3Client } from '@aws-sdk/client-s3';

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
}
