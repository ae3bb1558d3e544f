import { parseS3Url } from '@icecore/aws';
import { environmentNames } from '@icecore/pipeline';
import { z } from 'zod';

const place = z.string().transform((url, context) => {
  const parsed = parseS3Url(url);
  if (parsed !== undefined) return parsed;
  context.addIssue(`${JSON.stringify(url)} is no s3://BUCKET/FOLDER`);
  return z.NEVER;
});
const name = z.string().min(1);

/** Variables of the functions of the steps. */
export const stepEnvironment = z.object({
  [environmentNames.vault]: place,
  [environmentNames.lake]: place,
  [environmentNames.working]: place,
  [environmentNames.signingKey]: name,
  [environmentNames.secretKey]: name,
  [environmentNames.notifications]: name.optional(),
});

/** Variables of `start`. */
export const startEnvironment = z.object({ [environmentNames.vault]: place, [environmentNames.stateMachine]: name });

/** Variables of `compact`. */
export const compactEnvironment = z.object({ [environmentNames.lake]: place });
