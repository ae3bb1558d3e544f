import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { captureApi, captureResourceDefinition, migrationPermissions, policyMap } from '@icecore/capture';
import { z } from 'zod';
import { type CommandLineRun, icecore, jsonObjects, mustIcecore } from './command-line.ts';
import { type ApiServer, certificateAuthority, podManifest, type Resource, startApiServer } from './index.ts';
import { capturingPolicy, recordedArchive } from './samples.test-support.ts';

const lacking = spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).status === 0 ? [] : ['docker-registry is not installed'];
const sealedSchema = z.object({ capture: z.string(), sha256: z.string() });

if (lacking.length > 0) {
  describe('icecore migrate in a cluster', () => {
    it.todo(`is not tried here: ${lacking.join('; ')}`);
  });
} else {
  describe('icecore migrate in a cluster', () => {
    let folder: string;
    let api: ApiServer;
    let registry: ChildProcess;
    let repository: string;
    let sealed: z.infer<typeof sealedSchema>;
    let stops: (() => void)[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'icecore-migration-'));
      const [told] = jsonObjects(await mustIcecore(['seal', recordedArchive, '--vault', join(folder, 'vault'), '--key', join(folder, 'key.pem'), '--json']));
      sealed = sealedSchema.parse(told);
      const port = await freePort();
      repository = `127.0.0.1:${port}/moves/web`;
      writeFileSync(join(folder, 'registry.yml'), `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder}/registry } }\nhttp: { addr: "127.0.0.1:${port}" }\n`);
      registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
      await until(async () => (await fetch(`http://127.0.0.1:${port}/v2/`)).ok);
      const authority = certificateAuthority('move');
      api = await startApiServer({ namespace: 'icecore', certificate: authority.server('kubernetes'), users: { token: { name: 'mover', permissions: migrationPermissions } } });
      for (const name of ['icecore', 'shop']) api.store.create(kind('', 'namespaces'), undefined, { metadata: { name } });
      const status = { nodeInfo: { architecture: 'amd64', containerRuntimeVersion: 'containerd://2.1.9' }, conditions: [{ type: 'Ready', status: 'True' }] };
      for (const name of ['node-a', 'node-b']) api.store.create(kind('', 'nodes'), undefined, { metadata: { name }, status });
      api.store.create(kind('', 'nodes'), undefined, { metadata: { name: 'node-arm' }, status: { ...status, nodeInfo: { architecture: 'arm64' } } });
      api.store.create(kind('apiextensions.k8s.io', 'customresourcedefinitions'), undefined, captureResourceDefinition());
      api.store.create(kind('', 'configmaps'), 'icecore', { metadata: { name: policyMap.name }, data: { [policyMap.key]: capturingPolicy() } });
      writeFileSync(join(folder, 'kubeconfig'), JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', clusters: [{ name: 'c', cluster: { server: api.url, 'certificate-authority-data': Buffer.from(authority.ca).toString('base64') } }], users: [{ name: 'u', user: { token: 'token' } }], contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }] }));
    });
    afterEach(() => {
      for (const stop of stops) stop();
      stops = [];
      api.faults.clear();
    });
    afterAll(async () => {
      registry.kill();
      await api.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const kind = (group: string, plural: string): Resource => {
      const found = api.store.resource(group, 'v1', plural);
      if (found === undefined) throw new Error(`there is no resource ${plural}`);
      return found;
    };
    const podOf = (name: string) => api.store.get(kind('', 'pods'), 'shop', name);
    const addPod = (name: string, deployment?: string): void => void api.store.create(kind('', 'pods'), 'shop', podManifest({ namespace: 'shop', name, containers: ['counter'], ...(deployment === undefined ? {} : { deployment }) }, 'node-a'));
    const move = (pod: string, ...words: readonly string[]): Promise<CommandLineRun> =>
      icecore(['migrate', `shop/${pod}/counter`, '--to', 'node-b', '--image', repository, '--steady', '1', '--within', '8', ...words], { width: 300, env: { KUBECONFIG: join(folder, 'kubeconfig') } });
    /** The node's role, whose vault this machine sees, and the kubelet of the other node. */
    const play = (sha256: string, ready: boolean): void => {
      stops.push(api.store.onChange(({ type, resource, object }) => {
        if (type !== 'ADDED') return;
        const { name } = object.metadata;
        const vault = { location: join(folder, 'vault'), key: sealed.capture };
        if (resource.plural === captureApi.plural) setTimeout(() => api.store.patch(kind(captureApi.group, captureApi.plural), 'icecore', name, { status: { phase: 'sealed', archive: { name: 'a.tar', takenAt: '2026-11-23T07:26:29Z', bytes: 1, sha256 }, vault } }, 'status', { strict: true }), 50);
        if (resource.plural === 'pods' && name.endsWith('-moved')) setTimeout(() => podOf(name) !== undefined && api.store.patch(kind('', 'pods'), 'shop', name, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], containerStatuses: [{ name: 'counter', restartCount: 0, state: { running: {} } }] } }, 'status'), 50);
      }));
    };

    it('looks, tells every step and what goes along, and does nothing unless it is told to', async () => {
      addPod('planned');
      const before = api.store.version();
      const { code, out, err } = await move('planned');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/To be known:[^]*after the capture is lost[^]*Nothing was done; with --run a move would:[^]*create pod shop\/planned-moved on node-b/);
      expect(api.store.version()).toBe(before);
    });

    it('moves: the image that the new pod has is in the registry, and its layer is the evidence', async () => {
      addPod('web');
      play(sealed.sha256, true);
      const { code, out } = await move('web', '--run');
      expect([code, out.trim()]).toEqual([0, 'shop/web-moved goes on, and shop/web is stopped']);
      expect(podOf('web')).toBeUndefined();
      const copy = z.looseObject({ spec: z.looseObject({ nodeName: z.string(), containers: z.array(z.looseObject({ image: z.string() })) }) }).parse(podOf('web-moved'));
      expect(copy.spec.nodeName).toBe('node-b');
      const [, digest = ''] = (copy.spec.containers[0]?.image ?? '').split('@');
      expect(copy.spec.containers[0]?.image).toBe(`${repository}@${digest}`);
      const [host = ''] = repository.split('/');
      const index = z.object({ manifests: z.array(z.object({ digest: z.string() })) }).parse(await read(`http://${host}/v2/moves/web/manifests/${digest}`, 'application/vnd.oci.image.index.v1+json'));
      const manifest = z.object({ layers: z.array(z.object({ digest: z.string() })) }).parse(await read(`http://${host}/v2/moves/web/manifests/${index.manifests[0]?.digest}`, 'application/vnd.oci.image.manifest.v1+json'));
      expect(manifest.layers).toMatchObject([{ digest: `sha256:${sealed.sha256}` }]);
    });

    it('takes back a copy that is not well, and says why', async () => {
      addPod('ill');
      play(sealed.sha256, false);
      const { code, out } = await move('ill', '--run', '--within', '2', '--json');
      expect(code).toBe(3);
      expect(jsonObjects(out)).toEqual([{ kind: 'rolled_back', failedAt: 'health', reason: 'the copy is not well in the time that it was given: it is not ready' }]);
      expect(podOf('ill')).toMatchObject({ status: { phase: 'Running' } });
      expect(podOf('ill-moved')).toBeUndefined();
    });

    it('does not go on from an archive that is not the one that was captured, nor without a registry', async () => {
      addPod('other');
      play('0'.repeat(64), true);
      const changed = await move('other', '--run');
      expect([changed.code, changed.out]).toEqual([3, expect.stringMatching(/taken back at image[^]*is not the one that was captured/)]);
      for (const stop of stops) stop();
      play(sealed.sha256, true);
      const gone = await move('other', '--run', '--image', `127.0.0.1:${await freePort()}/moves/web`);
      expect([gone.code, gone.out]).toEqual([3, expect.stringMatching(/taken back at image/)]);
      expect(podOf('other')).toMatchObject({ status: { phase: 'Running' } });
      expect(podOf('other-moved')).toBeUndefined();
    });

    it('begins nothing with a pod that has an owner, nor towards a node of another kind', async () => {
      addPod('owned', 'web');
      const before = api.store.version();
      const owned = await move('owned', '--run');
      expect([owned.code, owned.out]).toEqual([1, expect.stringMatching(/Not begun:[^]*belongs to ReplicaSet web-7c9d8f6b5/)]);
      addPod('alone');
      const arm = await move('alone', '--run', '--to', 'node-arm');
      expect([arm.code, arm.out]).toEqual([1, expect.stringContaining('is amd64 and node-arm is arm64')]);
      expect(api.store.version()).toBe(before + 1);
    });
  });
}

async function read(url: string, accept: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; ; tries++) {
    if (await holds().catch(() => false)) return;
    if (tries > 300) throw new Error('the registry does not answer');
    await sleep(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}
