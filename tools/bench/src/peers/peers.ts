import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { CommandLine } from '../measure.ts';

/** A program that is not here, and why. */
export interface Missing {
  readonly missing: string;
}

/** Where Debian's package puts crit, kept between runs. */
const folder = resolve('.icecore/peers');

/** A command of crit (`x FOLDER ps`), which is brought here where it is not. */
export function critPeer(): ((...words: string[]) => CommandLine) | Missing {
  if (hasProgram('crit')) return (...words) => ['crit', ...words];
  const python = spawnSync('node', ['tools/check/debian-packages.mjs', 'python3-protobuf'], { encoding: 'utf8' });
  const brought = spawnSync('tools/bench/src/peers/crit.sh', [folder], { encoding: 'utf8' });
  const command = (...words: string[]): CommandLine => ['env', `PYTHONPATH=${folder}/usr/lib/python3/dist-packages`, '/usr/bin/python3', `${folder}/usr/bin/crit`, ...words];
  const [program, ...words] = command('--help');
  const tried = spawnSync(program, words, { encoding: 'utf8' });
  if (brought.status === 0 && tried.status === 0) return command;
  return { missing: `crit is not here: ${lastLine(brought.status === 0 ? tried.stderr : brought.stderr) || lastLine(python.stdout)}` };
}

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { stdio: 'ignore' }).status === 0;
}

function lastLine(text: string | null): string {
  return (text ?? '').trim().split('\n').at(-1) ?? '';
}
