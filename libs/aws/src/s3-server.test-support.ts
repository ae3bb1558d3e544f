import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** Where the server is that `s3-server/jest-start.mjs` started; undefined where it cannot run here, which was said there. */
export const serverEndpoint = process.env['ICECORE_S3_ENDPOINT'];

/** A suite that needs the server. */
export const describeWithServer: typeof describe = serverEndpoint === undefined ? describe.skip : describe;

export const serverCredentials = { accessKeyId: 'test', secretAccessKey: 'testtest' } as const;

export function serverClient(endpoint = serverEndpoint ?? 'http://127.0.0.1:9'): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: serverCredentials, maxAttempts: 4, requestChecksumCalculation: 'WHEN_REQUIRED' });
}

/** Makes a bucket of a name of its own, with Object Lock where that is asked. */
export async function newBucket(client: S3Client, locked: boolean): Promise<string> {
  const bucket = `b${randomBytes(6).toString('hex')}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: locked }));
  return bucket;
}
