import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** What a call of the command line gave. */
export interface CommandLineRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Calls `icecore` as a person does, from the root of the repository. `width` is that of the screen it believes to write to. */
export function icecore(words: readonly string[], { width = 160, env = {} }: { readonly width?: number; readonly env?: Readonly<Record<string, string>> } = {}): Promise<CommandLineRun> {
  const child = spawn(process.execPath, ['apps/cli/bin/icecore.cjs', ...words], { cwd: repository, env: { ...process.env, COLUMNS: String(width), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, out, err }));
  });
}

/** Like `icecore`, and rejects where it does not end as it should. */
export async function mustIcecore(words: readonly string[], codes: readonly number[] = [0], options: Parameters<typeof icecore>[1] = {}): Promise<string> {
  const { code, out, err } = await icecore(words, options);
  if (!codes.includes(code)) throw new Error(`icecore ${words.join(' ')} ended with ${code}: ${(err || out).slice(-2000)}`);
  return out;
}

/** Objects that a command prints with `--json`, one after another. */
export function jsonObjects(out: string): unknown[] {
  return out.trim() === '' ? [] : out.trim().split(/\n(?=[[{])/).map((text): unknown => JSON.parse(text));
}
