import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  /** Milliseconds after which it is killed. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Most characters that are kept of each stream. */
const maxOutput = 4 << 20;

/** Runs a command to its end; never rejects for its status. Rejects where it cannot be started or takes too long. */
export function run(command: string, args: readonly string[], { timeout = 60_000, environment = {} }: CommandOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    let output = '';
    let errors = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${args.join(' ')} took more than ${timeout} ms: ${errors.slice(-2000)}`));
    }, timeout);
    child.stdout.on('data', (text: Buffer) => {
      if (output.length < maxOutput) output += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      if (errors.length < maxOutput) errors += text.toString();
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? 1, output, errors });
    });
  });
}

/** Like `run`, but rejects where the command fails; gives its standard output. */
export async function mustRun(command: string, args: readonly string[], options?: CommandOptions): Promise<string> {
  const { status, output, errors } = await run(command, args, options);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ').slice(0, 400)} ended with ${status}: ${(errors || output).slice(-2000)}`);
  return output;
}
