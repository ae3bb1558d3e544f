import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NodeReport, nodeReportManifest } from '@icecore/capture';

const folder = mkdtempSync(join(tmpdir(), 'icecore-doctor-'));
const root = join(import.meta.dirname, '../../..');

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
/** Runs the command while this process answers it. */
function icecore(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'apps/cli/bin/icecore.cjs'), 'doctor', ...words], { cwd: root, env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '', COLUMNS: '200', ...env } });
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

const nodeObject = (name: string, containerRuntimeVersion = 'containerd://2.1.9', kubeletVersion = 'v1.36.0') => ({
  metadata: { name },
  status: { nodeInfo: { kubeletVersion, containerRuntimeVersion, osImage: 'Debian GNU/Linux 12', operatingSystem: 'linux' }, conditions: [{ type: 'Ready', status: 'True' }] },
});
const report = (node: string, change: Partial<NodeReport> = {}): object =>
  nodeReportManifest(
    {
      schema: 1,
      node,
      at: new Date().toISOString(),
      kubelet: { probe: 'ready', message: '' },
      tcpEstablished: true,
      runtimeAllows: null,
      criu: { present: true, version: '4.2.1' },
      disk: { freeBytes: 40 * 2 ** 30 },
      vault: { reachable: true, message: '' },
      clockOffsetMs: 0,
      ...change,
    },
    'icecore',
  );

/** An API server with what a test puts into it. Paths are those of a real one, as are the answers to what is not there or not permitted. */
interface Cluster {
  nodes: object[];
  reports: object[];
  pods: object[];
  resource: boolean;
  /** Verbs and resources that the reviewed accounts may not. */
  denied: readonly string[];
  /** What the asker is refused, as the beginning of a path. */
  forbidden: readonly string[];
  configz: Readonly<Record<string, object>>;
}
const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const well = (): Cluster => ({ nodes: [nodeObject('node-a'), nodeObject('node-b', 'cri-o://1.37.0')], reports: [report('node-a'), report('node-b')], pods: [ready, ready], resource: true, denied: [], forbidden: [], configz: {} });
let cluster = well();
const asked: string[] = [];

async function answer(request: IncomingMessage): Promise<readonly [number, unknown]> {
  const { pathname } = new URL(request.url ?? '/', 'http://api');
  asked.push(`${request.method} ${pathname}`);
  const failure = (code: number, reason: string, message: string) => [code, { kind: 'Status', status: 'Failure', reason, message, code }] as const;
  if (request.headers.authorization !== 'Bearer of-the-asker') return failure(401, 'Unauthorized', 'Unauthorized');
  if (cluster.forbidden.some((each) => pathname.startsWith(each))) return failure(403, 'Forbidden', `${pathname} is forbidden: User "jane" cannot do that`);
  if (pathname === '/api/v1/nodes') return [200, { metadata: {}, items: cluster.nodes }];
  if (pathname === '/api/v1/namespaces/icecore/configmaps') return [200, { metadata: {}, items: cluster.reports }];
  if (pathname === '/api/v1/namespaces/icecore/pods') return [200, { metadata: {}, items: cluster.pods }];
  if (pathname === '/apis/icecore.dev/v1' && cluster.resource) return [200, { kind: 'APIResourceList' }];
  if (pathname === '/version') return [200, { major: '1', minor: '36' }];
  const [, proxied] = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/configz$/.exec(pathname) ?? [];
  if (proxied !== undefined && cluster.configz[proxied] !== undefined) return [200, cluster.configz[proxied]];
  if (pathname === '/apis/authorization.k8s.io/v1/subjectaccessreviews' && request.method === 'POST') {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { user, resourceAttributes: { verb, resource, subresource } } = JSON.parse(body).spec;
    const allowed = !cluster.denied.includes(`${user.split(':').at(-1)} ${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`);
    return [201, { status: { allowed } }];
  }
  return failure(404, 'NotFound', 'the server could not find the requested resource');
}

