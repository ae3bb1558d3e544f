import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { type ReadAlerts, readAlerts } from './index.ts';

const folder = new URL('../../../samples/alerts/', import.meta.url);
const sample = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const read = (text: string, type = 'application/json'): ReadAlerts => readAlerts(Buffer.from(text), type);
function alertsOf(answer: ReadAlerts) {
  if (answer.outcome !== 'read') throw new Error(answer.reason);
  return answer.alerts;
}

const pod = { namespace: 'shop', pod: 'api-7c9d8f6b5-x2x9q', container: 'api' };
const short = '3f1c9d2e8a47';
const full = '3f1c9d2e8a47b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f70819203';
const uid = '0d5a3c4e-8b1a-4d6a-9a55-0c9bde0f7a10';

describe('each sample gives the right target', () => {
  test.each([
    ['falco-shell.json', 'falco', 'Terminal shell in container', 30, { ...pod, containerId: short, podUid: undefined }],
    ['falco-memfd.json', 'falco', 'Fileless execution via memfd_create', 90, { ...pod, containerId: short, podUid: undefined }],
    ['falco-c2.json', 'falco', 'Outbound Connection to C2 Servers', 50, { ...pod, containerId: short, podUid: undefined }],
    ['guardduty-eks-runtime.json', 'guardduty', 'DefenseEvasion:Runtime/FilelessExecution', 50, { ...pod, containerId: full, podUid: uid }],
    ['alertmanager-v4.json', 'alertmanager', 'FalcoCritical', 90, { ...pod, containerId: undefined, podUid: undefined }],
    ['tetragon-exec.json', 'tetragon', 'process_exec', undefined, { ...pod, containerId: full, podUid: uid }],
    ['tracee-v1beta1.json', 'tracee', 'fileless_execution', 75, { ...pod, containerId: full, podUid: uid }],
    ['kubernetes-audit-exec.json', 'kubernetes_audit', 'pods/exec', undefined, { ...pod, containerId: undefined, podUid: undefined }],
  ])('%s', (file, source, rule, severity, target) => {
    const alerts = alertsOf(read(sample(file)));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ source, rule, target });
    expect(alerts[0]?.severity).toBe(severity);
  });

  it('reads the peer, the process and the techniques of a connection alert', () => {
    const [alert] = alertsOf(read(sample('falco-c2.json')));
    expect(alert).toMatchObject({ peer: '203.0.113.77:4444', cluster: 'prod-eu-1', process: { executable: 'memfd:kworker (deleted)', commandLine: '3 -o 203.0.113.77:4444' } });
    expect(alertsOf(read(sample('falco-memfd.json')))[0]?.techniques).toEqual(['T1620']);
  });
});

describe('numbers, cuts and repeats', () => {
  it('keeps nanoseconds past 2^53 exact', () => {
    expect(alertsOf(read(sample('falco-shell.json')))[0]?.fields['evt.time']).toBe('1793628453512908114');
  });

  it('says that falcosidekick cut a long command line', () => {
    const event = { ...JSON.parse(sample('falco-shell.json')) };
    event.output_fields = { ...event.output_fields, 'proc.cmdline': `${'a'.repeat(507)}[...]` };
    expect(alertsOf(read(JSON.stringify(event)))[0]?.truncated).toBe(true);
  });

  it('gives one event the same id through two falcosidekicks, which make a uuid each', () => {
    const one = sample('falco-shell.json');
    const other = one.replace(/"uuid":"[^"]+"/, '"uuid":"00000000-0000-4000-8000-000000000000"');
    expect(alertsOf(read(other))[0]?.id).toBe(alertsOf(read(one))[0]?.id);
    expect(alertsOf(read(`[${one},${other}]`))).toHaveLength(1);
  });

  it('gives an update of a GuardDuty finding an id of its own', () => {
    const one = sample('guardduty-eks-runtime.json');
    expect(alertsOf(read(one.replace('"count":1', '"count":2')))[0]?.id).not.toBe(alertsOf(read(one))[0]?.id);
  });

  it('reads Falco itself, which has neither uuid nor lower-case priorities', () => {
    const text = sample('falco-shell.json').replace(/"uuid":"[^"]+",/, '').replace('"Notice","rule"', '"notice","message":"x","rule"');
    expect(alertsOf(read(text))[0]?.priority).toBe('notice');
  });
});

