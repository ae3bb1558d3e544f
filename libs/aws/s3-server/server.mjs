import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with the server's programs; they are put there once. */
const folder = resolve(process.env.ICECORE_S3_SERVER ?? join(tmpdir(), 'icecore-s3-server'));
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Prepares the server where it is not, and starts it at an address of its own. Gives how to reach and stop it, or why it cannot run. */
export async function startS3Server() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return { reason: 'the S3 server needs root on Linux' };
  const begun = performance.now();
  const prepared = spawnSync(script('prepare.sh'), [folder], { encoding: 'utf8', timeout: 900_000, maxBuffer: 1 << 28 });
  if (prepared.status !== 0) return { reason: `the S3 server could not be put into ${folder}: ${lastLine(prepared.stderr) || lastLine(prepared.stdout) || prepared.error?.message}` };
  const preparedMs = performance.now() - begun;
  let started = await run();
  // A program that listens on all addresses may have one of its ports; another try takes others.
  for (let tries = 1; started.endpoint === undefined && tries < 3; tries += 1) started = await run();
  return started.endpoint === undefined ? started : { ...started, preparedMs, startedMs: performance.now() - begun - preparedMs };
}

async function run() {
  // An address for each start: two servers that start at once find no port of the other's, nor does any program take one from them.
  const address = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const [monitorPort, port] = [randomInt(10_000, 20_000), randomInt(20_000, 30_000)];
  const server = spawn('unshare', ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', script('run.sh'), folder, address, `${monitorPort}`, `${port}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  server.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  const exited = once(server, 'exit');
  const ready = await Promise.race([once(server.stdout, 'data').then(() => true), exited.then(() => false)]);
  if (!ready) return { reason: `the S3 server did not start: ${lastLine(log)}` };
  return {
    endpoint: `http://${address}:${port}`,
    async stop() {
      server.stdin.end();
      await exited;
    },
  };
}

function lastLine(text) {
  return (text ?? '').trim().split('\n').at(-1);
}
