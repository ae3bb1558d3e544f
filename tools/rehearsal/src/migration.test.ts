import { setTimeout as sleep } from 'node:timers/promises';
import { captureApi, captureManifest, captureResourceDefinition, migrationPermissions } from '@icecore/capture';
import { apiClient, captureStore, clusterMigration } from '@icecore/kubernetes';
import { migrate, type MigrationOutcome, type MigrationStep, parseMovablePod } from '@icecore/restore';
import { type ApiServer, type Fault, podManifest, type Resource, startApiServer, type StoredObject } from './index.ts';

const reference = `registry.example/moves/web@sha256:${'a'.repeat(64)}`;
const sha256 = 'b'.repeat(64);
let api: ApiServer;
let rounds = 0;

beforeAll(async () => {
  api = await startApiServer({ namespace: 'icecore', users: { token: { name: 'mover', permissions: migrationPermissions } } });
  for (const name of ['icecore', 'shop']) api.store.create(kind('', 'namespaces'), undefined, { metadata: { name } });
  for (const name of ['node-a', 'node-b']) api.store.create(kind('', 'nodes'), undefined, { metadata: { name } });
  api.store.create(kind('apiextensions.k8s.io', 'customresourcedefinitions'), undefined, captureResourceDefinition());
});
afterAll(() => api.stop());

function kind(group: string, plural: string): Resource {
  const found = api.store.resource(group, 'v1', plural);
  if (found === undefined) throw new Error(`there is no resource ${plural}`);
  return found;
}

interface Round {
  /** How the copy fares on its node. */
  readonly copy?: 'well' | 'never ready' | 'restarts' | 'no image' | 'well for a moment';
  /** How the capture ends. */
  readonly capture?: 'sealed' | 'failed' | 'never';
  readonly image?: () => Promise<string>;
  readonly prepare?: (source: string, copy: string) => void;
  readonly faults?: readonly (readonly [RegExp, Fault, number])[];
}

interface Ran {
  readonly outcome: MigrationOutcome;
  readonly source: StoredObject | undefined;
  readonly copy: StoredObject | undefined;
}

/** One move in a cluster in which the node's role seals what is captured, and node-b's kubelet runs what is created there. */
async function move({ copy: fate = 'well', capture: end = 'sealed', image, prepare, faults = [] }: Round = {}): Promise<Ran> {
  const [source, copy] = [`web-${++rounds}`, `web-${rounds}-moved`];
  const pods = kind('', 'pods');
  api.store.create(pods, 'shop', podManifest({ namespace: 'shop', name: source, containers: ['app'], labels: { app: 'web' } }, 'node-a'));
  const pod = parseMovablePod(api.store.get(pods, 'shop', source));
  const stops = [playNodeRole(end), playKubelet(copy, fate)];
  prepare?.(source, copy);
  const client = apiClient({ server: new URL(api.url), namespace: undefined, options: async () => ({ headers: { authorization: 'Bearer token' } }) });
  const store = captureStore(client, { namespace: 'icecore', component: 'test' });
  for (const [when, fault, times] of faults) api.faults.plan(when, fault, times);
  const order = async (): Promise<string> => {
    const name = `c-${source}`;
    const target = { namespace: 'shop', pod: source, podUid: pod.metadata.uid, container: 'app', node: 'node-a', workload: `shop/${source}` };
    const spec = { subject: `shop/${source}/app`, target, reason: 'a move', meaning: source, retention: { lockSeconds: 60, hold: false }, limits: { freeBytes: 0, perNodePerHour: 9 }, then: [] };
    await client.json({ method: 'POST', path: `/apis/icecore.dev/v1/namespaces/icecore/captures`, body: captureManifest({ name, labels: {}, annotations: {}, spec }, 'icecore') });
    return name;
  };
  const ports = clusterMigration(client, { pod, container: 'app', to: 'node-b', copy, store, order, makeImage: image ?? (async () => reference), captureMs: end === 'never' ? 1500 : 30_000, steadyMs: 100, now: Date.now, pause: () => sleep(20) });
  const outcome = await migrate(ports, { healthAttempts: 60, attempts: 4, pause: () => sleep(20) });
  for (const stop of stops) stop();
  api.faults.clear();
  return { outcome, source: api.store.get(pods, 'shop', source), copy: api.store.get(pods, 'shop', copy) };
}

