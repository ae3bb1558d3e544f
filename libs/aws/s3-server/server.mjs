import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with the server's programs; they are put there once. */
const folder = resolve(process.env.ICECORE_S3_SERVER ?? join(tmpdir(), 'icecore-s3-server'));
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Prepares the server where it is not, and starts it on free ports. Gives how to reach and stop it, or why it cannot run. */
export async function startS3Server() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return { reason: 'the S3 server needs root on Linux' };
  const begun = performance.now();
  const prepared = spawnSync(script('prepare.sh'), [folder], { encoding: 'utf8', timeout: 900_000, maxBuffer: 1 << 28 });
  if (prepared.status !== 0) return { reason: `the S3 server could not be put into ${folder}: ${lastLine(prepared.stderr) || lastLine(prepared.stdout) || prepared.error?.message}` };
  const preparedMs = performance.now() - begun;
  let started = await run();
  // A port that was free may be taken by now; another try finds others.
  for (let tries = 1; started.endpoint === undefined && tries < 3; tries += 1) started = await run();
  return started.endpoint === undefined ? started : { ...started, preparedMs, startedMs: performance.now() - begun - preparedMs };
}

async function run() {
  const [monitorPort, port] = await freePorts(2);
  const server = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', script('run.sh'), folder, monitorPort, port], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  server.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const exited = once(server, 'exit');
  const ready = await Promise.race([once(server.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!ready) return { reason: `the S3 server did not start: ${lastLine(log)}` };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      server.stdin.end();
      await exited;
    },
  };
}

/** Ports that nobody listens on now, as text. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = servers.map((server) => String(server.address().port));
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

function lastLine(text) {
  return (text ?? '').trim().split('\n').at(-1);
}
