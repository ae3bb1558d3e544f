import { s3LakeStore } from '@icecore/aws';
import { environmentNames, pipelineDefinition, stepLimits, type StepName, stepNames, workingItems } from '@icecore/pipeline';
import { type ExecutionEvent, type ExecutionResult, type Json, readDefinition, runExecution } from '@icecore/states';
import { clientOf, credentials, region } from './client.ts';
import { lambdaFunction, type LambdaFunction } from './function.ts';
import type { Services, StartedExecution } from './services.ts';

/** Where a cloud of this kind keeps things. */
export interface CloudPlaces {
  /** Endpoint of S3, or of what stands for it. */
  readonly s3: string;
  readonly vault: string;
  readonly lake: { readonly bucket: string; readonly prefix: string };
  readonly working: { readonly bucket: string; readonly prefix: string };
}

/** The functions of apps/lambda, and the state machine over them. */
export interface CloudMachine extends AsyncDisposable {
  readonly steps: Readonly<Record<StepName, LambdaFunction>>;
  readonly start: LambdaFunction;
  /** Runs an execution as Step Functions does: the definition over the functions, the Map's items read from S3. */
  run(execution: StartedExecution, more?: { readonly onEvent?: (event: ExecutionEvent) => void; readonly onCall?: (step: StepName) => void }): Promise<ExecutionResult>;
}

const arnOf = (name: string): string => `arn:aws:lambda:us-east-1:111111111111:function:icecore-${name}`;
export const stateMachineArn = 'arn:aws:states:us-east-1:111111111111:stateMachine:icecore-analysis';

export function cloudMachine(places: CloudPlaces, services: Services): CloudMachine {
  const url = ({ bucket, prefix }: CloudPlaces['lake']): string => `s3://${bucket}/${prefix}`;
  const environment = {
    AWS_REGION: region, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: places.s3, AWS_ENDPOINT_URL_KMS: services.endpoint, AWS_ENDPOINT_URL_SQS: services.endpoint, AWS_ENDPOINT_URL_SFN: services.endpoint,
    [environmentNames.vault]: places.vault,
    [environmentNames.lake]: url(places.lake),
    [environmentNames.working]: url(places.working),
    [environmentNames.signingKey]: services.signingKey.keyId,
    [environmentNames.secretKey]: 'arn:aws:kms:us-east-1:111111111111:key/secrets',
    [environmentNames.notifications]: `${services.endpoint}/111111111111/icecore-notifications`,
  };
  const make = (name: StepName): LambdaFunction => lambdaFunction({ name, memoryMiB: stepLimits[name].memoryMiB, timeoutSeconds: stepLimits[name].functionSeconds, environment });
  const steps = { verify: make('verify'), inventory: make('inventory'), decode: make('decode'), scan: make('scan'), detect: make('detect'), tables: make('tables'), publish: make('publish'), quarantine: make('quarantine') };
  const start = lambdaFunction({ name: 'start', memoryMiB: 512, timeoutSeconds: 60, environment: { ...environment, [environmentNames.stateMachine]: stateMachineArn } });
  const definition = readDefinition(pipelineDefinition({ verify: arnOf('verify'), inventory: arnOf('inventory'), decode: arnOf('decode'), scan: arnOf('scan'), detect: arnOf('detect'), tables: arnOf('tables'), publish: arnOf('publish'), quarantine: arnOf('quarantine') }));
  const client = clientOf(places.s3);
  return {
    steps,
    start,
    run: ({ name, input }, { onEvent, onCall } = {}) => runExecution(definition, JSON.parse(input), {
      name,
      machineName: 'icecore-analysis',
      startedAt: new Date('2026-11-25T10:00:00Z'),
      items: workingItems({ store: s3LakeStore({ client, ...places.working }), bucket: places.working.bucket, prefix: `${places.working.prefix}/` }),
      tasks: {
        async run(resource, value): Promise<Json> {
          const step = stepNames.find((each) => arnOf(each) === resource);
          if (step === undefined) throw new TypeError(`${resource} is no function`);
          onCall?.(step);
          return steps[step].invoke(value);
        },
      },
      maxConcurrency: 2,
      sleep: async () => undefined,
      ...(onEvent === undefined ? {} : { onEvent }),
    }),
    async [Symbol.asyncDispose]() {
      for (const each of [...Object.values(steps), start]) await each[Symbol.asyncDispose]();
      client.destroy();
    },
  };
}

/** What EventBridge tells of an object that S3 has stored (Amazon S3 user guide, "EventBridge event message structure"). */
export function objectCreated(bucket: string, key: string, { versionId, size, etag }: { readonly versionId: string; readonly size: number; readonly etag: string }): Json {
  return {
    version: '0', id: '17793124-05d4-b198-2fde-7ededc63b103', 'detail-type': 'Object Created', source: 'aws.s3', account: '111111111111', time: '2026-11-25T09:00:00Z', region: 'us-east-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: { version: '0', bucket: { name: bucket }, object: { key, size, etag, 'version-id': versionId, sequencer: '00617F08299329D189' }, 'request-id': 'N4N7GDK58NMKJ12R', requester: '333333333333', 'source-ip-address': '192.0.2.1', reason: 'PutObject' },
  };
}
