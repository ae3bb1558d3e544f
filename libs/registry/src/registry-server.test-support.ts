import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why no registry can run here; undefined where one can. Debian has it in the package docker-registry. */
export function whyNoRegistry(): string | undefined {
  return spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).status === 0 ? undefined : 'docker-registry is not installed';
}

/** A registry of its own, on a port of this machine, in a folder that goes with it. */
export interface RegistryServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startRegistry(options: { readonly htpasswd?: string } = {}): Promise<RegistryServer> {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-registry-'));
  const port = await freePort();
  const lines = ['version: 0.1', 'log: { level: error }', `storage: { filesystem: { rootdirectory: ${folder}/data } }`, `http: { addr: "127.0.0.1:${port}" }`];
  if (options.htpasswd !== undefined) {
    writeFileSync(join(folder, 'htpasswd'), `${options.htpasswd}\n`);
    lines.push(`auth: { htpasswd: { realm: icecore, path: ${folder}/htpasswd } }`);
  }
  writeFileSync(join(folder, 'config.yml'), `${lines.join('\n')}\n`);
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return { port, stop };
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  await stop();
  throw new Error('docker-registry does not answer');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await exit;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/v2/`)).status < 500;
  } catch {
    return false;
  }
}

/** Where a connection breaks: when so many bytes of all have passed, or before the n-th `PATCH` does. */
export type Break = { readonly afterBytes: number } | { readonly beforePatch: number };

/** A connection that breaks, once at each of the places, which are in order; what comes before goes on to `target`. */
export interface BreakingProxy {
  readonly port: number;
  /** Connections that were broken. */
  readonly broken: number;
  stop(): Promise<void>;
}

export async function breakingProxy(target: number, breaks: readonly Break[]): Promise<BreakingProxy> {
  const waiting = [...breaks];
  const sockets = new Set<Socket>();
  let passed = 0;
  let patches = 0;
  let broken = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (chunk.subarray(0, 6).toString('latin1') === 'PATCH ') patches += 1;
      const [next] = waiting;
      const early = next !== undefined && 'beforePatch' in next && patches >= next.beforePatch;
      if (next !== undefined && (early || ('afterBytes' in next && passed >= next.afterBytes))) {
        waiting.shift();
        broken += 1;
        const before = 'afterBytes' in next ? chunk.subarray(0, Math.max(0, chunk.length - (passed - next.afterBytes))) : chunk.subarray(0, 0);
        upstream.write(before, () => upstream.destroySoon());
        client.destroy();
      } else if (!upstream.write(chunk)) {
        client.pause();
        upstream.once('drain', () => client.resume());
      }
    });
    upstream.on('data', (chunk) => client.write(chunk));
  });
  const port = await listening(server);
  return {
    port,
    get broken() {
      return broken;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
