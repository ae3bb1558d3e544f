import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...words: string[]];

/** The icecore command, as it is bundled. */
export const icecore = (...words: string[]): CommandLine => [process.execPath, 'apps/cli/bin/icecore.cjs', ...words];

/**
 * Seconds of wall time that a program takes, its start included, to the millisecond. A shell holds the watch: starting a
 * program from a large process, as this one is, takes longer than some of what is measured. Standard output is a pipe,
 * for grep stops at the first match where it sees that nobody reads.
 */
export function secondsOf(command: CommandLine): number {
  return timesOf(command).seconds;
}

/** What a program takes, its start included. */
export interface Times {
  /** Wall time. */
  readonly seconds: number;
  /** Time of processors, of the program and of the system for it: what else the machine does falls on it less. */
  readonly processorSeconds: number;
}

/** The same, with the time of processors. */
export function timesOf(command: CommandLine): Times {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" | cat > /dev/null; exit $((PIPESTATUS[0] > 1))';
  const run = spawnSync('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${command.join(' ')} failed: ${run.stderr.toString()}`);
  const [seconds = NaN, user = NaN, system = NaN] = (run.stderr.toString().trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (!Number.isFinite(seconds + user + system)) throw new Error(`no time in ${run.stderr.toString()}`);
  return { seconds, processorSeconds: user + system };
}

/** Runs programs in turn, round after round, so that what else the machine does falls on all of them; the best of each. */
export function bestOfRounds(commands: readonly CommandLine[], rounds: number): number[] {
  const best = commands.map(() => Number.POSITIVE_INFINITY);
  for (const command of commands) secondsOf(command);
  for (let round = 0; round < rounds; round++) {
    commands.forEach((command, i) => {
      best[i] = Math.min(best[i]!, secondsOf(command));
    });
  }
  return best;
}

/** Peak memory, and bytes that a Node program read, of every kind. */
export function usageOf([program, ...words]: CommandLine): { peakBytes: number; readBytes: number } {
  const hook = join(import.meta.dirname, 'usage-hook.cjs');
  const run = spawnSync(program, ['--require', hook, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const [, , , told] = run.output;
  return JSON.parse(String(told));
}
