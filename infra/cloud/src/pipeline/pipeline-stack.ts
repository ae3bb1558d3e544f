import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { type IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { environmentNames } from '@icecore/pipeline';
import type { Construct } from 'constructs';
import { signingKey } from '../access/signing.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { bucketArn, functionName, namesOf } from '../config/names.ts';
import type { Home } from '../config/schema.ts';
import { capacityOf } from './capacity.ts';
import { deadLetters, PipelineFunction } from './function.ts';
import { Machine, machineArn } from './machine.ts';
import { type FunctionName, rightsOf } from './rights.ts';
import { manifestStored } from './start-rule.ts';

/** Where the code of a function comes from: a bundle of apps/lambda. Undefined where there is none, which is an error. */
export type CodeOf = (name: FunctionName) => Code | undefined;

export interface PipelineProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
  readonly code: CodeOf;
  readonly vaultKey: IKey;
  readonly lakeKey: IKey;
  readonly serviceKey: IKey;
  readonly accessLogs: IBucket;
}

/** The pipeline: from the event of a sealed manifest to findings in the lake. */
export class PipelineStack extends Stack {
  readonly functions: Readonly<Record<FunctionName, PipelineFunction>>;
  readonly machine: Machine;
  /** What came of each analysis, for programs. */
  readonly notifications: Queue;
  /** Queues of what could not be handled. */
  readonly dead: readonly Queue[];

  constructor(scope: Construct, id: string, { prefix, home, code, vaultKey, lakeKey, serviceKey, accessLogs, ...props }: PipelineProps) {
    super(scope, id, props);
    const names = namesOf(prefix, home);
    const working = new Bucket(this, 'Working', {
      bucketName: names.workingBucket,
      encryption: BucketEncryption.KMS,
      encryptionKey: lakeKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'working/',
      // An execution can be redriven for 14 days after it failed, and finds its files.
      lifecycleRules: [{ expiration: Duration.days(21), noncurrentVersionExpiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(working, {
      'Annotation::@aws-cdk/aws-s3:accessLogsPolicyNotAdded': 'The policy of the bucket of access logs lets S3 write, for every bucket of the account.',
      'NIST.800.53.R5-S3BucketReplicationEnabled': 'What is here is made from evidence within minutes, and again if need be.',
    });
    const ledgerKey = signingKey(this, { description: 'Signs what the pipeline writes into ledgers of custody', signer: functionName(prefix, 'publish', home) });
    const secretKey = new Key(this, 'SecretKey', { description: 'Each tenant\'s key for the HMAC of secrets is derived from it', keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC, removalPolicy: RemovalPolicy.RETAIN });
    this.notifications = new Queue(this, 'Notifications', { encryption: QueueEncryption.KMS, encryptionMasterKey: serviceKey, enforceSSL: true, retentionPeriod: Duration.days(14), deadLetterQueue: { queue: deadLetters(this, 'NotificationsDead', serviceKey), maxReceiveCount: 10 } });
    const stateMachine = machineArn(this, names.stateMachine);
    const places = { region: home.region, vault: bucketArn(names.vaultBucket), vaultKey: vaultKey.keyArn, lake: bucketArn(names.lakeBucket), working: bucketArn(names.workingBucket), lakeKey: lakeKey.keyArn, signingKey: ledgerKey.keyArn, secretKey: secretKey.keyArn, notifications: this.notifications.queueArn, serviceKey: serviceKey.keyArn, stateMachine };
    const environment = {
      [environmentNames.vault]: `s3://${names.vaultBucket}`,
      [environmentNames.lake]: `s3://${names.lakeBucket}`,
      [environmentNames.working]: `s3://${names.workingBucket}`,
      [environmentNames.signingKey]: ledgerKey.keyArn,
      [environmentNames.secretKey]: secretKey.keyArn,
      [environmentNames.notifications]: this.notifications.queueUrl,
    };
    const make = (name: FunctionName): PipelineFunction => {
      const bundle = code(name);
      if (bundle === undefined) throw new Error(`apps/lambda has no bundle of ${name}: run npx nx bundle @icecore/lambda first`);
      return new PipelineFunction(this, name, {
        name,
        functionName: functionName(prefix, name, home),
        code: bundle,
        rights: rightsOf[name],
        places,
        environment: name === 'start' ? { ...environment, [environmentNames.stateMachine]: stateMachine } : environment,
        environmentKey: serviceKey,
        ...capacityOf[name],
        asynchronous: name === 'start' || name === 'compact',
      });
    };
    this.functions = {
      start: make('start'), verify: make('verify'), inventory: make('inventory'), decode: make('decode'), scan: make('scan'), detect: make('detect'),
      tables: make('tables'), publish: make('publish'), quarantine: make('quarantine'), compact: make('compact'),
    };
    this.machine = new Machine(this, 'Analysis', { name: names.stateMachine, steps: this.functions, working: places.working, workingKey: lakeKey, logsKey: serviceKey });
    const lost = deadLetters(this, 'StartDead', serviceKey);
    new Rule(this, 'ManifestStored', {
      description: 'A manifest in the vault begins an analysis',
      eventPattern: manifestStored(names.vaultBucket),
      targets: [new LambdaFunction(this.functions.start.function, { deadLetterQueue: lost, maxEventAge: Duration.hours(24), retryAttempts: 185 })],
    });
    compactEachNight(this, this.functions.compact, lost);
    this.dead = [lost, ...Object.values(this.functions).flatMap(({ dead }) => (dead === undefined ? [] : [dead]))];
  }
}

function compactEachNight(scope: Construct, compact: PipelineFunction, lost: Queue): void {
  new Rule(scope, 'EachNight', {
    description: 'Makes many small files of the lake few large ones',
    schedule: Schedule.cron({ hour: '3', minute: '17' }),
    targets: [new LambdaFunction(compact.function, { deadLetterQueue: lost, maxEventAge: Duration.hours(2), retryAttempts: 3 })],
  });
}
