import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, type LifecycleRule, ObjectLockRetention, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import type { Home } from '../config/schema.ts';

export interface EvidenceBucketProps {
  readonly bucketName: string;
  readonly key: Key;
  readonly lockDays: number;
  readonly ages: Home['ages'];
  /** True where new objects are told to EventBridge. */
  readonly notifies: boolean;
}

/** A bucket in which each version is locked in the mode COMPLIANCE from the moment it is there. */
export function evidenceBucket(scope: Construct, { bucketName, key, lockDays, ages, notifies }: EvidenceBucketProps): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    bucketName,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(lockDays)),
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: lifecycle(ages),
  });
  acknowledge(bucket, { 'CloudFormation-Validate::W9003': 'CDK writes the size of an object as a number, which CloudFormation takes.' });
  if (notifies) plainBucket(bucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}

/** Small objects stay where they are: colder classes charge for 128 KiB at least. A version that is locked or held outlives every rule. */
function lifecycle({ coldAfterDays, frozenAfterDays, expireAfterDays }: Home['ages']): LifecycleRule[] {
  const transitions = [
    { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(coldAfterDays) },
    ...(frozenAfterDays === undefined ? [] : [{ storageClass: StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(frozenAfterDays) }]),
  ];
  return [
    { id: 'BrokenUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
    { id: 'Colder', transitions, objectSizeGreaterThan: 2 ** 20 },
    ...(expireAfterDays === undefined ? [] : [{ id: 'Expired', expiration: Duration.days(expireAfterDays), noncurrentVersionExpiration: Duration.days(1) }]),
  ];
}

/** The resource of CloudFormation behind a bucket, for what the construct has no word for or does by a function of its own. */
export function plainBucket(bucket: Bucket): CfnBucket {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error(`${bucket.node.path} is no bucket of CloudFormation`);
  return resource;
}
