/*
 * Runs one function as AWS Lambda's runtime does: loads its bundle, hands it one event after the other and says what it gave.
 * Usage: function-child BUNDLE, with a channel to its parent.
 */
import { readFileSync } from 'node:fs';

interface Invocation {
  readonly event: unknown;
  readonly request: string;
  /** Milliseconds that the function has. */
  readonly milliseconds: number;
}

/** A failure as the runtime reports it (Lambda developer guide, "Node.js: exceptions"). */
interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** What the child says of an invocation. */
export type Told = ({ readonly result: unknown } | { readonly failure: Failure }) & { readonly peakBytes: number };

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

/** Most memory that this process ever had resident (proc(5), `/proc/PID/status`). */
function peakBytes(): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
}

const [bundle = ''] = process.argv.slice(2);
const { handler } = await import(bundle);
process.on('message', ({ event, request, milliseconds }: Invocation) => {
  const end = performance.now() + milliseconds;
  const context = { awsRequestId: request, getRemainingTimeInMillis: () => end - performance.now(), functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'] };
  const invoke = async (): Promise<unknown> => handler(event, context);
  invoke().then(
    (result) => process.send?.({ result: result ?? null, peakBytes: peakBytes() } satisfies Told),
    (error: unknown) => process.send?.({ failure: failureOf(error), peakBytes: peakBytes() } satisfies Told),
  );
});
process.send?.('ready');
