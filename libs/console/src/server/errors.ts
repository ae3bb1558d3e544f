import type { Context } from 'hono';
import { isDamageError } from '@icecore/bytes';
import { isVaultError } from '@icecore/evidence';
import { isExportError } from '@icecore/exports';
import { isHuntError } from '@icecore/hunts';
import { isLakeError } from '@icecore/lake';
import { z } from 'zod';
import { refuse } from './guard.ts';

/** A request that cannot be followed, with what to say to who asked. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: 'unknown' | 'refused' | 'no_evidence' | 'too_large';

  constructor(code: RequestError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What went wrong, as an answer. A defect of the console is told to `onDefect` and named as one. */
export function errorAnswer(error: Error, context: Context, onDefect: (error: Error) => void): Response {
  if (error instanceof RequestError) return refuse(context, error.code === 'unknown' ? 404 : error.code === 'too_large' ? 413 : 409, error.code, error.message);
  if (error instanceof z.ZodError) return refuse(context, 400, 'invalid_request', error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; '));
  if (isLakeError(error)) return refuse(context, error.code === 'query_timeout' ? 504 : 422, error.code, error.message);
  if (isHuntError(error)) return refuse(context, error.code === 'unknown_hunt' ? 404 : 422, error.code, error.message);
  if (isExportError(error)) return refuse(context, error.code === 'unknown_capture' ? 404 : 422, error.code, error.message);
  if (isVaultError(error)) return refuse(context, 409, `vault_${error.code}`, error.message);
  if (isDamageError(error)) return refuse(context, 422, 'damaged', error.message);
  if (error.name === 'AbortError') return refuse(context, 409, 'cancelled', 'The question was withdrawn.');
  onDefect(error);
  return refuse(context, 500, 'defect', 'A defect of icecore, not of the evidence; the terminal of icecore serve tells more.');
}
