import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { serviceKey } from './service-key.ts';

export interface GroundProps extends StackProps {
  readonly alarmEmail: string;
}

/** What all other stacks of a home stand on: a key for logs, queues and topics, the topic of alarms, the bucket of access logs. */
export class GroundStack extends Stack {
  readonly serviceKey: Key;
  readonly alarms: Topic;
  /** By its name alone, so that a bucket that logs here adds nothing to its policy. */
  readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, { alarmEmail, ...props }: GroundProps) {
    super(scope, id, props);
    this.serviceKey = serviceKey(this, 'ServiceKey', { description: 'Encrypts what is no evidence: logs, queues, topics', users: ['logs', 'events', 'cloudwatch', 'budgets', 'sns', 's3'] });
    this.alarms = new Topic(this, 'Alarms', { masterKey: this.serviceKey, enforceSSL: true });
    this.alarms.addSubscription(new EmailSubscription(alarmEmail));
    const logs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    logs.addToResourcePolicy(
      new PolicyStatement({ sid: 'AllowAccessLogs', principals: [new ServicePrincipal('logging.s3.amazonaws.com')], actions: ['s3:PutObject'], resources: [logs.arnForObjects('*')], conditions: { StringEquals: { 'aws:SourceAccount': this.account } } }),
    );
    this.accessLogs = Bucket.fromBucketName(this, 'AccessLogsByName', logs.bucketName);
    acknowledge(logs, {
      'AwsSolutions-S1': 'This bucket holds access logs: logging reads of logs into itself would never end.',
      'NIST.800.53.R5-S3BucketLoggingEnabled': 'This bucket holds access logs: logging reads of logs into itself would never end.',
      'NIST.800.53.R5-S3BucketReplicationEnabled': 'Access logs are no evidence. Those of the vault are CloudTrail\'s, in a bucket with Object Lock.',
      'NIST.800.53.R5-S3DefaultEncryptionKMS': 'S3 writes access logs to buckets with keys of S3 only.',
    });
  }
}
