import { AthenaClient } from '@aws-sdk/client-athena';
import { KMSClient } from '@aws-sdk/client-kms';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';

type Environment = Readonly<Record<string, string | undefined>>;

/** Clients whose region, credentials and endpoints are those of the AWS SDK's environment and files. */
const settings = (env: Environment): { maxAttempts: number; region?: string } => ({ maxAttempts: 6, ...(env['AWS_REGION'] === undefined ? {} : { region: env['AWS_REGION'] }) });

export function kmsClientFor(env: Environment): KMSClient {
  return new KMSClient(settings(env));
}

export function sqsClientFor(env: Environment): SQSClient {
  return new SQSClient(settings(env));
}

export function sfnClientFor(env: Environment): SFNClient {
  return new SFNClient(settings(env));
}

export function athenaClientFor(env: Environment): AthenaClient {
  return new AthenaClient(settings(env));
}

export type { SFNClient };
