import type { JsonObject } from '@icecore/states';

/** The steps of an analysis, each one function: a Lambda function in AWS, a call in the process that runs it embedded. */
export const stepNames = ['verify', 'inventory', 'decode', 'scan', 'detect', 'tables', 'publish', 'quarantine'] as const;
export type StepName = (typeof stepNames)[number];

/** How long a step may take, in seconds. A step that needs longer for its work does a part of it and is entered again. */
export interface StepLimits {
  /** Limit of the Lambda function itself. */
  readonly functionSeconds: number;
  /** Longest silence: beyond the function's own limit, so that it tells of a function that is gone, not of a slow one. */
  readonly heartbeatSeconds: number;
  /** Limit of the state. */
  readonly stateSeconds: number;
  /** Memory of the Lambda function, in MiB. */
  readonly memoryMiB: number;
}

const long: StepLimits = { functionSeconds: 840, heartbeatSeconds: 870, stateSeconds: 900, memoryMiB: 3008 };
const short: StepLimits = { functionSeconds: 240, heartbeatSeconds: 270, stateSeconds: 300, memoryMiB: 1024 };

export const stepLimits: Readonly<Record<StepName, StepLimits>> = {
  // A whole processor: an archive that one call cannot read is hashed by a portable SHA-256, which nothing else bounds.
  verify: { ...long, memoryMiB: 1769 },
  inventory: long,
  decode: long,
  scan: { ...long, memoryMiB: 1769 },
  detect: { ...long, memoryMiB: 6144 },
  tables: { ...long, memoryMiB: 6144 },
  publish: short,
  quarantine: short,
};

/**
 * Bytes that one call of the function `verify` hashes, a multiple of 64: what the portable hash gets through in two thirds of the
 * call's time on a slow processor (docs/scale.md).
 */
export const verifySliceBytes = 12 * 2 ** 30;

/** Limit of a whole analysis, in seconds. */
export const executionSeconds = 6 * 3600;
/** Ranges of pages that may fail, of a hundred, before the scan as a whole does. What they held is a gap of the result. */
export const toleratedFailurePercentage = 10;
/** Ranges that one child of the Map scans: opening the archive costs about as much as scanning one. */
export const rangesPerChild = 8;
/** Children of the Map at once. */
export const scanConcurrency = 200;

/** Error names that steps give besides those of the services, which `Retry` and `Catch` of the definition match. */
export const errorNames = {
  /** The evidence is not what it must be, or a limit forbids to follow it: trying again gives the same. */
  badInput: 'BadInput',
  /** A store or a service did not answer: trying again may help. */
  unavailable: 'Unavailable',
} as const;

const throttled = ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.ClientExecutionTimeoutException'];
const lost = ['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout', 'States.Timeout', 'States.HeartbeatTimeout'];

/** Faults are tried again, ever later and not all at once; bad input is not, and a defect of icecore is not. */
const Retry = [
  { ErrorEquals: [errorNames.unavailable, ...throttled], IntervalSeconds: 2, MaxAttempts: 6, BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
  { ErrorEquals: lost, IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 3, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
];

/** Bad input goes to quarantine. A fault is caught nowhere: the execution fails in the state that had it, and a redrive begins there. */
const Catch = [{ ErrorEquals: [errorNames.badInput], ResultPath: '$.failure', Next: 'quarantine' }];

/**
 * The analysis of one capture as a state machine (Amazon States Language, JSONPath), with each task's resource filled in: the
 * ARN of a Lambda function, or the step's own name where `libs/states` runs it. What passes between states are pointers and
 * counts, never evidence.
 */
export function pipelineDefinition(resources: Readonly<Record<StepName, string>>): JsonObject {
  const task = (step: StepName): JsonObject => ({
    Type: 'Task',
    Resource: resources[step],
    TimeoutSeconds: stepLimits[step].stateSeconds,
    HeartbeatSeconds: stepLimits[step].heartbeatSeconds,
    Retry,
  });
  const step = (name: StepName, next: string): JsonObject => ({ ...task(name), ResultPath: `$.${name}`, Catch, Next: next });
  return {
    Comment: 'icecore: from a sealed capture to its findings',
    QueryLanguage: 'JSONPath',
    StartAt: 'verify',
    TimeoutSeconds: executionSeconds,
    States: {
      verify: { ...step('verify', 'verified'), Comment: 'Hashes the archive, a bounded part at a time, and holds it against the manifest' },
      verified: { Type: 'Choice', Choices: [{ Variable: '$.verify.done', BooleanEquals: true, Next: 'inventory' }], Default: 'verify' },
      inventory: { ...step('inventory', 'decode'), Comment: 'Indexes the archive and lists the ranges of pages to scan' },
      decode: { ...step('decode', 'scan'), Comment: 'Writes the tables of the snapshot' },
      scan: {
        Type: 'Map',
        Comment: 'Scans the ranges, each child its own',
        Label: 'scan',
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Parameters: { 'Bucket.$': '$.inventory.ranges.bucket', 'Key.$': '$.inventory.ranges.key' } },
        ItemBatcher: { MaxItemsPerBatch: rangesPerChild, BatchInput: { 'name.$': '$.name', 'tenant.$': '$.tenant', 'evidence.$': '$.evidence', 'verify.$': '$.verify', 'inventory.$': '$.inventory' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'scan-ranges',
          // What a child found is in the working store by the range's name: the list of results would outgrow what passes between states.
          States: { 'scan-ranges': { ...task('scan'), OutputPath: null, End: true } },
        },
        MaxConcurrency: scanConcurrency,
        ToleratedFailurePercentage: toleratedFailurePercentage,
        ResultPath: null,
        Next: 'detect',
      },
      detect: { ...step('detect', 'tables'), Comment: 'Joins what was scanned and asks every detector' },
      tables: { ...step('tables', 'publish'), Comment: 'Writes the tables of findings' },
      publish: { ...step('publish', 'done'), Comment: 'Report, ledger entries, OCSF, notification' },
      done: { Type: 'Succeed', OutputPath: '$.publish' },
      quarantine: { ...task('quarantine'), Comment: 'Keeps the reason, and tells it', ResultPath: '$.quarantine', Next: 'quarantined' },
      quarantined: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  };
}

/** Environment variables of the Lambda functions; `infra/cloud` sets them and `apps/lambda` reads them. */
export const environmentNames = {
  /** Where the vault is, `s3://BUCKET/FOLDER`. */
  vault: 'ICECORE_VAULT',
  /** Where the lake is, `s3://BUCKET/FOLDER`. */
  lake: 'ICECORE_LAKE',
  /** Where what passes between steps is kept, `s3://BUCKET/FOLDER`; may be emptied after some days. */
  working: 'ICECORE_WORKING',
  /** Key of KMS of the kind ECC_NIST_P256 that signs the ledger. */
  signingKey: 'ICECORE_SIGNING_KEY',
  /** Key of KMS of the kind HMAC_256 from which each tenant's key for secrets is derived. */
  secretKey: 'ICECORE_SECRET_KEY',
  /** URL of the SQS queue that is told of each result and each quarantine; none where nobody is. */
  notifications: 'ICECORE_NOTIFICATIONS',
  /** ARN of the state machine; of `start` alone. */
  stateMachine: 'ICECORE_STATE_MACHINE',
} as const;
