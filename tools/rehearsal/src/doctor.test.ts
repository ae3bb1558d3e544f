import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseNodeReport } from '@icecore/capture';
import { kubeletAnswers, recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { icecore, jsonObjects } from './command-line.ts';
import { capturingPolicy, recordedArchive } from './samples.test-support.ts';

let rehearsal: Rehearsal;
let node: RoleProcess;
let host = '';

beforeAll(async () => {
  rehearsal = await startRehearsal({ policy: capturingPolicy(), checkpointer: recordedCheckpointer(recordedArchive, () => 20) });
  host = join(rehearsal.folder, 'host');
  mkdirSync(join(host, 'etc/criu'), { recursive: true });
  mkdirSync(join(host, 'etc/containerd/conf.d'), { recursive: true });
  writeFileSync(join(host, 'etc/criu/runc.conf'), 'tcp-established\n');
  writeFileSync(join(host, 'etc/containerd/config.toml'), 'version = 3\n');
  const { store } = rehearsal.api;
  store.create(store.resource('', 'v1', 'pods')!, 'icecore', { metadata: { name: 'icecore-alerts-1', labels: { 'app.kubernetes.io/name': 'icecore-alerts' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  rehearsal.addPod({ namespace: 'shop', name: 'one', containers: ['app'] });
  node = rehearsal.start('node', { ICECORE_HOST_ROOT: host, ICECORE_REPORT_SECONDS: '1', ICECORE_FREE_BYTES: '0' });
  await node.ready;
});
afterAll(() => rehearsal.stop());

interface Told {
  readonly name: string;
  readonly checks: readonly { readonly check: string; readonly state: string; readonly says: string; readonly remedy?: string }[];
}
async function doctor(...words: readonly string[]): Promise<{ code: number | null; node: Told['checks']; cluster: Told['checks'] }> {
  const { code, out, err } = await icecore(['doctor', '--json', '--free', '0', ...words], { env: { KUBECONFIG: rehearsal.kubeconfigs.doctor } });
  expect(err).toBe('');
  const told: Told[] = jsonObjects(out).map((each) => JSON.parse(JSON.stringify(each)));
  return { code, cluster: told[0]?.checks ?? [], node: told[1]?.checks ?? [] };
}
const capture = () => icecore(['capture', 'shop/one'], { width: 220, env: { KUBECONFIG: rehearsal.kubeconfigs.operator } });
const notGood = (checks: Told['checks']): string[] => checks.filter(({ state }) => state !== 'good').map(({ check, state, says }) => `${check} ${state}: ${says}`);
async function readiness(): Promise<readonly [number, string]> {
  const answer = await fetch(`${(await node.ready).health}/readyz`);
  return [answer.status, await answer.text()];
}
/** Waits until readiness says it, as the report is made once a second. */
async function readyOnce(expected: RegExp): Promise<void> {
  for (let i = 0; i < 400 && !expected.test((await readiness())[1]); i += 1) await sleep(50);
  expect((await readiness())[1]).toMatch(expected);
}

describe('what icecore doctor and readiness tell of a node', () => {
  it('is that all is well, but for CRIU, which no capture has shown yet', async () => {
    await readyOnce(/^ready\n$/);
    const told = await doctor();
    expect([told.code, notGood(told.cluster), notGood(told.node)]).toEqual([4, [], ['criu unseen: not seen: it lies outside of what the node role is shown, and nothing was captured yet']]);
    expect(told.node.find(({ check }) => check === 'rbac')).toMatchObject({ state: 'good', says: 'all that the node role needs' });
  });

  it('is CRIU’s version once an archive told it', async () => {
    const { code } = await capture();
    expect(code).toBe(0);
    await sleep(1500);
    const told = await doctor();
    expect([told.code, notGood(told.node)]).toEqual([0, []]);
    expect(told.node.find(({ check }) => check === 'criu')).toMatchObject({ says: '4.2.1' });
  });

  const kubeletFault = (body: () => { status: number; body: string }) => (): void => {
    const { status, body: text } = body();
    rehearsal.kubelet.faults.plan(/^POST \/checkpoint\/icecore-preflight/, { kind: 'answer', status, body: text }, 1_000_000);
  };
  const mended = (): void => rehearsal.kubelet.faults.clear();
  test.each<[string, () => void, () => void, RegExp, string, string]>([
    ['a gate that is off', () => void (rehearsal.kubelet.state.gate = false), () => void (rehearsal.kubelet.state.gate = true), /^gate: ContainerCheckpoint is off$/m, 'gate', 'featureGates'],
    ['a token that the kubelet does not accept', kubeletFault(() => kubeletAnswers.unauthorized()), mended, /^kubelet: .*the kubelet does not accept the token/m, 'kubelet', 'authorization.mode: Webhook'],
    ['a right that is missing', kubeletFault(() => kubeletAnswers.forbidden('system:serviceaccount:icecore:icecore-node')), mended, /^rbac: .*create nodes\/checkpoint/m, 'rbac', 'apply the manifests’ RBAC'],
    ['a kubelet that cuts the line', () => rehearsal.kubelet.faults.plan(/icecore-preflight/, { kind: 'cut' }, 1_000_000), mended, /^kubelet: .*cannot reach it/m, 'kubelet', 'port 10250'],
    ['TCP connections that CRIU may not keep', () => writeFileSync(join(host, 'etc/criu/runc.conf'), '# tcp-established\n'), () => writeFileSync(join(host, 'etc/criu/runc.conf'), 'tcp-established\n'), /^tcp-established: CRIU refuses/m, 'tcp-established', '/etc/criu/runc.conf'],
    ['checkpoints that are switched off in the runtime', () => writeFileSync(join(host, 'etc/containerd/conf.d/50.toml'), 'enable_criu = false\n'), () => rmSync(join(host, 'etc/containerd/conf.d/50.toml')), /^runtime: containerd 2\.1\.9 has checkpoints switched off$/m, 'runtime', 'enable_criu = true'],
    ['a vault that is no folder', () => (rmSync(join(rehearsal.folder, 'vault'), { recursive: true, force: true }), writeFileSync(join(rehearsal.folder, 'vault'), '')), () => rmSync(join(rehearsal.folder, 'vault')), /^vault: .*ENOTDIR/m, 'vault', 'ICECORE_VAULT'],
  ])('is %s, with what helps, until it is mended', async (_what, breakIt, mendIt, readyz, check, remedy) => {
    breakIt();
    await readyOnce(readyz);
    expect((await readiness())[0]).toBe(503);
    const metrics = await (await fetch(`${(await node.ready).health}/metrics`)).text();
    expect(metrics).toContain(`icecore_preflight_faults{check="${check}"} 1`);
    const { code, node: checks } = await doctor();
    expect(code).toBe(1);
    expect(checks.filter(({ state }) => state === 'bad')).toEqual([{ check, state: 'bad', says: expect.any(String), remedy: expect.stringContaining(remedy) }]);
    mendIt();
    await readyOnce(/^ready\n$/);
    expect((await doctor()).code).toBe(0);
  });

  it('is that CRIU is missing, once the runtime said so', async () => {
    rehearsal.kubelet.state.criu = false;
    const { code, out } = await capture();
    expect([code, out]).toEqual([1, expect.stringContaining('CriuMissing: the node has no CRIU, or one that is too old: install CRIU 3.16 or newer')]);
    await readyOnce(/^criu: the runtime did not find it/m);
    expect((await doctor()).node.filter(({ state }) => state === 'bad')).toMatchObject([{ check: 'criu', remedy: expect.stringContaining('install CRIU 3.16 or newer on the node') }]);
    rehearsal.kubelet.state.criu = true;
    expect((await capture()).code).toBe(0);
    await readyOnce(/^ready\n$/);
  });

  it('is one report a node, which nobody but its role writes', () => {
    const { store } = rehearsal.api;
    const reports = store.list(store.resource('', 'v1', 'configmaps')!, 'icecore').flatMap((each) => parseNodeReport(each) ?? []);
    expect(reports.map(({ node: of }) => of)).toEqual(['lab-node']);
    expect(rehearsal.counted('create configmaps')).toBe(1);
  });

  it('is that the role no longer reports, once it has ended', async () => {
    expect(await node.stop()).toBe(0);
    const { store } = rehearsal.api;
    const maps = store.resource('', 'v1', 'configmaps')!;
    const [map] = store.list(maps, 'icecore').filter(({ metadata }) => metadata.name === 'icecore-node-lab-node');
    const report = parseNodeReport(map);
    store.patch(maps, 'icecore', 'icecore-node-lab-node', { data: { 'report.json': JSON.stringify({ ...report, at: new Date(Date.now() - 20 * 60_000).toISOString() }) } }, 'main');
    expect((await doctor()).node.filter(({ state }) => state === 'bad')).toMatchObject([{ check: 'role', says: 'its last report is 20 minutes old' }]);
  });
});
