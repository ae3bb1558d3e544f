import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { policyOf } from '../access/policy.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { serviceKey } from '../ground/service-key.ts';

export interface TrailProps extends StackProps {
  readonly prefix: string;
  /** ARN of the bucket whose every request is recorded. */
  readonly vaultArn: string;
  readonly serviceKey: IKey;
  readonly lockDays: number;
}

/** Who asked the vault for what: CloudTrail's data events, in a bucket that is locked as the evidence is. */
export class TrailStack extends Stack {
  readonly events: LogGroup;

  constructor(scope: Construct, id: string, { prefix, vaultArn, serviceKey: logsKey, lockDays, ...props }: TrailProps) {
    super(scope, id, props);
    const trailName = `${prefix}-vault`;
    const trailArn = `arn:aws:cloudtrail:${this.region}:${this.account}:trail/${trailName}`;
    const key = serviceKey(this, 'Key', { description: 'Encrypts the record of requests to the vault', users: [] });
    key.addToResourcePolicy(
      new PolicyStatement({ sid: 'AllowTrail', principals: [cloudTrail()], actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceArn': trailArn } } }),
    );
    const bucket = new Bucket(this, 'Records', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(lockDays)),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    const conditions = { StringEquals: { 'aws:SourceArn': trailArn } };
    bucket.addToResourcePolicy(new PolicyStatement({ sid: 'AllowTrailToLook', principals: [cloudTrail()], actions: ['s3:GetBucketAcl'], resources: [bucket.bucketArn], conditions }));
    bucket.addToResourcePolicy(new PolicyStatement({ sid: 'AllowTrailToWrite', principals: [cloudTrail()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects(`AWSLogs/${this.account}/*`)], conditions }));
    const unlogged = 'This bucket is itself the log; what is in it cannot be changed, and CloudTrail signs it.';
    acknowledge(bucket, {
      'AwsSolutions-S1': unlogged,
      'NIST.800.53.R5-S3BucketLoggingEnabled': unlogged,
      'NIST.800.53.R5-S3BucketReplicationEnabled': 'The record is locked, and each of its digests is in CloudWatch Logs as well.',
    });
    const logGroupName = `/icecore/${trailName}`;
    this.events = new LogGroup(this, 'Events', { logGroupName, retention: RetentionDays.ONE_YEAR, encryptionKey: logsKey, removalPolicy: RemovalPolicy.RETAIN });
    const writing = policyOf(this, 'LogsPolicy', [{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`arn:aws:logs:${this.region}:${this.account}:log-group:${logGroupName}:*`], because: 'CloudTrail names the streams of its own log group.' }]);
    const role = new Role(this, 'LogsRole', { assumedBy: cloudTrail(), managedPolicies: [writing] });
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      s3BucketName: bucket.bucketName,
      kmsKeyId: key.keyArn,
      enableLogFileValidation: true,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      cloudWatchLogsLogGroupArn: this.events.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: [
        {
          name: 'Every request for an object of the vault',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWith: [`${vaultArn}/`] },
          ],
        },
        { name: 'What changes settings', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }, { field: 'readOnly', equalTo: ['false'] }] },
      ],
    });
    if (bucket.policy !== undefined) trail.node.addDependency(bucket.policy);
    trail.node.addDependency(writing);
  }
}

function cloudTrail(): ServicePrincipal {
  return new ServicePrincipal('cloudtrail.amazonaws.com');
}
