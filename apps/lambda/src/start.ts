import { type SFNClient, sfnClientFor, startExecution } from '@icecore/aws';
import { captureOfKey, objectKeys } from '@icecore/evidence';
import { environmentNames, executionInput, executionName } from '@icecore/pipeline';
import { z } from 'zod';
import { startEnvironment } from './environment.ts';
import { tool } from './tool.ts';
import { logger, observed } from './telemetry.ts';

/** What EventBridge tells of an object that S3 has stored (Amazon S3, "EventBridge event message structure"); keys are not URL-encoded there. */
const objectCreated = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), 'version-id': z.string().optional(), etag: z.string().optional() }),
  }),
});

let client: SFNClient | undefined;

export type Started = { readonly outcome: 'started' | 'already'; readonly name: string } | { readonly outcome: 'ignored'; readonly reason: string };

/** Starts the analysis of a capture when its manifest is in the vault, which is when all of it is. The same event again starts nothing. */
export async function handler(event: unknown): Promise<Started> {
  const { detail: { bucket, object } } = objectCreated.parse(event);
  const { [environmentNames.vault]: vault, [environmentNames.stateMachine]: stateMachineArn } = startEnvironment.parse(process.env);
  const root = vault.prefix === '' ? '' : `${vault.prefix}/`;
  const key = object.key.startsWith(root) ? object.key.slice(root.length) : undefined;
  const capture = key === undefined ? undefined : captureOfKey(key);
  if (bucket.name !== vault.bucket || key === undefined || capture === undefined || key !== objectKeys.manifest(capture)) {
    logger.info('start passes over an object that is no manifest of the vault');
    return { outcome: 'ignored', reason: 'is no manifest of the vault' };
  }
  const version = object['version-id'] ?? null;
  const name = executionName({ subject: capture, version: version ?? object.etag ?? '', decoder: tool.version });
  // What a cluster's account sealed is that account's.
  const tenant = capture.split('/')[1] ?? '';
  const input = executionInput.parse({ name, tenant, evidence: { kind: 'sealed', capture, version, parents: [] }, cluster: null, node: null });
  return observed('start', { execution: name }, async () => ({ outcome: await startExecution({ client: (client ??= sfnClientFor(process.env)), stateMachineArn }, input), name }));
}