describe('envelopes', () => {
  const falcoEvent = sample('falco-memfd.json');
  const structured = JSON.stringify({ specversion: '1.0', type: 'falco.rule.output.v1', source: 'https://falco.org', id: '1', data: JSON.parse(falcoEvent) });
  test.each([
    ['a structured CloudEvent', structured, 'application/cloudevents+json; charset=utf-8'],
    ['a batch of CloudEvents', `[${structured}]`, 'application/cloudevents-batch+json'],
    ['a CloudEvent in binary mode', falcoEvent, 'application/json'],
    ['an encoded CloudEvent', JSON.stringify({ specversion: '1.0', type: 't', data_base64: Buffer.from(falcoEvent).toString('base64') }), 'application/cloudevents+json'],
    ['a message of a queue', JSON.stringify({ MessageId: '1', Body: falcoEvent }), 'application/json'],
    ['a notification in a message of a queue', JSON.stringify({ Body: JSON.stringify({ Type: 'Notification', Message: falcoEvent }) }), 'application/json'],
    ['lines', `${falcoEvent.trim()}\n${falcoEvent.trim()}\n`, 'application/x-ndjson'],
  ])('%s', (_what, text, type) => {
    const alerts = alertsOf(read(text, type));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.rule).toBe('Fileless execution via memfd_create');
  });
});

describe('what calls for no capture is told, and is no error', () => {
  test.each([
    ['a resolved alert', sample('alertmanager-v4.json').replaceAll('"firing"', '"resolved"'), 'is resolved'],
    ['the test rule', sample('falco-shell.json').replace('"Terminal shell in container"', '"Test rule"'), 'test rule'],
    ['a process of the node', sample('falco-shell.json').replace('"k8s.ns.name":"shop"', '"k8s.ns.name":null').replace('"container.id":"3f1c9d2e8a47"', '"container.id":"host"'), 'names no pod'],
    ['an exec that was refused', sample('kubernetes-audit-exec.json').replace('"code":101', '"code":403'), 'refused with 403'],
    ['the end of an exec', sample('kubernetes-audit-exec.json').replace('"ResponseStarted"', '"ResponseComplete"'), 'stage ResponseComplete'],
    ['a finding about no workload', sample('guardduty-eks-runtime.json').replace('"kubernetesWorkloadDetails":{', '"other":{'), 'no Kubernetes workload'],
    ['a Tetragon event of the node', sample('tetragon-exec.json').replace('"pod":{', '"other":{'), 'is about no pod'],
  ])('%s', (_what, text, reason) => {
    const answer = read(text);
    expect(answer).toMatchObject({ outcome: 'read', alerts: [] });
    expect(answer.outcome === 'read' && answer.ignored.join()).toContain(reason);
  });
});

type Event = Readonly<Record<string, unknown>>;
type Change = (event: Event) => unknown;
const changed = (file: string, change: Change): string => JSON.stringify(change(JSON.parse(sample(file))));
/** Sets a value at a path of the sample. */
const set =
  (path: string, value: unknown): Change =>
  (event) =>
    withValue(event, path.split('.'), value);
function withValue(into: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(into)) return into.map((each, i) => (String(i) === name ? withValue(each, rest, value) : each));
  const object: Event = typeof into === 'object' && into !== null ? { ...into } : {};
  return { ...object, [name]: rest.length === 0 ? value : withValue(object[name], rest, value) };
}

