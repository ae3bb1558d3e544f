import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Capture, captureResourceDefinition, type NewCapture, type NodeReport, parseNodeReport } from '@icecore/capture';
import { type ApiClient, apiClient, captureStore, cluster, type Connection, followUpActions, inClusterConnection, isKubernetesError, kubeconfigConnection, publishNodeReport, reflect, serverTime, watchAnnotatedPods } from '@icecore/kubernetes';
import { type ApiServer, certificateAuthority, podManifest, startApiServer } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-api-'));
const authority = certificateAuthority('api');
const users = { admin: { name: 'admin' }, nobody: { name: 'nobody', permissions: { own: [], cluster: [], optional: {} } } };
let server: ApiServer;
let connection: Connection;
let api: ApiClient;
const inCluster = async (token: string): Promise<Connection> => {
  writeFileSync(join(folder, 'token'), `${token}\n`);
  writeFileSync(join(folder, 'ca.crt'), authority.ca);
  writeFileSync(join(folder, 'namespace'), 'icecore');
  const { hostname, port } = new URL(server.url);
  const found = await inClusterConnection({ KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }, folder);
  if (found === undefined) throw new Error('this is no pod');
  return found;
};
const resource = (group: string, plural: string) => server.store.resource(group, 'v1', plural)!;
const addPod = (namespace: string, name: string, over: object = {}) => server.store.create(resource('', 'pods'), namespace, podManifest({ namespace, name, containers: ['app'], ...over }, 'node-a'));

beforeEach(async () => {
  server = await startApiServer({ namespace: 'icecore', users, certificate: authority.server('kubernetes'), bookmarkMs: 100, log: () => 'a line' });
  server.store.create(resource('apiextensions.k8s.io', 'customresourcedefinitions'), undefined, captureResourceDefinition());
  connection = await inCluster('admin');
  api = apiClient(connection);
});
afterEach(() => server.stop());
afterAll(() => rmSync(folder, { recursive: true }));

const failure = (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (isKubernetesError(error) ? [error.status, error.reason] : error));
const get = (path: string, client = api) => client.json({ method: 'GET', path });

describe('the way to the API server', () => {
  it('is that of a pod, or of a kubeconfig, and neither outside of both', async () => {
    expect([connection.namespace, connection.server.protocol]).toEqual(['icecore', 'https:']);
    expect(await inClusterConnection({})).toBeUndefined();
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'a', clusters: [{ name: 'c', cluster: { server: server.url, 'certificate-authority-data': Buffer.from(authority.ca).toString('base64') } }], users: [{ name: 'u', user: { token: 'admin' } }, { name: 'n', user: { token: 'nobody' } }], contexts: [{ name: 'a', context: { cluster: 'c', user: 'u', namespace: 'shop' } }, { name: 'b', context: { cluster: 'c', user: 'n' } }] }));
    process.env['KUBECONFIG'] = kubeconfig;
    try {
      const first = await kubeconfigConnection();
      expect([first.namespace, await get('/api/v1/nodes', apiClient(first))]).toMatchObject(['shop', { kind: 'NodeList' }]);
      expect(await failure(get('/api/v1/nodes', apiClient(await kubeconfigConnection('b'))))).toEqual([403, 'Forbidden']);
      await expect(kubeconfigConnection('none')).rejects.toThrow('no current context');
    } finally {
      delete process.env['KUBECONFIG'];
    }
  });

  it('checks the server’s certificate', async () => {
    writeFileSync(join(folder, 'ca.crt'), certificateAuthority('another').ca);
    const { hostname, port } = new URL(server.url);
    const other = await inClusterConnection({ KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }, folder);
    expect(await failure(get('/api/v1/nodes', apiClient(other!)))).toEqual([undefined, 'Unreachable']);
  });

  it('tells the server’s time', async () => {
    expect(Math.abs((await serverTime(connection))!.getTime() - Date.now())).toBeLessThan(2000);
  });
});

describe('what the API answers', () => {
  it('is told by status and reason', async () => {
    expect(await failure(get('/api/v1/nodes/none'))).toEqual([404, 'NotFound']);
    expect(await failure(get('/apis/none.dev/v1/things'))).toEqual([404, 'NotFound']);
    expect(await failure(get('/api/v1/nodes', apiClient(await inCluster('nobody'))))).toEqual([403, 'Forbidden']);
    expect(await failure(get('/api/v1/nodes', apiClient(await inCluster('unknown'))))).toEqual([401, 'Unauthorized']);
  });

  test.each([
    ['text', { kind: 'answer', status: 500, body: 'etcd is away' }, [500, 'Status500']],
    ['no JSON', { kind: 'answer', status: 200, body: '<html>' }, [undefined, 'Malformed']],
    ['nothing, for the line is cut', { kind: 'cut' }, [undefined, 'Unreachable']],
    ['nothing, and the line is cut after', { kind: 'lost' }, [undefined, 'Unreachable']],
  ] as const)('may be %s', async (_what, fault, expected) => {
    server.faults.plan(/nodes/, fault);
    expect(await failure(get('/api/v1/nodes'))).toEqual(expected);
  });

  it('may not come', async () => {
    server.faults.plan(/nodes/, { kind: 'hang' });
    expect(await failure(api.json({ method: 'GET', path: '/api/v1/nodes', timeoutMs: 200 }))).toEqual([undefined, 'Timeout']);
  });

  it('is asked for once more over a new connection where the kept one was closed meanwhile', async () => {
    await get('/api/v1/nodes');
    server.faults.plan(/nodes/, { kind: 'cut' });
    expect(await get('/api/v1/nodes')).toMatchObject({ kind: 'NodeList' });
  });
});

