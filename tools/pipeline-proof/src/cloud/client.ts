import { S3Client } from '@aws-sdk/client-s3';

/** Who asks the S3 of the tests. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'testtest' } as const;
export const region = 'us-east-1';

/** A client of S3 at an endpoint that is not AWS's. */
export function clientOf(endpoint: string): S3Client {
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 4, requestChecksumCalculation: 'WHEN_REQUIRED' });
}
