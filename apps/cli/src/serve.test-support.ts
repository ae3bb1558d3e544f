import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './run.test-support.ts';

/** Starts `icecore serve` on a port of its own. Gives the process, and the link that it prints once it serves. */
export async function startServe(words: readonly string[], { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): Promise<{ readonly server: ChildProcess; readonly link: URL }> {
  const server = spawn(process.execPath, [join(root, 'apps/cli/bin/icecore.cjs'), 'serve', '--port', '0', ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '', ...env } });
  let said = '';
  server.stderr.on('data', (piece: Buffer) => void (said += piece.toString('utf8')));
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (piece: Buffer) => {
      text += piece.toString('utf8');
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`icecore serve ended with ${code}: ${said}`)));
  });
  return { server, link: new URL(link) };
}
