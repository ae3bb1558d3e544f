import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, Function, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { through } from '../access/grant.ts';
import { policyOf } from '../access/policy.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { type FunctionName, grantsOf, type Right, type RightPlaces } from './rights.ts';

export interface PipelineFunctionProps {
  readonly name: FunctionName;
  readonly functionName: string;
  readonly code: Code;
  readonly rights: readonly Right[];
  readonly places: RightPlaces;
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentKey: IKey;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly diskMiB: number;
  /** At once, of the account's limit; nothing else can take these, and it can take no more. */
  readonly concurrency: number;
  /** True where a service calls it and does not wait: what it cannot do then goes to a queue of its own. */
  readonly asynchronous: boolean;
}

/** One Lambda function with a role of its own, which may do what the function's rights say and nothing else. */
export class PipelineFunction extends Construct {
  readonly function: Function;
  readonly role: Role;
  /** Events that it could not handle; undefined for a function whose caller waits for it. */
  readonly dead: Queue | undefined;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    const { functionName, environmentKey } = props;
    const logGroup = new LogGroup(this, 'Logs', { logGroupName: `/icecore/${functionName}`, retention: RetentionDays.SIX_MONTHS, encryptionKey: environmentKey, removalPolicy: RemovalPolicy.DESTROY });
    this.dead = props.asynchronous ? deadLetters(this, 'Dead', environmentKey) : undefined;
    const { region, account } = Stack.of(this);
    const policy = policyOf(this, 'Policy', [
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`arn:aws:logs:${region}:${account}:log-group:/icecore/${functionName}:*`], because: 'The streams of the function\'s own log group.' },
      { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'], because: 'X-Ray has no resources that a policy could name.' },
      ...(this.dead === undefined
        ? []
        : [
            { actions: ['sqs:SendMessage'], resources: [this.dead.queueArn] },
            { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [environmentKey.keyArn], conditions: through('sqs', region) },
          ]),
      // What the environment of the function is encrypted with.
      { actions: ['kms:Decrypt'], resources: [environmentKey.keyArn], conditions: { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': `arn:aws:lambda:${region}:${account}:function:${functionName}` } } },
      ...props.rights.flatMap((right) => grantsOf(right, props.places)),
    ]);
    this.role = new Role(this, 'Role', { roleName: functionName, assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: [policy] });
    this.function = new Function(this, 'Function', {
      functionName,
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // The role is what it is: a grant that some construct adds in passing would be one that no test saw.
      role: this.role.withoutPolicyUpdates(),
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMiB,
      ephemeralStorageSize: Size.mebibytes(props.diskMiB),
      reservedConcurrentExecutions: props.concurrency,
      environment: { ...props.environment, POWERTOOLS_SERVICE_NAME: `icecore-${props.name}`, POWERTOOLS_METRICS_NAMESPACE: 'icecore', NODE_OPTIONS: '--enable-source-maps' },
      environmentEncryption: environmentKey,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(this.dead === undefined ? {} : { deadLetterQueue: this.dead, retryAttempts: 2, maxEventAge: Duration.hours(6) }),
    });
    this.function.node.addDependency(policy);
    acknowledge(this.function, {
      'NIST.800.53.R5-LambdaInsideVPC': 'It reaches S3, KMS, SQS and Step Functions by its role alone, holds no connection to any network of the account, and takes none.',
      ...(this.dead === undefined ? { 'NIST.800.53.R5-LambdaDLQ': 'Step Functions calls it and waits: what fails stays in the execution with its input, is counted by an alarm, and is redriven from there.' } : {}),
    });
  }
}

/** A queue for what could not be handled: 14 days, encrypted, told of by an alarm. */
export function deadLetters(scope: Construct, id: string, key: IKey): Queue {
  const queue = new Queue(scope, id, { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true, retentionPeriod: Duration.days(14) });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is a dead letter queue.' });
  return queue;
}
