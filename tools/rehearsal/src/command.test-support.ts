import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bundle = fileURLToPath(new URL('../../../apps/cli/bin/icecore.cjs', import.meta.url));

/** What a command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the bundled command as a person does, while this process answers it. */
export function icecore(kubeconfig: string, ...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, ...words], { env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', COLUMNS: '220', KUBECONFIG: kubeconfig } });
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (text.out += String(chunk)));
    child.stderr.on('data', (chunk) => (text.err += String(chunk)));
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

/** JSON objects that a command printed one after another. */
export function objectsIn(out: string): readonly Readonly<Record<string, unknown>>[] {
  return out.split(/\n(?=\{)/).filter((each) => each.trim() !== '').map((each) => JSON.parse(each));
}
