import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requiredPermissions } from '@icecore/capture';
import { type ApiServer, type ApiUser, certificateAuthority, type Checkpointer, type KnownContainer, type KubeletAnswer, type KubeletStandIn, type RecordedAnswer, recordedAnswers, startApiServer, startKubelet } from '../index.ts';

/*
 * The stand-ins are asked what a real kubelet and a real API server were asked, in the same cluster, and are held to the
 * same bytes.
 */
const folder = mkdtempSync(join(tmpdir(), 'icecore-kubelet-'));
const authority = certificateAuthority('kubelet');
const none: ApiUser['permissions'] = { own: [], cluster: [], optional: {} };
const users: Readonly<Record<string, ApiUser>> = {
  admin: { name: 'system:admin' },
  none: { name: 'system:serviceaccount:lab:ck-none', permissions: none },
  apiadmin: { name: 'system:serviceaccount:lab:ck-apiadmin', permissions: { ...none, cluster: requiredPermissions.node.optional['proxy'] ?? [] } },
};
const idIn = (what: string): string => /[0-9a-f]{64}/.exec(recordedAnswers.find((each) => each.case === what)?.body ?? '')?.[0] ?? 'a'.repeat(64);
const pods = (crio: boolean): Readonly<Record<string, Readonly<Record<string, KnownContainer>>>> => ({
  'lab/loop': { counter: { running: true, id: idIn(crio ? 'two at once, CRI-O' : 'no CRIU') } },
  'lab/static-loop-lab-node': { counter: { running: true, id: 'b'.repeat(64) } },
  'lab/redis': { redis: { running: true, id: idIn(crio ? 'the runtime fails, CRI-O' : 'the runtime fails, containerd') } },
  'lab/secure': { init: { running: false, id: 'c'.repeat(64) } },
  'lab/done': { c: { running: false, id: 'd'.repeat(64) } },
  'lab/badimg': { c: { running: false, id: 'e'.repeat(64) } },
});
const gate: { open: (() => void) | undefined } = { open: undefined };
/** The first checkpoint is held until it is let go, so that a second one comes while it runs. */
const held: Checkpointer = { take: () => new Promise((resolve) => (gate.open = resolve)) };
const quick: Checkpointer = { take: async () => undefined };

async function start(engine: 'containerd' | 'cri-o', checkpointer: Checkpointer): Promise<KubeletStandIn> {
  const known = pods(engine === 'cri-o');
  const kubelet = await startKubelet({
    certificate: authority.server('lab-node'), folder, toldFolder: '/var/lib/kubelet/checkpoints', checkpointer, engine,
    containers: (namespace, pod) => (known[`${namespace}/${pod}`] === undefined ? undefined : new Map(Object.entries(known[`${namespace}/${pod}`] ?? {}))),
    authorize: (token) => (users[token] === undefined ? undefined : { user: users[token].name, allowed: users[token].permissions === undefined }),
  });
  kubelet.state.established.add('lab/redis/redis');
  return kubelet;
}

function ask(url: string, { method, path }: Pick<RecordedAnswer, 'method' | 'path'>, token: string | undefined): Promise<KubeletAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method, ca: authority.ca, headers: { 'user-agent': 'curl/8.23.0', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      answer.on('end', () => {
        const { 'content-type': type, allow, 'x-content-type-options': options } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(Object.entries({ allow, 'content-type': type, 'x-content-type-options': options }).filter((entry): entry is [string, string] => entry[1] !== undefined)), body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** With the time of the checkpoint as it was recorded. */
const atThatTime = (body: string): string => body.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.tar/g, 'THEN.tar');
const tokens: Readonly<Record<string, string | undefined>> = {
  'no token': undefined, 'no token, to the API server': undefined, 'an unknown token': 'nobody', 'no right': 'none', 'no right, to the API server': 'none', 'the right to all but checkpoints': 'apiadmin',
};

let kubelets: Readonly<Record<'containerd' | 'cri-o' | 'busy' | 'busy CRI-O', KubeletStandIn>>;
let apis: Readonly<Record<'up' | 'down', ApiServer>>;
beforeAll(async () => {
  kubelets = { containerd: await start('containerd', quick), 'cri-o': await start('cri-o', quick), busy: await start('containerd', held), 'busy CRI-O': await start('cri-o', held) };
  const api = async (crio: boolean, kubelet: boolean): Promise<ApiServer> => {
    const served = await startApiServer({ namespace: 'icecore', users, certificate: authority.server('kubernetes'), ...(kubelet ? { nodeProxy: (_node: string, method: string, path: string) => kubelets[crio ? 'cri-o' : 'containerd'].proxied(method, path) } : {}) });
    served.store.create(served.store.resource('', 'v1', 'nodes')!, undefined, { metadata: { name: 'lab-node' } });
    return served;
  };
  apis = { up: await api(false, true), down: await api(false, false) };
});
afterAll(async () => {
  await Promise.all([...Object.values(kubelets), ...Object.values(apis)].map((each) => each.stop()));
  rmSync(folder, { recursive: true });
});

describe('the stand-ins answer as the real ones did', () => {
  test.each(recordedAnswers.map((each) => [each.case, each] as const))('%s', async (what, recorded) => {
    const crio = what.endsWith('CRI-O');
    const engine = kubelets[crio ? 'cri-o' : 'containerd'];
    engine.state.gate = !what.startsWith('the gate is off');
    engine.state.criu = what !== 'no CRIU';
    if (!what.startsWith('two at once')) {
      const url = recorded.to === 'api' ? apis[what === 'the kubelet is down' ? 'down' : 'up'].url : engine.url;
      // What CRI-O was asked by way of the API server is passed on as it is.
      const asked = crio && recorded.to === 'api' ? { url: engine.url, path: recorded.path.slice('/api/v1/nodes/lab-node/proxy'.length) } : { url, path: recorded.path };
      const given = await ask(asked.url, { method: recorded.method, path: asked.path }, what in tokens ? tokens[what] : 'admin');
      expect({ ...given, body: atThatTime(given.body) }).toEqual({ status: recorded.status, headers: recorded.headers, body: atThatTime(recorded.body) });
      return;
    }
    const busy = kubelets[crio ? 'busy CRI-O' : 'busy'];
    const first = ask(busy.url, recorded, 'admin');
    while (gate.open === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask(busy.url, recorded, 'admin')).toEqual({ status: recorded.status, headers: recorded.headers, body: recorded.body });
    gate.open();
    gate.open = undefined;
    expect((await first).status).toBe(200);
  });
});
