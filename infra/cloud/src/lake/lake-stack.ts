import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { namesOf } from '../config/names.ts';
import type { Home } from '../config/schema.ts';
import { serviceKey } from '../ground/service-key.ts';
import { glueTables } from './glue-tables.ts';
import { namedQueries } from './named-queries.ts';

export interface LakeProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
  readonly tenants: readonly string[];
  readonly accessLogs: IBucket;
}

/** The lake: the tables' bucket, the catalogue that Athena reads it by, and a workgroup with a limit. */
export class LakeStack extends Stack {
  readonly key: Key;
  readonly workGroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, { prefix, home, tenants, accessLogs, ...props }: LakeProps) {
    super(scope, id, props);
    const names = namesOf(prefix, home);
    this.key = serviceKey(this, 'Key', { description: 'Encrypts the lake and the results of queries', users: [] });
    const plain = { encryption: BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL, objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED, enforceSSL: true, minimumTLSVersion: 1.2, versioned: true, removalPolicy: RemovalPolicy.RETAIN, serverAccessLogsBucket: accessLogs };
    const tables = new Bucket(this, 'Tables', { ...plain, bucketName: names.lakeBucket, serverAccessLogsPrefix: 'lake/', lifecycleRules: [broken, { noncurrentVersionExpiration: Duration.days(30) }] });
    const results = new Bucket(this, 'Results', { ...plain, bucketName: names.resultsBucket, serverAccessLogsPrefix: 'results/', lifecycleRules: [broken, { expiration: Duration.days(30), noncurrentVersionExpiration: Duration.days(1) }] });
    acknowledge(tables, { 'NIST.800.53.R5-S3BucketReplicationEnabled': 'The lake is made from evidence that is replicated, and is made again, byte for byte, from the copy.' });
    acknowledge(results, { 'NIST.800.53.R5-S3BucketReplicationEnabled': 'Results of queries live for 30 days, and asking again gives them again.' });
    for (const bucket of [tables, results]) acknowledge(bucket, { 'Annotation::@aws-cdk/aws-s3:accessLogsPolicyNotAdded': 'The policy of the bucket of access logs lets S3 write, for every bucket of the account.' });
    const database = new CfnDatabase(this, 'Database', { catalogId: this.account, databaseInput: { name: names.database, description: 'What icecore found in captures' } });
    glueTables(this, database, { database: names.database, location: `s3://${names.lakeBucket}`, tenants, firstDate: home.firstDate });
    this.workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: names.workGroup,
      description: 'Questions to the lake of icecore',
      recursiveDeleteOption: false,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: home.operations.scanLimitGiB * 2 ** 30,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          expectedBucketOwner: this.account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: this.key.keyArn },
        },
      },
    });
    namedQueries(this, this.workGroup, names.database);
  }
}

const broken: LifecycleRule = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
