import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3Server } from './server.mjs';

/**
 * Starts one S3 server for all suites of a run, with a bucket `evidence` that has Object Lock and a bucket `lake` that has not.
 * They find it by ICECORE_S3_ENDPOINT, programs that they run by the variables of the AWS SDK. Where there is none, the reason
 * is said once here, and the suites that need it are skipped.
 */
export default async function start() {
  const server = await startS3Server();
  globalThis.icecoreS3Server = server;
  if (server.endpoint === undefined) {
    process.stderr.write(`The suites against an S3 server are skipped: ${server.reason}. The folder vault’s suites run.\n`);
    return;
  }
  Object.assign(process.env, { ICECORE_S3_ENDPOINT: server.endpoint, AWS_ENDPOINT_URL_S3: server.endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'testtest' });
  const client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'evidence', ObjectLockEnabledForBucket: true }));
  await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
  client.destroy();
  process.stderr.write(`S3 server: prepared in ${(server.preparedMs / 1000).toFixed(1)} s, started in ${(server.startedMs / 1000).toFixed(1)} s\n`);
}
