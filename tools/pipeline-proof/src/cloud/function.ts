import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Json } from '@icecore/states';
import type { Told } from './function-child.ts';

const bundles = join(import.meta.dirname, '../../../../apps/lambda/dist');

export interface FunctionOptions {
  /** Folder of the bundle in `apps/lambda/dist`. */
  readonly name: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A Lambda function that runs here: its bundle, in processes of its own that are kept warm, one event at a time in each. */
export interface LambdaFunction extends AsyncDisposable {
  /** Rejects as Step Functions sees it: with an error of the function's error name, whose message is a cause in JSON. */
  invoke(event: Json): Promise<Json>;
  /** Kills the process of the next event as soon as it has it, as Lambda does with one that takes too much. */
  killNext(): void;
  /** Most memory that any of its processes had resident. */
  readonly peakBytes: () => number;
  /** What it logged. */
  readonly log: () => string;
}

/** Makes a function of a bundle of apps/lambda, with its environment and its memory. */
export function lambdaFunction({ name, memoryMiB, timeoutSeconds, environment }: FunctionOptions): LambdaFunction {
  const idle: ChildProcess[] = [];
  const busy = new Set<ChildProcess>();
  let [peak, log, requests] = [0, '', 0];
  let doomed = false;
  const start = async (): Promise<ChildProcess> => {
    const child = fork(join(import.meta.dirname, 'function-child.ts'), [join(bundles, name, 'index.mjs')], {
      // The heap is bounded by the memory of the function, with room for what lies beside it.
      execArgv: ['--no-warnings', '--enable-source-maps', `--max-old-space-size=${Math.floor(memoryMiB * 0.9)}`, `--max-semi-space-size=${Math.max(8, Math.floor(memoryMiB * 0.05))}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      env: { PATH: process.env['PATH'], AWS_LAMBDA_FUNCTION_NAME: `icecore-${name}`, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB), POWERTOOLS_SERVICE_NAME: `icecore-${name}`, ...environment },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (first !== 'ready') throw new Error(`${name} did not start: ${log.slice(-2000)}`);
    return child;
  };
  const answerOf = async (child: ChildProcess, event: Json): Promise<Told | 'exited'> => {
    const answer = Promise.race([once(child, 'message').then(([told]) => told), once(child, 'exit').then(() => 'exited' as const)]);
    child.send({ event, request: `request-${++requests}`, milliseconds: timeoutSeconds * 1000 });
    if (doomed) child.kill('SIGKILL');
    doomed = false;
    return answer;
  };
  return {
    async invoke(event) {
      const child = idle.pop() ?? (await start());
      busy.add(child);
      const told = await answerOf(child, event);
      busy.delete(child);
      if (told === 'exited') throw failed('Runtime.ExitError', { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited with error: signal: killed' });
      idle.push(child);
      peak = Math.max(peak, told.peakBytes);
      if ('failure' in told) throw failed(told.failure.errorType, told.failure);
      return JSON.parse(JSON.stringify(told.result));
    },
    killNext() {
      doomed = true;
    },
    peakBytes: () => peak,
    log: () => log,
    async [Symbol.asyncDispose]() {
      for (const child of [...idle, ...busy]) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
}

function failed(name: string, cause: object): Error {
  return Object.assign(new Error(JSON.stringify(cause)), { name });
}
