import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examplePolicy } from '@icecore/alerts';
import { icecore } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const sample = (name: string): string => join(import.meta.dirname, `../../../samples/alerts/${name}.json`);
const example = file('policy.yaml', examplePolicy);

const containerID = 'containerd://3f1c9d2e8a47b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f70819203';
const uid = '0d5a3c4e-8b1a-4d6a-9a55-0c9bde0f7a10';
const podObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name: 'api-7c9d8f6b5-x2x9q', namespace: 'shop', uid },
    labels: { app: 'api', 'pod-template-hash': '7c9d8f6b5' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api-7c9d8f6b5', uid: 'u', controller: true }],
  },
  spec: { nodeName: 'node-a', containers: [{ name: 'api', image: 'shop/api:2.14.0' }, { name: 'proxy', image: 'envoy:1' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'api', containerID, state: { running: {} } }, { name: 'proxy', containerID: `containerd://${'a'.repeat(64)}`, state: { running: {} } }] },
};
const namespaceObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'payments' } } };
const cluster = file('cluster.json', { apiVersion: 'v1', kind: 'List', items: [podObject, namespaceObject] });

interface Answer {
  readonly action: string;
  readonly target?: Record<string, unknown>;
  readonly captures: readonly { container: string; rule: string }[];
  readonly reasons: readonly { check: string; holds: boolean; says: string }[];
  readonly assumed: readonly string[];
}
function tried(...words: readonly string[]): { code: number | null; answers: readonly Answer[] } {
  const { code, out } = icecore('policy', 'test', '--json', ...words);
  return { code, answers: out.split(/\n(?=\{)/).filter(Boolean).map((line): Answer => JSON.parse(line)) };
}

describe('each sample alert, by the example policy', () => {
  test.each([
    ['falco-memfd', 'fileless code and reverse shells', 2],
    ['falco-c2', 'fileless code and reverse shells', 2],
    ['falco-shell', undefined, 0],
    ['alertmanager-v4', 'anything severe', 1],
    ['guardduty-eks-runtime', undefined, 0],
    ['tetragon-exec', undefined, 0],
    ['tracee-v1beta1', 'anything severe', 1],
    ['kubernetes-audit-exec', undefined, 0],
  ] as const)('%s', (name, rule, count) => {
    const { code, answers } = tried(example, sample(name));
    expect(code).toBe(rule === undefined ? 1 : 0);
    expect(answers).toHaveLength(1);
    expect(answers[0]?.captures.map((each) => each.rule)).toEqual(Array.from({ length: count }, () => rule));
    if (rule === undefined) expect(answers[0]?.reasons.at(-1)).toEqual({ check: 'rules', holds: false, says: 'no rule matches' });
    expect(answers[0]?.assumed.length).toBeGreaterThan(0);
  });
});

describe('with the cluster’s objects', () => {
  it('knows the owner, and the labels of the namespace', () => {
    const policy = file('team.yaml', 'apiVersion: icecore.dev/v1\nkind: CapturePolicy\nrules:\n  - { name: payments, match: { namespaceLabels: { team: payments }, owner: Deployment/api }, capture: { containers: all } }');
    const { code, answers } = tried(policy, '--pod', cluster, sample('falco-shell'));
    expect(code).toBe(0);
    expect(answers).toMatchObject([{ target: { node: 'node-a', owner: 'Deployment/api' }, captures: [{ container: 'api' }, { container: 'proxy' }], assumed: [] }]);
  });

  it('says that the container was restarted since', () => {
    const restarted = structuredClone(podObject);
    restarted.status.containerStatuses[0] = { name: 'api', containerID: `containerd://${'b'.repeat(64)}`, state: { running: {} } };
    const { code, answers } = tried(example, '--pod', file('restarted.json', restarted), sample('falco-memfd'));
    expect(code).toBe(1);
    expect(answers[0]?.reasons).toEqual([{ check: 'target', holds: false, says: 'container 3f1c9d2e8a47 is gone: it was restarted since' }]);
  });

  it('reads YAML of several documents, and decides for each pod of a workload', () => {
    const second = structuredClone(podObject);
    second.metadata = { ...second.metadata, name: 'api-7c9d8f6b5-aaaaa', uid: 'other' };
    const finding = readFileSync(sample('guardduty-eks-runtime'), 'utf8').replace('"name":"api-7c9d8f6b5-x2x9q","type":"pods"', '"name":"api","type":"deployments"');
    const { answers } = tried(example, '--pod', file('two.yaml', [podObject, second].map((each) => JSON.stringify(each)).join('\n---\n')), file('workload.json', finding));
    expect(answers.map(({ target }) => target?.['pod'])).toEqual(['api-7c9d8f6b5-x2x9q', 'api-7c9d8f6b5-aaaaa']);
  });
});

describe('history', () => {
  it('counts what one alert would capture for those after it, where they come together', () => {
    const alone = tried(example, '--pod', cluster, sample('falco-memfd'), sample('falco-c2'));
    expect(alone.answers.map(({ action }) => action)).toEqual(['capture', 'capture']);
    const together = tried(example, '--together', '--pod', cluster, sample('falco-memfd'), sample('falco-c2'));
    expect(together.answers.map(({ action, reasons }) => [action, reasons.findLast(({ holds }) => !holds)?.check])).toEqual([['capture', 'rule asked for'], ['skip', 'cool-down']]);
  });

  describe('of captures that the cluster holds', () => {
    /** A capture as `kubectl get captures -o json` prints it: made from what the same policy decided. */
    const capture = (name: string, over: { readonly alert?: string; readonly meaning?: string; readonly at?: string; readonly found?: string } = {}): object => ({
      apiVersion: 'icecore.dev/v1',
      kind: 'Capture',
      metadata: { name, namespace: 'icecore', uid: `uid-${name}`, resourceVersion: '7', generation: 1, creationTimestamp: over.at ?? '2026-11-02T14:00:00Z', labels: { 'icecore.dev/node': 'node-a' }, finalizers: [] },
      spec: {
        subject: 'shop/api-7c9d8f6b5-x2x9q/api',
        target: { namespace: 'shop', pod: 'api-7c9d8f6b5-x2x9q', podUid: uid, container: 'api', node: 'node-a', workload: 'shop/Deployment/api' },
        reason: 'falco: Fileless execution via memfd_create',
        ...(over.found === undefined ? { alert: { id: over.alert ?? 'another', source: 'falco', rule: 'Fileless execution via memfd_create' } } : { found: over.found }),
        meaning: over.meaning ?? 'another',
        retention: { lockSeconds: 7_776_000, hold: false },
        limits: { freeBytes: 2_147_483_648, perNodePerHour: 12 },
        then: [],
      },
      status: { phase: 'sealed', reason: 'Sealed', finishedAt: '2026-11-02T14:00:09Z', vault: { location: 's3://evidence.example', key: 'clusters/local/c/x' } },
    });
    const decided = (...items: readonly object[]) => tried(example, '--pod', cluster, '--captures', file('captures.json', { apiVersion: 'v1', kind: 'List', items }), sample('falco-memfd')).answers[0]!;
    const alone = tried(example, '--pod', cluster, sample('falco-memfd'));
    const { observed_at: observed, id } = JSON.parse(icecore('policy', 'test', '--json', example, '--pod', cluster, sample('falco-memfd')).out).alert;
    const before = (minutes: number): string => new Date(Date.parse(observed) - minutes * 60_000).toISOString();
    const no = ({ reasons }: Answer): string | undefined => reasons.findLast(({ holds }) => !holds)?.check;

    it('cools a workload down, and no longer than policy says', () => {
      expect(alone.answers[0]?.action).toBe('capture');
      expect([decided(capture('a', { at: before(14) })).action, no(decided(capture('a', { at: before(14) })))]).toEqual(['skip', 'cool-down']);
      expect(decided(capture('a', { at: before(16) })).action).toBe('capture');
    });

    it('knows an alert of the same meaning', () => {
      const { meaning } = JSON.parse(icecore('policy', 'test', '--json', example, '--pod', cluster, sample('falco-memfd')).out);
      expect(no(decided(capture('a', { at: before(9), meaning })))).toBe('deduplication');
    });

    it('spends the budget of the node', () => {
      const many = Array.from({ length: 12 }, (_, i) => capture(`a${i}`, { at: before(30) }));
      expect([decided(...many.slice(1)).action, no(decided(...many))]).toEqual(['capture', 'budget']);
    });

    it('does not count what the same alert asked for, nor archives that were found', () => {
      expect(decided(capture('a', { at: before(1), alert: id }), capture('b', { at: before(1), found: 'checkpoint-x.tar' })).action).toBe('capture');
    });

    it('reads one by itself, and says what is wrong with one that is none', () => {
      expect(no(tried(example, '--pod', cluster, '--captures', file('one.json', capture('a', { at: before(1) })), sample('falco-memfd')).answers[0]!)).toBe('cool-down');
      const { code, err } = icecore('policy', 'test', example, '--captures', file('pods.json', podObject), sample('falco-memfd'));
      expect([code, err]).toEqual([2, expect.stringContaining('the captures are not what kubectl get captures -A -o json prints: ')]);
    });
  });

  it('finds an alert too old where it arrives late', () => {
    const { code, answers } = tried(example, '--at', '2026-11-02T16:00:00Z', sample('falco-memfd'));
    expect(code).toBe(1);
    expect(answers[0]?.reasons.at(-1)).toMatchObject({ check: 'age', holds: false });
  });
});

describe('what it says to a person', () => {
  it('tells the plan and each step to it', () => {
    const { out } = icecore('policy', 'test', example, sample('falco-memfd'));
    expect(out).toMatch(/would capture\n +container api, 2 times, 1m apart, locked for 1y and held; then label icecore\.dev\/suspect=true\n/);
    expect(out).toContain('no   rule asked for: source falco, wanted annotation or operator');
    expect(out).toContain('2.0 GiB free after it');
  });

  it('says of a dry run that nothing would be taken', () => {
    expect(icecore('policy', 'test', file('dry.yaml', `${examplePolicy}dryRun: true\n`), sample('falco-memfd')).out).toContain('would capture, were the policy no dry run');
  });

  it('does for an order what it does for an alert, but never captures what is protected', () => {
    expect(tried(example, '--order', 'shop/api-1/api').answers).toMatchObject([{ action: 'capture', captures: [{ rule: 'asked for' }] }]);
    expect(tried(example, '--order', 'kube-system/coredns-1')).toMatchObject({ code: 1, answers: [{ action: 'skip' }] });
  });
});

describe('how it ends', () => {
  test.each([
    ['a file that is no alert', [example, '/dev/null'], 3],
    ['one that is and one that is not', [example, sample('falco-memfd'), '/dev/null'], 4],
    ['a policy with a misspelt field', [file('wrong.yaml', examplePolicy.replace('match: { severity', 'match: { severty')), sample('falco-memfd')], 3],
    ['a file that is not there', [example, join(folder, 'none.json')], 3],
    ['no alert', [example], 2],
    ['an order of no pod', [example, '--order', 'shop'], 2],
    ['a time that is none', [example, '--at', 'soon', sample('falco-memfd')], 2],
    ['pods that are none', [example, '--pod', file('broken.yaml', 'kind: Pod\nmetadata: {}'), sample('falco-memfd')], 2],
  ])('%s', (_what, words, code) => {
    const ran = icecore('policy', 'test', ...words);
    expect(ran.code).toBe(code);
    expect(ran.err + ran.out).not.toContain('defect');
  });

  it('names the rule and the field of a policy that cannot be followed', () => {
    expect(icecore('policy', 'check', join(folder, 'wrong.yaml')).err).toContain('rules.2.match: Unrecognized key: "severty"');
    expect(icecore('policy', 'check', example).out).toContain('3 rules');
  });
});
