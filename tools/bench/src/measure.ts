import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...words: string[]];

/** The icecore command, as it is bundled. */
export const icecore = (...words: string[]): CommandLine => [process.execPath, 'apps/cli/bin/icecore.cjs', ...words];

/** Commands one after the other, as one program. */
export const chain = (...commands: readonly CommandLine[]): CommandLine => ['bash', '-c', `set -e\n${commands.map((words) => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')).join('\n')}`];

/** Seconds that a program took. */
export interface Times {
  /** By the clock on the wall, its start included. */
  readonly seconds: number;
  /** Of all processors, user and system. */
  readonly processorSeconds: number;
}

/**
 * What a program takes, to the millisecond. A shell holds the watch: starting a program from a large process, as this one
 * is, takes longer than some of what is measured. Standard output is a pipe, for grep stops at the first match where it
 * sees that nobody reads.
 */
export function timesOf(command: CommandLine): Times {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" | cat > /dev/null; exit $((PIPESTATUS[0] > 1))';
  const run = spawnSync('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${command.join(' ')} failed: ${run.stderr.toString()}`);
  const [seconds = Number.NaN, user = Number.NaN, system = Number.NaN] = (run.stderr.toString().trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (!Number.isFinite(seconds + user + system)) throw new Error(`no time in ${run.stderr.toString()}`);
  return { seconds, processorSeconds: user + system };
}

/** What is never there. */
export const forEver: Times = { seconds: Number.POSITIVE_INFINITY, processorSeconds: Number.POSITIVE_INFINITY };

/** The least of two, by the wall and by the processors each for itself. */
export function better(one: Times | undefined, other: Times): Times {
  return one === undefined ? other : { seconds: Math.min(one.seconds, other.seconds), processorSeconds: Math.min(one.processorSeconds, other.processorSeconds) };
}

/** Seconds of wall time that a program takes, its start included. */
export const secondsOf = (command: CommandLine): number => timesOf(command).seconds;

/** Runs programs in turn, round after round, so that what else the machine does falls on all of them; the best of each. */
export function bestOfRounds(commands: readonly CommandLine[], rounds: number): number[] {
  for (const command of commands) secondsOf(command);
  return bestTimes(commands.map((command) => () => command), rounds).map(({ seconds }) => seconds);
}

/** The same for commands that are other in each round, as those that write need a new place; none is run before. */
export function bestTimes(commands: readonly ((round: number) => CommandLine)[], rounds: number): Times[] {
  const best = commands.map((): Times => forEver);
  for (let round = 0; round < rounds; round++) {
    commands.forEach((command, i) => {
      best[i] = better(best[i], timesOf(command(round)));
    });
  }
  return best;
}

/** Peak memory, and bytes that a Node program read, of every kind. */
export function usageOf([program, ...words]: CommandLine): { peakBytes: number; readBytes: number } {
  const hook = join(import.meta.dirname, 'usage-hook.cjs');
  const run = spawnSync(program, ['--require', hook, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  // 1 is an answer, and 4 a result with its damage named.
  if (run.status !== 0 && run.status !== 1 && run.status !== 4) throw new Error(`${[program, ...words].join(' ')} ended with ${run.status}`);
  const [, , , told] = run.output;
  return JSON.parse(String(told));
}

/** Bytes that a program and those that it starts read, of every kind (`rchar` of proc(5), which counts children that have ended). */
export function readBytesOf(command: CommandLine): number {
  const run = spawnSync('bash', ['-c', '"$@" > /dev/null || exit 1; grep rchar /proc/$$/io', 'bash', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.status !== 0) throw new Error(`${command.join(' ')} failed: ${run.stderr.toString()}`);
  return Number(/rchar: (\d+)/.exec(run.stdout.toString())?.[1]);
}

/** `1.23 s`, or milliseconds below one. */
export const secondsText = (seconds: number): string => (seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`);

/** `1.20 s (1.31 s of processor)`. */
export const timesText = ({ seconds, processorSeconds }: Times): string => `${secondsText(seconds)} (${secondsText(processorSeconds)} of processor)`;