const outputFields = (fields: Record<string, unknown>): Change => (event) => Object.entries(fields).reduce<unknown>((changed, [name, value]) => withValue(changed, ['output_fields', name], value), event);
const malformed: Readonly<Record<string, readonly (readonly [string, Change])[]>> = {
  'falco-shell.json': [
    ['no rule', set('rule', undefined)],
    ['an empty rule', set('rule', '')],
    ['a rule that is a number', set('rule', 7)],
    ['a priority of its own', set('priority', 'Dreadful')],
    ['no priority', set('priority', undefined)],
    ['no time', set('time', undefined)],
    ['a time that is none', set('time', 'yesterday')],
    ['no fields', set('output_fields', {})],
    ['fields that are a list', set('output_fields', ['a'])],
    ['tags that are a text', set('tags', 'T1059')],
    ['a namespace with a slash', outputFields({ 'k8s.ns.name': 'shop/../kube-system' })],
    ['a pod in capitals', outputFields({ 'k8s.pod.name': 'API' })],
    ['a container with spaces', outputFields({ 'container.name': 'a b' })],
  ],
  'guardduty-eks-runtime.json': [
    ['no detail', set('detail', undefined)],
    ['a detail that is a text', set('detail', 'x')],
    ['no id', set('detail.id', undefined)],
    ['no type', set('detail.type', '')],
    ['a severity that is a text', set('detail.severity', 'high')],
    ['a severity past 10', set('detail.severity', 11)],
    ['no resource', set('detail.resource', undefined)],
    ['a resource that is a list', set('detail.resource', [])],
    ['a workload without a namespace', set('detail.resource.kubernetesDetails.kubernetesWorkloadDetails.namespace', undefined)],
    ['a workload without a name', set('detail.resource.kubernetesDetails.kubernetesWorkloadDetails.name', '')],
    ['a pod name with a dot dot', set('detail.resource.kubernetesDetails.kubernetesWorkloadDetails.name', '../x')],
    ['containers that are a text', set('detail.resource.kubernetesDetails.kubernetesWorkloadDetails.containers', 'api')],
  ],
  'alertmanager-v4.json': [
    ['version 3', set('version', '3')],
    ['no version', set('version', undefined)],
    ['alerts that are null', (event) => ({ ...event, alerts: [null] })],
    ['an alert without labels', (event) => ({ ...event, alerts: [{ status: 'firing', startsAt: 'x', fingerprint: 'y' }] })],
    ['a status of its own', (event) => ({ ...event, alerts: [{ status: 'burning', labels: {}, startsAt: 'x', fingerprint: 'y' }] })],
    ['labels that are numbers', (event) => ({ ...event, alerts: [{ status: 'firing', labels: { pod: 1 }, startsAt: 'x', fingerprint: 'y' }] })],
    ['no fingerprint', (event) => ({ ...event, alerts: [{ status: 'firing', labels: {}, startsAt: 'x' }] })],
    ['an empty fingerprint', (event) => ({ ...event, alerts: [{ status: 'firing', labels: {}, startsAt: 'x', fingerprint: '' }] })],
    ['no start', (event) => ({ ...event, alerts: [{ status: 'firing', labels: {}, fingerprint: 'y' }] })],
    ['a namespace that is none', (event) => ({ ...event, alerts: [{ status: 'firing', labels: { namespace: 'A_B', pod: 'p' }, startsAt: 'x', fingerprint: 'y' }] })],
    ['too many alerts', (event) => ({ ...event, alerts: Array.from({ length: 1001 }, () => ({ status: 'resolved', labels: {}, startsAt: 'x', fingerprint: 'y' })) })],
  ],
  'tetragon-exec.json': [
    ['no process', set('process_exec.process', undefined)],
    ['a process that is a list', set('process_exec.process', [])],
    ['a pid that is a text', set('process_exec.process.pid', '1')],
    ['a binary that is a number', set('process_exec.process.binary', 1)],
    ['arguments that are a list', set('process_exec.process.arguments', ['a'])],
    ['a pod without a name', set('process_exec.process.pod.name', undefined)],
    ['a pod without a namespace', set('process_exec.process.pod.namespace', undefined)],
    ['a pod that is a text', set('process_exec.process.pod', 'api')],
    ['a namespace in capitals', set('process_exec.process.pod.namespace', 'SHOP')],
    ['a pod name with a space', set('process_exec.process.pod.name', 'a b')],
    ['a container name with a slash', set('process_exec.process.pod.container.name', 'a/b')],
    ['tags that are a text', set('process_exec.tags', 'x')],
  ],
  'tracee-v1beta1.json': [
    ['no name', set('name', '')],
    ['a name that is a number', set('name', 1)],
    ['an id that is an object', set('id', {})],
    ['a container that is a text', set('workload.container', 'api')],
    ['a container id that is a number', set('workload.container.id', 1)],
    ['a pod that is a list', set('workload.k8s.pod', [])],
    ['a pod name with a slash', set('workload.k8s.pod.name', 'a/b')],
    ['a namespace with an underscore', set('workload.k8s.namespace.name', 'a_b')],
    ['a container name in capitals', set('workload.container.name', 'API')],
    ['policies that are a text', set('policies', 'x')],
    ['a threat that is a number', set('threat', 3)],
    ['a process that is a text', set('workload.process', 'x')],
  ],
  'kubernetes-audit-exec.json': [
    ['items that are a text', set('items', 'x')],
    ['an item that is null', set('items', [null])],
    ['an item that is a text', set('items', ['x'])],
    ['no audit id', set('items.0.auditID', undefined)],
    ['an empty audit id', set('items.0.auditID', '')],
    ['no stage', set('items.0.stage', undefined)],
    ['no verb', set('items.0.verb', undefined)],
    ['no address of the request', set('items.0.requestURI', undefined)],
    ['an object that is a text', set('items.0.objectRef', 'pods')],
    ['a namespace with a slash', set('items.0.objectRef.namespace', 'a/b')],
    ['a pod name in capitals', set('items.0.objectRef.name', 'API')],
    ['a container name with a space', set('items.0.requestURI', '/x?container=a%20b')],
  ],
};