const wanted: NewCapture = {
  name: 'one', labels: { 'icecore.dev/node': 'node-a' }, annotations: {},
  spec: { subject: 'shop/one/app', target: { namespace: 'shop', pod: 'one', container: 'app', node: 'node-a', workload: 'shop/one' }, reason: 'test', meaning: 'm', retention: { lockSeconds: 60, hold: false }, limits: { freeBytes: 0, perNodePerHour: 5 }, then: [] },
};

describe('captures in the API', () => {
  const store = () => captureStore(api, { namespace: 'icecore', component: 'test' });

  it('are stored once, with the finalizer', async () => {
    expect([await store().create(wanted), await store().create(wanted)]).toEqual(['created', 'exists']);
    expect(await store().get('one')).toMatchObject({ metadata: { finalizers: ['icecore.dev/node-copy'] }, status: { phase: 'pending' } });
    expect(await store().get('none')).toBeUndefined();
  });

  it('are refused by the server where a field is not in the schema, or not as it should be', async () => {
    expect(await failure(store().create({ ...wanted, spec: { ...wanted.spec, ...{ sort: 'odd' } } }))).toEqual([400, 'BadRequest']);
    expect(await failure(store().create({ ...wanted, spec: { ...wanted.spec, limits: { freeBytes: -1, perNodePerHour: 5 } } }))).toEqual([422, 'Invalid']);
  });

  it('get exactly the status that is written, unless another wrote between, or deleted it', async () => {
    const captures = store();
    await captures.create(wanted);
    const first = (await captures.get('one'))!;
    const written = await captures.writeStatus(first, { phase: 'checking', reason: 'Waits', message: 'for a while' });
    expect(written).toMatchObject({ outcome: 'stored', capture: { status: { phase: 'checking', reason: 'Waits' } } });
    expect(await captures.writeStatus(first, { phase: 'failed' })).toEqual({ outcome: 'conflict' });
    const second = (await captures.get('one'))!;
    await captures.writeStatus(second, { phase: 'checking' });
    expect((await captures.get('one'))!.status).toEqual({ phase: 'checking' });
    const released = await captures.release((await captures.get('one'))!);
    expect(released).toMatchObject({ outcome: 'stored', capture: { metadata: { finalizers: [] } } });
    server.store.delete(resource('icecore.dev', 'captures'), 'icecore', 'one');
    expect(await captures.writeStatus(second, { phase: 'failed' })).toEqual({ outcome: 'gone' });
  });

  it('are told of once for each reason', async () => {
    const captures = store();
    await captures.create(wanted);
    const capture = (await captures.get('one'))!;
    for (const reason of ['Sealed', 'Sealed', 'Finding']) await captures.tell(capture, { type: 'Normal', reason, message: 'x'.repeat(5000) });
    const events = server.store.list(resource('', 'events'), 'icecore');
    expect(events.map(({ reason, message, involvedObject }) => [reason, String(message).length, JSON.parse(JSON.stringify(involvedObject)).uid])).toEqual(expect.arrayContaining([['Sealed', 1024, capture.metadata.uid], ['Finding', 1024, capture.metadata.uid]]));
    expect(events).toHaveLength(2);
  });

  it('are known by a watch through restarts, gaps and what cannot be read', async () => {
    const captures = captureStore(api, { namespace: 'icecore', component: 'test', labelSelector: 'icecore.dev/node=node-a' });
    const told: string[] = [];
    const troubles: unknown[] = [];
    let listed = 0;
    const stop = new AbortController();
    for (let i = 0; i < 3; i += 1) await captures.create({ ...wanted, name: `early-${i}` });
    await captures.create({ ...wanted, name: 'elsewhere', labels: { 'icecore.dev/node': 'node-b' } });
    const fresh = captureStore(api, { namespace: 'icecore', component: 'test', labelSelector: 'icecore.dev/node=node-a' });
    const watching = fresh.watch({ signal: stop.signal, backoffMs: [10, 50] }, { onChange: ({ metadata }: Capture) => told.push(metadata.name), onListed: () => (listed += 1), onTrouble: (error) => troubles.push(error) });
    const known = () => [...fresh.known()].map(({ metadata }) => metadata.name).sort();
    const until = async (names: readonly string[]): Promise<void> => {
      for (let i = 0; i < 200 && JSON.stringify(known()) !== JSON.stringify(names); i += 1) await sleep(20);
      expect(known()).toEqual(names);
    };
    await until(['early-0', 'early-1', 'early-2']);
    server.cutWatches();
    await captures.create({ ...wanted, name: 'later' });
    await until(['early-0', 'early-1', 'early-2', 'later']);
    const [early] = [...fresh.known()].filter(({ metadata }) => metadata.name === 'early-0');
    await captures.release(early!);
    server.store.delete(resource('icecore.dev', 'captures'), 'icecore', 'early-0');
    await until(['early-1', 'early-2', 'later']);
    server.cutWatches();
    server.store.compact();
    await captures.create({ ...wanted, name: 'after-the-gap' });
    await until(['after-the-gap', 'early-1', 'early-2', 'later']);
    expect(told).toEqual(expect.arrayContaining(['early-1', 'later', 'after-the-gap']));
    expect([listed >= 1, troubles.length > 0]).toEqual([true, true]);
    stop.abort();
    await watching;
  });
});

