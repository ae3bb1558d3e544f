import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateAuthority, recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { capturingPolicy, falcoAlert, recordedArchive, sampleAlert } from './samples.test-support.ts';

const target = 'shop/api-7c9d8f6b5-x2x9q/api';
const samples = ['falco-shell.json', 'falco-memfd.json', 'falco-c2.json', 'guardduty-eks-runtime.json', 'alertmanager-v4.json', 'tetragon-exec.json', 'tracee-v1beta1.json', 'kubernetes-audit-exec.json'];
const hmacKey = 'a key that only the sender has';
let rehearsal: Rehearsal;
let alerts: RoleProcess;
let url = '';

beforeAll(async () => {
  rehearsal = await startRehearsal({ policy: capturingPolicy().replace('cooldown: 1s, deduplicate: 1s', 'cooldown: 0s, deduplicate: 0s'), checkpointer: recordedCheckpointer(recordedArchive, () => 10) });
  const id = '3f1c9d2e8a47b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f70819203';
  rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-x2x9q', uid: '0d5a3c4e-8b1a-4d6a-9a55-0c9bde0f7a10', containers: ['api', 'proxy'], deployment: 'api', containerIds: { api: id } });
  mkdirSync(join(rehearsal.folder, 'hmac'));
  writeFileSync(join(rehearsal.folder, 'hmac/audit'), hmacKey);
  alerts = rehearsal.start('alerts', { ICECORE_HMAC_KEYS: join(rehearsal.folder, 'hmac') });
  url = (await alerts.ready).url ?? '';
});
afterAll(() => rehearsal.stop());

const post = async (body: string | Uint8Array, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}/alerts`, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}`, ...headers } });
  return { status: answer.status, json: JSON.parse(await answer.text()) };
};