describe('what is malformed gets a clear refusal', () => {
  const cases = Object.entries(malformed).flatMap(([file, changes]) => changes.map(([what, change]) => [file, what, change] as const));
  test.each(cases)('%s with %s', (file, _what, change) => {
    const answer = read(changed(file, change));
    expect(answer.outcome).toBe('refused');
    if (answer.outcome !== 'refused') return;
    expect([400, 422]).toContain(answer.status);
    expect(answer.reason.length).toBeGreaterThan(5);
    expect(answer.reason.length).toBeLessThan(400);
  });

  test.each([
    ['nothing', '', 'application/json', 400],
    ['half a document', sample('falco-shell.json').slice(0, 300), 'application/json', 400],
    ['a document nested too deep', '['.repeat(100_000), 'application/json', 400],
    ['a number', '7', 'application/json', 422],
    ['an object of no kind', '{"a":1}', 'application/json', 422],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415],
    ['an envelope without a type', '{"specversion":"1.0"}', 'application/cloudevents+json', 400],
    ['an envelope without data', '{"specversion":"1.0","type":"t"}', 'application/cloudevents+json', 422],
    ['a batch that is no list', '{}', 'application/cloudevents-batch+json', 400],
  ])('%s', (_what, text, type, status) => {
    expect(read(text, type)).toMatchObject({ outcome: 'refused', status });
  });

  it('refuses bytes that are not UTF-8, and more bytes than it takes', () => {
    expect(readAlerts(Uint8Array.of(0xff, 0xfe, 0x22), 'application/json')).toMatchObject({ outcome: 'refused', status: 400 });
    expect(readAlerts(new Uint8Array((4 << 20) + 1), 'application/json')).toMatchObject({ outcome: 'refused', status: 413 });
  });

  it('never throws, whatever JSON it is given', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => ['read', 'refused'].includes(read(JSON.stringify(value)).outcome)), { numRuns: 500 });
    const keys = fc.constantFrom('output_fields', 'rule', 'alerts', 'groupKey', 'workload', 'name', 'process_exec', 'process', 'detail', 'source', 'items', 'apiVersion', 'auditID', 'requestURI', 'Body');
    const nasty = fc.dictionary(keys, fc.jsonValue());
    fc.assert(fc.property(nasty, (value) => ['read', 'refused'].includes(read(JSON.stringify(value)).outcome)), { numRuns: 1000 });
  });

  it('drops keys that reach an object’s prototype', () => {
    alertsOf(read(sample('falco-shell.json').replace('"output_fields":{', '"output_fields":{"__proto__":{"polluted":1},')));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