/** Seals captures as the node's role does: by their status, whose version must be the one it has seen. */
function playNodeRole(end: 'sealed' | 'failed' | 'never'): () => void {
  const captures = kind(captureApi.group, captureApi.plural);
  return api.store.onChange(({ type, resource, object }) => {
    if (resource !== captures || type !== 'ADDED' || end === 'never') return;
    const { name, resourceVersion } = object.metadata;
    const write = (status: object, version: string): string => api.store.patch(captures, 'icecore', name, { metadata: { resourceVersion: version }, status }, 'status', { strict: true }).metadata.resourceVersion;
    setTimeout(() => {
      const next = write({ phase: 'checkpointing' }, resourceVersion);
      expect(() => write({ phase: 'sealed' }, resourceVersion)).toThrow(/has been modified/);
      write(end === 'sealed' ? { phase: 'sealed', archive: { name: 'a.tar', takenAt: '2026-11-23T07:02:57Z', bytes: 1, sha256 }, vault: { location: '/vault', key: 'clusters/a/b/2026-11-23/c/' } } : { phase: 'failed', reason: 'CriuFailed', message: 'CRIU cannot dump it' }, next);
    }, 20);
  });
}

/** Runs the copy on its node, and says by its status how it fares. */
function playKubelet(copy: string, fate: NonNullable<Round['copy']>): () => void {
  const pods = kind('', 'pods');
  const say = (ready: boolean, restartCount: number, state: object): void => {
    if (api.store.get(pods, 'shop', copy) === undefined) return;
    api.store.patch(pods, 'shop', copy, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], containerStatuses: [{ name: 'app', restartCount, state }] } }, 'status');
  };
  return api.store.onChange(({ type, resource, object }) => {
    if (resource !== pods || type !== 'ADDED' || object.metadata.name !== copy) return;
    const running = { running: {} };
    if (fate === 'no image') setTimeout(() => say(false, 0, { waiting: { reason: 'ImagePullBackOff', message: 'not found' } }), 10);
    else if (fate === 'never ready') setTimeout(() => say(false, 0, running), 10);
    else setTimeout(() => say(true, fate === 'restarts' ? 3 : 0, running), 30);
    if (fate === 'well for a moment') setTimeout(() => say(false, 0, running), 70);
  });
}