describe('alerts of every source', () => {
  test.each(samples)('%s becomes a capture of what it points at', async (file) => {
    const { status, json } = await post(sampleAlert(file));
    expect([status, json.alerts.map(({ outcome }: { outcome: string }) => outcome)]).toEqual([202, ['accepted']]);
    const made = rehearsal.captures().filter(({ metadata }) => json.alerts[0].captures.includes(metadata.name));
    expect(made.map(({ spec }) => spec.subject)).toEqual([target]);
    expect(made[0]?.spec.alert?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('makes nothing more of an alert that comes again', async () => {
    const before = rehearsal.captures().length;
    for (const file of samples) expect((await post(sampleAlert(file))).status).toBe(202);
    expect(rehearsal.captures()).toHaveLength(before);
  });

  const nested = (text: string): string => '['.repeat(70) + text + ']'.repeat(70);
  const malformed: [string, (text: string) => string | Uint8Array, Record<string, string>][] = [
    ['nothing', () => '', {}],
    ['half of it', (text) => text.slice(0, text.length / 2), {}],
    ['something after it', (text) => `${text} and more`, {}],
    ['bytes that are no UTF-8', (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.of(0xff, 0xfe)]), {}],
    ['a form', (text) => text, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['XML', (text) => text, { 'content-type': 'text/xml' }],
    ['too deep a nest', nested, {}],
    ['more than is taken', (text) => text + ' '.repeat(4 << 20), {}],
    ['a text that holds it', (text) => JSON.stringify(text), {}],
    ['a list with a number', (text) => `[${text},7]`, {}],
    ['null', () => 'null', {}],
    ['a pod name that leads elsewhere', (text) => text.replaceAll('api-7c9d8f6b5-x2x9q', '../../kube-system'), {}],
    ['a pod name in capitals', (text) => text.replaceAll('api-7c9d8f6b5-x2x9q', 'API-1'), {}],
    ['a namespace with a blank', (text) => text.replaceAll('"shop"', '"sh op"').replaceAll('namespaces/shop', 'namespaces/sh op'), {}],
    ['an envelope that says another type', (text) => `{"specversion":"1.0","data":${text}}`, { 'content-type': 'application/cloudevents+json' }],
  ];
  test.each(samples.flatMap((file) => malformed.map(([what, change, headers]) => [file, what, change, headers] as const)))('%s with %s is refused with a clear answer', async (file, _what, change, headers) => {
    const before = rehearsal.captures().length;
    const { status, json } = await post(change(sampleAlert(file)), headers);
    expect([400, 413, 415, 422]).toContain(status);
    expect(json.error.length).toBeGreaterThan(5);
    expect(rehearsal.captures()).toHaveLength(before);
  });
});

describe('who may raise alerts', () => {
  const seconds = (): number => Math.floor(Date.now() / 1000);
  const signed = (body: string, at: number, key = hmacKey): Record<string, string> => ({ authorization: '', 'x-icecore-signature': `t=${at},key=audit,v1=${createHmac('sha256', key).update(`${at}.`).update(body).digest('hex')}` });

  it('refuses those who prove nothing, and does nothing for them', async () => {
    const before = rehearsal.counted('create captures');
    for (const headers of [{ authorization: '' }, { authorization: 'Bearer wrong-wrong-wrong-wrong' }, signed('other', seconds()), signed(sampleAlert('falco-shell.json'), seconds() - 3600), signed(sampleAlert('falco-shell.json'), seconds(), 'another key of that length')]) {
      expect((await post(sampleAlert('falco-shell.json'), headers)).status).toBe(401);
    }
    expect(rehearsal.counted('create captures')).toBe(before);
  });

  it('takes a signature once', async () => {
    const body = sampleAlert('falco-shell.json');
    const headers = signed(body, seconds());
    expect((await post(body, headers)).status).toBe(202);
    expect(await post(body, headers)).toMatchObject({ status: 403, json: { error: 'the request was sent before' } });
  });

  it('takes a client certificate that its authority signed, and no other', async () => {
    const authority = certificateAuthority('senders');
    const file = (name: string, text: string): string => (writeFileSync(join(rehearsal.folder, name), text), join(rehearsal.folder, name));
    const server = authority.server('icecore');
    const role = rehearsal.start('alerts', { ICECORE_TLS_CERT: file('tls.crt', server.cert), ICECORE_TLS_KEY: file('tls.key', server.key), ICECORE_CLIENT_CA: file('client-ca.crt', authority.ca) });
    const { url: secure } = await role.ready;
    const send = (pair: { key: string; cert: string } | undefined): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request(`${secure}/alerts`, { method: 'POST', ca: authority.ca, ...pair, headers: { 'content-type': 'application/json' } }, (answer) => (answer.resume(), resolve(answer.statusCode ?? 0)));
        sent.on('error', reject);
        sent.end(sampleAlert('falco-shell.json'));
      });
    expect(await send(authority.client('falcosidekick'))).toBe(202);
    expect(await send(certificateAuthority('strangers').client('falcosidekick'))).toBe(401);
    expect(await send(undefined)).toBe(401);
    expect(await role.stop()).toBe(0);
  });

  it('asks a sender that comes too often to come later', async () => {
    const role = rehearsal.start('alerts', { ICECORE_RATE: '1', ICECORE_BURST: '3' });
    const { url: limited } = await role.ready;
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await fetch(`${limited}/alerts`, { method: 'POST', body: sampleAlert('falco-shell.json'), headers: { 'content-type': 'application/json', authorization: `Bearer ${rehearsal.token}` } })).status);
    expect(statuses.slice(0, 3)).toEqual([202, 202, 202]);
    expect(statuses).toContain(429);
    await role.kill();
  });
});

