import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';

/** Folder in which `prepare-s3-server.sh` put the server. */
const folder = resolve(process.env['ICECORE_S3_SERVER'] ?? '../../.icecore/s3-server');
const root = join(folder, 'root');
const home = '/srv/ceph';
const port = 7480;

/** Why the server cannot run here; undefined where it can. */
export function whyNoServer(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'the S3 server needs root on Linux';
  if (!existsSync(join(folder, 'prepared'))) return `no S3 server is prepared in ${folder}; run libs/aws/prepare-s3-server.sh`;
  return undefined;
}

export function startServer(): void {
  const mounts = ['proc', 'dev'].map((name) => `mountpoint -q ${root}/${name} || mount --bind /${name} ${root}/${name}`);
  run('sh', ['-c', mounts.join(' && ')]);
  writeFileSync(join(root, 'up.sh'), readFileSync('s3-server-up.sh'));
  run('chroot', [root, 'bash', '/up.sh']);
}

/** Ends the server's own processes, by the numbers that they wrote down, and gives the mounts back. */
export function stopServer(): void {
  const pids = join(root, home, 'run');
  for (const name of existsSync(pids) ? readdirSync(pids) : []) {
    if (name.endsWith('.pid')) spawnSync('kill', ['-9', readFileSync(join(pids, name), 'utf8').trim()]);
  }
  for (const name of ['proc', 'dev']) spawnSync('umount', ['-l', join(root, name)]);
  rmSync(join(root, home), { recursive: true, force: true });
}

export function serverClient(): S3Client {
  return new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'testtest' },
    maxAttempts: 4,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

function run(command: string, args: string[]): void {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, stdio: ['ignore', 'ignore', 'ignore'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr ?? ''}${stdout ?? ''}`);
}