describe('lists and watches', () => {
  it('come page by page, and of metadata alone where that is asked for', async () => {
    for (let i = 0; i < 7; i += 1) addPod('shop', `pod-${i}`);
    const seen: string[] = [];
    const stop = new AbortController();
    let reflecting: Promise<void> | undefined;
    await new Promise<void>((resolve) => (reflecting = reflect(api, { path: '/api/v1/pods', pageSize: 3, signal: stop.signal }, { listing: () => undefined, listed: resolve, changed: (object) => seen.push(JSON.parse(JSON.stringify(object)).metadata.name), removed: () => undefined })));
    stop.abort();
    await reflecting;
    expect(seen).toEqual(Array.from({ length: 7 }, (_, i) => `pod-${i}`));
    expect((await cluster(api).podsOf('shop')).map(({ metadata }) => metadata.name)).toEqual(seen);
  });

  it('tell of pods that carry an annotation, and of no other', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const watching = watchAnnotatedPods(api, 'icecore.dev/capture', { signal: stop.signal, backoffMs: [10, 50] }, { onPod: ({ name, annotations }) => told.push(`${name} ${annotations['icecore.dev/capture']}`), onTrouble: () => undefined });
    addPod('shop', 'plain');
    addPod('shop', 'odd', { annotations: { 'icecore.dev/capture': 'looks odd' } });
    for (let i = 0; i < 200 && told.length === 0; i += 1) await sleep(20);
    stop.abort();
    await watching;
    expect(told).toEqual(['odd looks odd']);
  });
});

describe('what is read and done in the cluster', () => {
  it('is absent where it is not there', async () => {
    const seen = cluster(api);
    expect([await seen.pod('shop', 'none'), await seen.rawNode('none'), await seen.namespaceLabels('none'), await seen.podEvents('shop', 'none')]).toEqual([undefined, undefined, {}, []]);
    expect(await seen.podLog('shop', 'one', 'app', 100)).toBe('a line');
  });

  it('labels the pod that was meant, and no other of its name', async () => {
    const { metadata } = addPod('shop', 'one');
    const actions = followUpActions(api);
    await actions.label('shop', 'one', metadata.uid, { suspect: 'true' });
    expect(server.store.get(resource('', 'pods'), 'shop', 'one')?.metadata.labels).toMatchObject({ suspect: 'true' });
    expect(await failure(actions.label('shop', 'one', 'another-uid', { suspect: 'no' }))).toEqual([409, 'Conflict']);
    expect(await failure(actions.label('shop', 'none', undefined, {}))).toEqual([404, 'NotFound']);
    for (let i = 0; i < 2; i += 1) await actions.isolate('shop', 'icecore-isolate-x', ['icecore.dev/isolated', 'x']);
    expect(server.store.list(resource('networking.k8s.io', 'networkpolicies'), 'shop')).toHaveLength(1);
  });

  it('is one report a node, whoever made it first', async () => {
    const report: NodeReport = { schema: 1, node: 'node-a', at: new Date().toISOString(), kubelet: { probe: 'ready', message: '' }, tcpEstablished: null, runtimeAllows: null, criu: null, disk: { freeBytes: 1 }, vault: { reachable: true, message: '' }, clockOffsetMs: null };
    await publishNodeReport(api, 'icecore', report);
    await publishNodeReport(api, 'icecore', { ...report, disk: { freeBytes: 2 } });
    // Where another makes it between the look and the making.
    server.faults.plan(/^PATCH .*configmaps/, { kind: 'answer', status: 404, contentType: 'application/json', body: '{"kind":"Status","reason":"NotFound","code":404,"message":"not found"}' });
    await publishNodeReport(api, 'icecore', { ...report, disk: { freeBytes: 3 } });
    const maps = server.store.list(resource('', 'configmaps'), 'icecore');
    expect(maps.map((each) => parseNodeReport(each)?.disk.freeBytes)).toEqual([3]);
  });
});