describe('the alerts role', () => {
  it('says by whom and where alerts are taken', async () => {
    expect((await fetch(`${url}/alerts`)).status).toBe(405);
    expect((await fetch(`${url}/other`, { method: 'POST' })).status).toBe(404);
    const handshake = await fetch(`${url}/alerts`, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'events.example' } });
    expect([handshake.status, handshake.headers.get('webhook-allowed-origin')]).toEqual([200, 'events.example']);
  });

  it('accepts nothing that it cannot store, and says so', async () => {
    rehearsal.addPod({ namespace: 'shop', name: 'later', containers: ['app'] });
    const body = falcoAlert('shop', 'later', 'app');
    rehearsal.api.faults.plan(/^POST .*\/captures/, { kind: 'answer', status: 500, body: 'etcd is away' });
    expect(await post(body)).toMatchObject({ status: 503, json: { error: expect.stringContaining('nothing was accepted') } });
    // Stored, and the answer lost: the repeat finds it there.
    rehearsal.api.faults.plan(/^POST .*\/captures/, { kind: 'lost' }, 2);
    expect((await post(body)).status).toBe(503);
    expect((await post(body)).status).toBe(202);
    expect(rehearsal.captures().filter(({ spec }) => spec.target.pod === 'later')).toHaveLength(1);
  });

  it('follows a policy that changes, and keeps to the last good one', async () => {
    const { health } = await alerts.ready;
    const valid = async (): Promise<string> => /^icecore_policy_valid (\d)/m.exec(await (await fetch(`${health}/metrics`)).text())?.[1] ?? '';
    const original = readFileSync(rehearsal.policyFile, 'utf8');
    rehearsal.addPod({ namespace: 'shop', name: 'changing', containers: ['app'] });
    writeFileSync(rehearsal.policyFile, 'rules: [oh]');
    for (let i = 0; i < 200 && (await valid()) !== '0'; i += 1) await sleep(50);
    expect(await valid()).toBe('0');
    writeFileSync(rehearsal.policyFile, original.replace('kind: CapturePolicy', 'kind: CapturePolicy\ndryRun: true'));
    for (let i = 0; i < 200 && (await valid()) !== '1'; i += 1) await sleep(50);
    const skipped = await post(falcoAlert('shop', 'changing', 'app'));
    writeFileSync(rehearsal.policyFile, original);
    expect(await valid()).toBe('1');
    // What would be made is told, and nothing is.
    expect(skipped).toMatchObject({ status: 200, json: { alerts: [{ outcome: 'dry_run', captures: [expect.any(String)] }] } });
    expect(rehearsal.captures().some(({ spec }) => spec.target.pod === 'changing')).toBe(false);
    const stillDry = async (): Promise<boolean> => (await post(falcoAlert('shop', 'changing', 'app'))).status === 200;
    for (let i = 0; i < 200 && (await stillDry()); i += 1) await sleep(50);
    expect(rehearsal.captures().some(({ spec }) => spec.target.pod === 'changing')).toBe(true);
  });

  it('heeds an annotation, once', async () => {
    rehearsal.addPod({ namespace: 'shop', name: 'annotated', containers: ['app', 'side'], annotations: { 'icecore.dev/capture': 'looks odd', 'icecore.dev/capture-container': 'side' } });
    await rehearsal.until((all) => all.some(({ spec }) => spec.target.pod === 'annotated'));
    await sleep(200);
    expect(rehearsal.captures().filter(({ spec }) => spec.target.pod === 'annotated').map(({ spec }) => [spec.subject, spec.reason])).toEqual([['shop/annotated/side', 'looks odd']]);
  });

  it('tells its health, counts without names of senders’ choosing, and logs no secret', async () => {
    const { health } = await alerts.ready;
    expect([(await fetch(`${health}/healthz`)).status, (await fetch(`${health}/readyz`)).status]).toEqual([200, 200]);
    const metrics = await (await fetch(`${health}/metrics`)).text();
    expect(metrics).toMatch(/icecore_alerts_total\{source="falco",outcome="accepted"\} \d+/);
    expect(metrics).not.toMatch(/api-7c9d8f6b5|shop|Terminal shell/);
    expect(JSON.stringify(alerts.log)).not.toContain(rehearsal.token);
    expect(JSON.stringify(alerts.log)).not.toContain(hmacKey);
  });

  it('answers what it has at hand before it stops', async () => {
    rehearsal.addPod({ namespace: 'shop', name: 'last', containers: ['app'] });
    rehearsal.api.faults.plan(/^POST .*\/captures/, { kind: 'slow', ms: 500 });
    const answer = post(falcoAlert('shop', 'last', 'app'));
    await sleep(150);
    const ended = alerts.stop();
    expect((await answer).status).toBe(202);
    expect(await ended).toBe(0);
  });
});