let server: Server;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  environment = { KUBECONFIG: kubeconfig('config', port) };
});
beforeEach(() => {
  cluster = well();
  asked.length = 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
function kubeconfig(name: string, port: number): string {
  const path = join(folder, name);
  const config = { apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }], users: [{ name: 'u', user: { token: 'of-the-asker' } }], contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': 'x' };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

interface Told {
  readonly name: string;
  readonly good: boolean;
  readonly checks: readonly { check: string; state: string; says: string; remedy?: string }[];
}
async function told(...words: readonly string[]): Promise<{ code: number | null; all: readonly Told[] }> {
  const { code, out, err } = await icecore(environment, '--json', ...words);
  expect(err).toBe('');
  return { code, all: out.split(/\n(?=\{)/).filter(Boolean).map((line): Told => JSON.parse(line)) };
}
const faults = (all: readonly Told[]): readonly string[] => all.flatMap(({ name, checks }) => checks.filter(({ state }) => state !== 'good').map(({ check, state }) => `${name} ${check} ${state}`));

describe('icecore doctor', () => {
  it('finds a cluster well, and asks for nothing but to read and to review', async () => {
    const { code, all } = await told();
    expect(faults(all)).toEqual([]);
    expect([code, all.map(({ name }) => name)]).toEqual([0, ['cluster', 'node-a', 'node-b']]);
    expect(asked.filter((each) => !each.startsWith('GET ') && !each.endsWith('/subjectaccessreviews'))).toEqual([]);
  });

  it('tells of each failure its remedy, and ends with 1', async () => {
    cluster.reports = [report('node-a', { tcpEstablished: false, disk: { freeBytes: 2 ** 29 } }), report('node-b', { kubelet: { probe: 'gate_off', message: 'off' } })];
    cluster.denied = ['icecore-node create nodes/checkpoint', 'icecore-alerts create captures'];
    const { code, out } = await icecore(environment);
    expect(code).toBe(1);
    expect(out).toMatch(/^NODE +ROLE +KUBELET +GATE +RUNTIME +CRIU +TCP-ESTABLISHED +DISK +RBAC +VAULT +CLOCK$/m);
    expect(out).toMatch(/^node-b +ok +v1\.36\.0 +FAILS +cri-o 1\.37\.0/m);
    expect(out).toMatch(/fails {2}node-a: tcp-established: .*\n +a line tcp-established in \/etc\/criu\/runc\.conf/);
    expect(out).toMatch(/fails {2}node-a: disk: 0\.5 GiB free/);
    expect(out).toMatch(/fails {2}node-b: gate: .*\n +featureGates/);
    expect(out).toContain('the node role may not create nodes/checkpoint');
    expect(out).toContain('alerts may not create captures.icecore.dev in icecore');
  });

  it('says what it may not see, and ends with 4', async () => {
    cluster.forbidden = ['/apis/authorization.k8s.io', '/api/v1/namespaces/icecore/pods'];
    const { code, all } = await told();
    expect(code).toBe(4);
    expect(faults(all)).toEqual(['cluster role unseen', 'cluster rbac unseen', 'node-a rbac unseen', 'node-b rbac unseen']);
    expect(JSON.stringify(all)).toContain('not seen: /apis/authorization.k8s.io/v1/subjectaccessreviews is forbidden');
  });

  it('reads a kubelet’s own configuration where its node role tells nothing', async () => {
    cluster.reports = [];
    cluster.configz = { 'node-a': { kubeletconfig: { featureGates: { ContainerCheckpoint: false } } }, 'node-b': { kubeletconfig: {} } };
    const { all } = await told();
    expect(faults(all)).toEqual(expect.arrayContaining(['node-a role bad', 'node-a gate bad', 'node-a criu unseen', 'node-b vault unseen']));
    expect(faults(all)).not.toContain('node-b gate unseen');
  });

  it('asks about the way through the API server where that is the way', async () => {
    cluster.denied = ['icecore-node create nodes/checkpoint'];
    expect(faults((await told('--proxy')).all)).toEqual([]);
    cluster.denied = ['icecore-node create nodes/proxy'];
    expect(faults((await told('--proxy', 'node-a')).all)).toEqual(['node-a rbac bad']);
  });

  it('says that icecore is not installed', async () => {
    cluster = { ...well(), resource: false, pods: [], reports: [] };
    const { all } = await told();
    expect(all[0]?.checks[0]).toMatchObject({ check: 'role', state: 'bad', says: 'the API does not know captures', remedy: expect.stringContaining('kubectl apply -k') });
  });

  test.each([
    ['a node that is not there', ['node-z'], 2],
    ['a number that is none', ['--free', 'much'], 2],
    ['a node of this machine', ['--local', 'node-a'], 2],
  ])('refuses %s', async (_what, words, code) => {
    expect((await icecore(environment, ...words)).code).toBe(code);
  });

  it('says that the API does not answer, and ends with 3', async () => {
    const { code, err } = await icecore({ KUBECONFIG: kubeconfig('nobody', 1) });
    expect(code).toBe(3);
    expect(err).toContain('the Kubernetes API does not answer');
    cluster.forbidden = ['/api/v1/nodes'];
    expect((await icecore(environment)).code).toBe(3);
    expect((await icecore({ KUBECONFIG: join(folder, 'none') })).code).toBe(3);
    expect((await icecore(environment, '--context', 'none')).code).toBe(3);
  });
});

describe('icecore doctor --local', () => {
  const programs = join(folder, 'bin');
  function program(name: string, text: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  it('looks at this very machine, and tells the truth about it', async () => {
    const { out } = await icecore({}, '--local', '--json');
    const { checks }: Told = JSON.parse(out);
    expect(checks.map(({ check }) => check)).toEqual(expect.arrayContaining(['kubelet', 'gate', 'runtime', 'criu', 'tcp-established', 'disk']));
    expect(checks.find(({ check }) => check === 'disk')?.says).toMatch(/^\d+\.\d GiB free/);
  });

  it('asks the programs that are there', async () => {
    mkdirSync(programs);
    program('criu', 'if [ "$1" = check ]; then echo "Looks good."; else echo "Version: 4.2.1"; fi');
    program('containerd', 'echo "containerd github.com/containerd/containerd/v2 v2.1.9 abc"');
    program('kubelet', 'echo "Kubernetes v1.36.0"');
    const { out } = await icecore({ PATH: `${programs}:${process.env['PATH'] ?? ''}` }, '--local');
    expect(out).toMatch(/Kubernetes v1\.36\.0/);
    expect(out).toMatch(/4\.2\.1/);
    expect(out).toMatch(/containerd 2\.1\.9/);
  });
});
