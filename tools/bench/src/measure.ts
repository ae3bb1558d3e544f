import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...words: string[]];

/** Seconds of wall time that a program takes, its start included. Throws where it ends otherwise than with 0 or 1. */
// Standard output is a pipe: grep stops at the first match where it sees that nobody reads.
export function secondsOf([program, ...words]: CommandLine): number {
  const start = process.hrtime.bigint();
  const run = spawnSync(program, words, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0 && run.status !== 1) throw new Error(`${program} ended with ${run.status ?? run.signal}`);
  return seconds;
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