describe('a move in a cluster', () => {
  it('has the source captured, brings the copy up from its image on the other node, and only then deletes the source', async () => {
    let seen: string[] = [];
    const { outcome, source, copy } = await move({ image: async () => ((seen = api.store.list(kind('', 'pods'), 'shop').map(({ metadata }) => metadata.name)), reference) });
    expect(outcome).toEqual({ kind: 'moved' });
    expect(seen).toContain(`web-${rounds}`);
    expect(source).toBeUndefined();
    expect(copy).toMatchObject({ metadata: { labels: { app: 'web' }, annotations: { 'icecore.dev/migrated-by': `c-web-${rounds}` } }, spec: { nodeName: 'node-b', containers: [{ name: 'app', image: reference }] } });
  });

  const backs: [string, Round, MigrationStep, RegExp][] = [
    ['whose capture fails', { capture: 'failed' }, 'capture', /is failed: CRIU cannot dump it/],
    ['whose capture is never taken on', { capture: 'never' }, 'capture', /is not sealed after 2 s: it is pending/],
    ['whose capture cannot be asked for', { faults: [[/^POST .*captures/, { kind: 'answer', status: 403, body: '{"reason":"Forbidden","message":"no"}' }, 9]] }, 'capture', /no/],
    ['whose image cannot be pushed', { image: () => Promise.reject(new Error('the registry says no')) }, 'image', /the registry says no/],
    ['whose copy is refused', { faults: [[/^POST .*\/pods/, { kind: 'answer', status: 403, body: '{"reason":"Forbidden","message":"exceeded quota"}' }, 9]] }, 'restore', /exceeded quota/],
    ['whose copy is never ready', { copy: 'never ready' }, 'health', /not well in the time that it was given: it is not ready/],
    ['whose copy is never ready, and whose way back is broken twice', { copy: 'never ready', faults: [[/^DELETE .*moved/, { kind: 'cut' }, 2], [/^DELETE .*moved/, { kind: 'lost' }, 1]] }, 'health', /it is not ready/],
    ['whose copy is ready for a moment', { copy: 'well for a moment' }, 'health', /it is not ready/],
    ['whose copy has no image', { copy: 'no image' }, 'health', /app waits: ImagePullBackOff: not found/],
    ['whose copy ends and starts again', { copy: 'restarts' }, 'health', /app was started 4 times/],
    ['whose source cannot be deleted', { faults: [[/^DELETE .*web-\d+$/, { kind: 'answer', status: 500, body: '{"reason":"InternalError","message":"etcd"}' }, 99]] }, 'stop', /etcd/],
  ];
  it.each(backs)('%s is taken back: the source runs, and there is no copy', async (_, round, failedAt, reason) => {
    const { outcome, source, copy } = await move(round);
    expect(outcome).toMatchObject({ kind: 'rolled_back', failedAt });
    expect('reason' in outcome ? outcome.reason : '').toMatch(reason);
    expect(source).toMatchObject({ metadata: { name: `web-${rounds}` }, status: { phase: 'Running' } });
    expect(source?.metadata.deletionTimestamp).toBeUndefined();
    expect(copy).toBeUndefined();
  });

  const through: [string, Round][] = [
    ['a capture that cannot be looked at for a while', { faults: [[/^GET .*captures\//, { kind: 'answer', status: 503, body: '{}' }, 2]] }],
    ['a health that cannot be seen for a while', { faults: [[/^GET .*moved/, { kind: 'slow', ms: 5 }, 1], [/^GET .*moved/, { kind: 'cut' }, 2]] }],
    ['a copy that was created, which nobody heard', { faults: [[/^POST .*\/pods/, { kind: 'lost' }, 1]] }],
    ['a deletion that was done and not heard', { faults: [[/^DELETE .*web-\d+$/, { kind: 'lost' }, 1]] }],
    ['a deletion that was not done at first', { faults: [[/^DELETE .*web-\d+$/, { kind: 'cut' }, 2]] }],
  ];
  it.each(through)('goes through %s', async (_, round) => {
    const { outcome, source, copy } = await move(round);
    expect(outcome).toEqual({ kind: 'moved' });
    expect(source).toBeUndefined();
    expect(copy).toBeDefined();
  });

  it('takes a pod that has the copy’s name already for somebody else’s, before and after the capture', async () => {
    const foreign = (name: string): void => void api.store.create(kind('', 'pods'), 'shop', podManifest({ namespace: 'shop', name, containers: ['other'] }, 'node-b'));
    const before = await move({ prepare: (_, copy) => foreign(copy) });
    expect(before).toMatchObject({ outcome: { kind: 'rolled_back', failedAt: 'capture', reason: expect.stringContaining('already') }, copy: { spec: { containers: [{ name: 'other' }] } } });
    const after = await move({ image: async () => (foreign(`web-${rounds}-moved`), reference) });
    expect(after).toMatchObject({ outcome: { kind: 'rolled_back', failedAt: 'restore' }, copy: { spec: { containers: [{ name: 'other' }] } } });
    for (const { source } of [before, after]) expect(source).toMatchObject({ status: { phase: 'Running' } });
  });

  it('does not delete another pod that took the source’s name', async () => {
    const pods = kind('', 'pods');
    const { outcome, source } = await move({
      image: async () => {
        api.store.delete(pods, 'shop', `web-${rounds}`);
        api.store.create(pods, 'shop', podManifest({ namespace: 'shop', name: `web-${rounds}`, uid: 'another', containers: ['app'] }, 'node-a'));
        return reference;
      },
    });
    expect(outcome).toEqual({ kind: 'moved' });
    expect(source).toMatchObject({ metadata: { uid: 'another' } });
  });

  it('leaves the copy where the source is being deleted, for that cannot be undone', async () => {
    const pods = kind('', 'pods');
    const { outcome, source, copy } = await move({ prepare: (name) => void api.store.patch(pods, 'shop', name, { metadata: { finalizers: ['example.com/slow'] } }, 'main') });
    expect(outcome).toEqual({ kind: 'moved' });
    expect(source?.metadata.deletionTimestamp).toBeDefined();
    expect(copy).toBeDefined();
  });

  it('says that it does not know where nobody answers any more', async () => {
    const { outcome, copy } = await move({ faults: [[/^DELETE .*web-\d+$/, { kind: 'lost' }, 1], [/^GET .*pods\/web-\d+$/, { kind: 'slow', ms: 1 }, 1], [/^GET .*pods\/web-\d+$/, { kind: 'cut' }, 99]] });
    expect(outcome).toMatchObject({ kind: 'undecided', failedAt: 'stop', mayRun: 'copy, and perhaps the source' });
    expect(copy).toBeDefined();
  });
});
