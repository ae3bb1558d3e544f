import { isVaultError, type VaultCode, VaultError } from '@icecore/evidence';

interface Answer {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly attempts: number;
}

const mismatches = new Set(['BadDigest', 'XAmzContentChecksumMismatch', 'InvalidDigest', 'InvalidPart', 'InvalidPartOrder', 'XAmzContentSHA256Mismatch']);
const throttles = new Set(['SlowDown', 'Throttling', 'ThrottlingException', 'RequestTimeout', 'RequestTimeTooSkewed', 'TimeoutError']);

/** What the store answered, out of whatever was thrown. */
export function answerOf(error: unknown): Answer {
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
  return { name, message, status: numberIn(metadata, 'httpStatusCode'), attempts: numberIn(metadata, 'attempts') ?? 1 };
}

/** What an error of S3 means for the vault; what is none of S3 (the source's, an abort) stays as it is. */
export function vaultErrorOf(key: string, error: unknown): unknown {
  if (isVaultError(error)) return error;
  const answer = answerOf(error);
  if (answer.name === 'AbortError') return error;
  const code = codeOf(answer);
  return code === undefined ? error : new VaultError(code, key, `the store answered ${answer.name}${answer.status === undefined ? '' : ` (${answer.status})`}: ${answer.message}`, { cause: error });
}

/** True where the store says that it got other bytes than were sent. */
export function isMismatch(error: unknown): boolean {
  const seen = vaultErrorOf('', error);
  return isVaultError(seen) && seen.code === 'mismatch';
}

/** Runs a step against the store, so that what it throws is the vault's. */
export async function asking<T>(key: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw vaultErrorOf(key, error);
  }
}

/** The step's value, or undefined where the caller may not do it. A writer may be allowed to write, and nothing else. */
export async function ifAllowed<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (answerOf(error).status === 403) return undefined;
    throw error;
  }
}

function codeOf({ name, status }: Answer): VaultCode | undefined {
  if (mismatches.has(name)) return 'mismatch';
  if (throttles.has(name)) return 'unavailable';
  if (name === 'NoSuchUpload') return 'incomplete';
  if (status === 412 || status === 409) return 'exists';
  if (status === 404) return 'missing';
  if (status !== undefined && status >= 500) return 'unavailable';
  if (status !== undefined && status >= 400) return 'refused';
  return status !== undefined || isLostConnection(name) ? 'unavailable' : undefined;
}

function isLostConnection(name: string): boolean {
  return name === 'NetworkingError' || name === 'Error';
}

function numberIn(value: unknown, field: string): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, field);
  return typeof found === 'number' ? found : undefined;
}
