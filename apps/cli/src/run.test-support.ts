import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The repository’s root. */
export const root = join(import.meta.dirname, '../../..');

/** What a command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly bytes: Buffer;
}

/** Runs the bundled command as a user does, from the repository's root. */
export function icecore(...words: readonly string[]): Ran {
  return icecoreIn({}, ...words);
}

/** The same, with more of an environment. */
export function icecoreIn(env: Readonly<Record<string, string>>, ...words: readonly string[]): Ran {
  const run = spawnSync(process.execPath, [join(root, 'apps/cli/bin/icecore.cjs'), ...words], { cwd: root, maxBuffer: 1 << 28, env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '', ...env } });
  return { code: run.status, out: run.stdout.toString('utf8'), err: run.stderr.toString('utf8'), bytes: run.stdout };
}

export const attack = 'samples/podman-attack.tar.zst';
export const loop = 'samples/podman-loop.tar.zst';

/** The ground truth of a sample. */
export function truthFile(name: string): string {
  return join(root, 'samples/truth', `${name}.truth.json`);
}
