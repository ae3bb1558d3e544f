import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { examplePolicy } from '@icecore/alerts';
import { render } from '../kustomize/render.ts';
import { certificate, emptyApiServer } from './api-server.test-support.ts';
import { manifestContainer, type ManifestContainer } from './container.ts';
import { writeOciImage } from './oci-image.ts';
import { assembleRootFileSystem, nodeBinary } from './root-file-system.ts';
import { type Mount, runContainer, type RunningContainer } from './run-container.test-support.ts';

const repository = join(import.meta.dirname, '../../../..');
const project = join(repository, 'infra/cluster');
const entry = process.env['ICECORE_TRIGGER_ENTRY'] ?? join(repository, 'apps/trigger/dist/main.mjs');
const folder = mkdtempSync(join(tmpdir(), 'icecore-image-'));
const objects = render(join(project, 'overlays/least-privilege'), project);
const fields = { 'metadata.namespace': 'icecore', 'spec.nodeName': 'node-a', 'status.hostIP': '127.0.0.1' };
const containers = {
  alerts: manifestContainer(objects, 'Deployment', 'icecore-alerts', fields),
  node: manifestContainer(objects, 'DaemonSet', 'icecore-node', fields),
};

function installed(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
const lacking = [
  ...(process.getuid?.() === 0 && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' }).status === 0 ? [] : ['a root file system is entered by root alone, with CAP_SYS_ADMIN']),
  ...['setpriv', 'openssl', 'tar', 'ldd'].filter((each) => !installed(each)).map((each) => `${each} is not installed`),
  ...(existsSync(entry) ? [] : [`${entry} is not there: nx bundle @icecore/trigger`]),
];
// What is missing is told, and nothing is tried.
const described = lacking.length === 0 ? describe : describe.skip;
if (lacking.length > 0) it.todo(`the image is not tried here: ${lacking.join('; ')}`);

const node = nodeBinary();
const image = join(folder, 'image');
let digest = '';
/** The image's one layer. */
const layerFile = (): string => {
  const blobs = join(image, 'blobs/sha256');
  const [largest = ''] = readdirSync(blobs).toSorted((a, b) => statSync(join(blobs, b)).size - statSync(join(blobs, a)).size);
  return join(blobs, largest);
};

let api: Awaited<ReturnType<typeof emptyApiServer>>;
beforeAll(async () => {
  if (lacking.length > 0) return;
  api = await emptyApiServer(folder);
  assembleRootFileSystem(join(folder, 'image-root'), { node, entry });
  digest = await writeOciImage(join(folder, 'image-root'), image, 'trigger');
});
afterAll(() => {
  if (lacking.length === 0) {
    api.server.closeAllConnections();
    api.server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Folders for the volumes of a role, with what you are asked to put into them. */
function volumesOf(role: 'alerts' | 'node', name: string): readonly Mount[] {
  const home = join(folder, name);
  const contents: Readonly<Record<string, (at: string) => void>> = {
    policy: (at) => writeFileSync(join(at, 'policy.yaml'), examplePolicy),
    senders: (at) => writeFileSync(join(at, 'tokens'), 'a-token-of-a-sender\n'),
    tls: (at) => void certificate(at),
  };
  const { mounts, fsGroup } = containers[role];
  return [
    ...mounts.map(({ volume, path, readOnly }): Mount => {
      const from = join(home, volume);
      mkdirSync(from, { recursive: true, mode: volume === 'checkpoints' ? 0o700 : 0o755 });
      contents[volume]?.(from);
      // Secrets are the group's to read and nobody else's, as their volumes say.
      for (const file of fsGroup === undefined ? [] : ['tls.key', 'tls.crt', 'tokens'].map((each) => join(from, each)).filter(existsSync)) {
        chownSync(file, 0, fsGroup ?? 0);
        chmodSync(file, 0o440);
      }
      return { from, to: path, readOnly };
    }),
    { from: api.serviceAccount, to: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
  ];
}

function start(role: 'alerts' | 'node', name: string, program: string, more: Partial<ManifestContainer> = {}, mounts = volumesOf(role, name)): RunningContainer {
  const root = join(folder, `${name}-root`);
  if (program === entry) {
    mkdirSync(root);
    execFileSync('tar', ['--extract', '--gzip', '--file', layerFile(), '-C', root]);
  } else {
    assembleRootFileSystem(root, { node, entry: program });
  }
  const container = containers[role];
  // KUBERNETES_SERVICE_* are what the kubelet gives to every container.
  const env = { ...container.env, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(api.port), ...more.env };
  return runContainer(root, { ...container, ...more, env }, mounts);
}

async function until<T>(what: string, container: RunningContainer, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (container.child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`${what}: ${container.output()}`);
}

async function httpStatus(url: string): Promise<number | undefined> {
  return (await fetch(url)).status;
}
const whole = (url: string) => async (): Promise<true | undefined> => ((await httpStatus(url)) === 200 ? true : undefined);

/** Ends it as a kubelet does. */
async function stop(container: RunningContainer): Promise<number | null> {
  process.kill(container.pid(), 'SIGTERM');
  return container.ended;
}

function expectUnprivileged(container: RunningContainer, user: number): void {
  const status = container.status();
  expect(status.get('Uid')).toBe([user, user, user, user].join('\t'));
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect([set, status.get(set)]).toEqual([set, '0000000000000000']);
  expect(status.get('NoNewPrivs')).toBe('1');
  const root = readFileSync(`/proc/${container.pid()}/mountinfo`, 'utf8').split('\n').find((line) => line.split(' ')[4] === '/');
  expect(root?.split(' ')[5]).toMatch(/^ro,/);
}

described('the image', () => {
  it('holds Node, its libraries, the bundle, authorities and accounts, and nothing else', () => {
    const names = execFileSync('tar', ['--list', '--gzip', '--file', layerFile()], { encoding: 'utf8' }).trim().split('\n').filter((path) => !path.endsWith('/'));
    const kinds = names.map((path) => path.replace(/^\.\/app\/.+\.mjs$/, 'bundle').replace(/^\.\/lib(?:64)?\/(?:\S+\/)?(ld-linux-\w+(?:-\d+)?|lib\w+(?:\+\+)?)[.-].*$/, '$1'));
    expect([...new Set(kinds)].toSorted()).toEqual(['./etc/group', './etc/nsswitch.conf', './etc/passwd', './etc/ssl/certs/ca-certificates.crt', './nodejs/bin/node', 'bundle', expect.stringMatching(/^ld-linux-/), 'libc', 'libdl', 'libgcc_s', 'libm', 'libpthread', 'libstdc++']);
  });

  it('is the same for the same parts, byte for byte', async () => {
    expect(await writeOciImage(join(folder, 'image-root'), join(folder, 'again'), 'trigger')).toBe(digest);
  });

  it('is read by skopeo, where skopeo is', () => {
    if (!installed('skopeo')) return;
    const inspected = JSON.parse(execFileSync('skopeo', ['inspect', `oci:${image}:trigger`], { encoding: 'utf8' }));
    expect(inspected).toMatchObject({ Os: 'linux', Architecture: process.arch === 'x64' ? 'amd64' : 'arm64', Layers: [`sha256:${basename(layerFile())}`], Env: expect.arrayContaining(['NODE_ENV=production']) });
    const config = JSON.parse(execFileSync('skopeo', ['inspect', '--config', `oci:${image}:trigger`], { encoding: 'utf8' }));
    expect(config.config).toMatchObject({ User: '65532:65532', Entrypoint: ['/nodejs/bin/node', '/app/main.mjs'] });
  });

  it('is pushed by icecore image, and is in the registry under the digest for the overlay, where docker-registry is', async () => {
    if (!installed('docker-registry')) return;
    const port = 5980;
    writeFileSync(join(folder, 'registry.yml'), `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder}/registry } }\nhttp: { addr: "127.0.0.1:${port}" }\n`);
    const registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
    try {
      for (let tries = 0; tries < 200 && (await httpStatus(`http://127.0.0.1:${port}/v2/`).catch(() => undefined)) !== 200; tries += 1) await sleep(50);
      const pushed = execFileSync(node, ['apps/cli/bin/icecore.cjs', 'image', image, `127.0.0.1:${port}/icecore/trigger:1`], { cwd: repository, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
      expect(pushed).toContain(digest);
      const answer = await fetch(`http://127.0.0.1:${port}/v2/icecore/trigger/manifests/${digest}`, { headers: { accept: 'application/vnd.oci.image.index.v1+json' } });
      expect([answer.status, `sha256:${createHash('sha256').update(Buffer.from(await answer.arrayBuffer())).digest('hex')}`]).toEqual([200, digest]);
    } finally {
      registry.kill();
    }
  });
});

/** Tries what a role must be able to do and must not, and says what came of it. */
const probe = `
import { accessSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.code; } };
const folder = process.env.ICECORE_CHECKPOINT_FOLDER ?? '/none';
console.log(JSON.stringify({
  root: readdirSync('/').sort(),
  writeApp: attempt(() => writeFileSync('/app/x', '')),
  writeEtc: attempt(() => writeFileSync('/etc/x', '')),
  writePolicy: attempt(() => writeFileSync('/etc/icecore/policy/x', '')),
  readSecret: attempt(() => readFileSync('/etc/icecore/senders/tokens')),
  readArchive: attempt(() => readFileSync(folder + '/checkpoint-own.tar')),
  readOther: attempt(() => readFileSync(folder + '/of-another.tar')),
  removeArchive: attempt(() => rmSync(folder + '/checkpoint-own.tar')),
  keepState: attempt(() => writeFileSync('/var/lib/icecore/x', '')),
  args: process.argv.slice(2),
}));
`;

described('what the manifest lets a role do', () => {
  const program = join(folder, 'probe', 'main.mjs');
  beforeAll(() => {
    mkdirSync(join(folder, 'probe'));
    writeFileSync(program, probe);
  });
  async function probed(role: 'alerts' | 'node', mounts: readonly Mount[]): Promise<Readonly<Record<string, unknown>>> {
    const container = start(role, `probe-${role}`, program, {}, mounts);
    expect([await container.ended, container.output()]).toEqual([0, expect.stringMatching(/^\{.*\}\n$/)]);
    return JSON.parse(container.output());
  }

  test('alerts reads its secrets, and writes nowhere', async () => {
    const answer = await probed('alerts', volumesOf('alerts', 'probe-alerts'));
    expect(answer).toMatchObject({ args: ['alerts'], readSecret: 'done', writeApp: 'EROFS', writeEtc: 'EROFS', writePolicy: 'EROFS', keepState: expect.stringMatching(/EROFS|ENOENT/) });
    expect(answer['root']).toEqual(['app', 'dev', 'etc', 'lib', 'lib64', 'nodejs', 'probe', 'proc', 'sys', 'tmp', 'var']);
  });

  test('node reads and removes root’s archives without any capability, and nobody else’s', async () => {
    const mounts = volumesOf('node', 'probe-node');
    const checkpoints = mounts.find(({ to }) => to === '/var/lib/kubelet/checkpoints')?.from ?? '';
    for (const name of ['checkpoint-own.tar', 'of-another.tar']) writeFileSync(join(checkpoints, name), 'memory', { mode: 0o600 });
    chownSync(join(checkpoints, 'of-another.tar'), 1000, 1000);
    expect(await probed('node', mounts)).toMatchObject({ args: ['node'], readArchive: 'done', removeArchive: 'done', readOther: 'EACCES', keepState: 'done', writeApp: 'EROFS', writeEtc: 'EROFS' });
  });
});

described('the roles, as they are shipped', () => {
  test('alerts becomes ready, takes alerts from those it knows alone, and drains', async () => {
    const container = start('alerts', 'alerts', entry);
    await until('healthy', container, whole('http://127.0.0.1:9090/healthz'));
    await until('ready', container, whole('http://127.0.0.1:9090/readyz'));
    expectUnprivileged(container, 65_532);
    expect(await httpStatus('http://127.0.0.1:9090/metrics')).toBe(200);
    const ca = readFileSync(join(folder, 'alerts/tls/tls.crt'));
    const send = (token: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port: 8443, path: '/', method: 'POST', ca, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }, (answer) => resolve((answer.resume(), answer.statusCode)));
        sent.on('error', reject);
        sent.end('{}');
      });
    expect(await until('listening', container, () => send('a-stranger-at-the-door'))).toBe(401);
    // Known, and not an alert.
    expect(await send('a-token-of-a-sender')).toBe(422);
    expect(api.asked).toContainEqual('GET /apis/icecore.dev/v1/namespaces/icecore/captures Bearer of-the-role');
    expect(await stop(container)).toBe(0);
  });

  test('node is alive on a node whose kubelet and vault it does not reach, says so in words, is not ready, and drains', async () => {
    // The region is what the cloud gives to the pod of an account with an identity.
    const container = start('node', 'node', entry, { env: { AWS_REGION: 'eu-west-1', ICECORE_SIGNING_KEY: '/var/lib/icecore/signing.pem' } });
    await until('healthy', container, whole('http://127.0.0.1:9091/healthz'));
    await until('not ready', container, async () => ((await httpStatus('http://127.0.0.1:9091/readyz')) === 503 ? true : undefined));
    await until('words', container, async () => (/the kubelet cannot be reached/.test(container.output()) && /"check":"vault"/.test(container.output()) ? true : undefined));
    expectUnprivileged(container, 0);
    expect(await stop(container)).toBe(0);
  });

  test('a role that is not told what it needs says so, and ends', async () => {
    const container = start('node', 'untold', entry, { env: { ICECORE_VAULT: '' } });
    expect(await container.ended).toBe(2);
    expect(container.output()).toContain('ICECORE_VAULT');
  });
});
