import { describe, expect, it } from '@jest/globals';
import { type Alert, alertOfOrder, parsePolicy } from '@icecore/alerts';
import { type AlertAnswer, alertIntake, type HistoryItem, type IntakePorts, type NewCapture, parsePod } from './index.ts';
import { podManifest } from './memory-ports.test-support.ts';

const now = Date.parse('2026-11-25T10:00:30Z');
const order = alertOfOrder('operator', { namespace: 'shop', pod: 'api-1', reason: 'look', by: 'me', nonce: '1', at: new Date(now - 1000) });
const falco = (over: Partial<Alert> = {}): Alert => ({ ...order, id: 'event-1', source: 'falco', rule: 'shell', observedAt: new Date(now - 1000), ...over });
const policyOf = (limits: string, capture = '{}') => parsePolicy(`{apiVersion: icecore.dev/v1, kind: CapturePolicy, rules: [{name: all, match: {}, capture: ${capture}, then: [{action: isolate}]}], limits: ${limits}}`);

/** A cluster that keeps captures in memory; the watch tells of them only when `seen` is called. */
function intake(limits = '{}', capture = '{}') {
  const stored = new Map<string, NewCapture>();
  const known: HistoryItem[] = [];
  const state = { now, fail: 0, hold: Promise.resolve() };
  const ports: IntakePorts = {
    now: () => state.now,
    policy: () => policyOf(limits, capture),
    pod: async (_namespace, name) => (name === 'api-1' ? parsePod(podManifest) : undefined),
    podsOf: async () => [parsePod({ ...podManifest, metadata: { ...podManifest.metadata, labels: { 'pod-template-hash': 'x1' }, ownerReferences: [{ kind: 'ReplicaSet', name: 'api-x1', controller: true }] } })],
    namespaceLabels: async () => ({}),
    known: () => known,
    async create(wanted) {
      await state.hold;
      if (state.fail-- > 0) throw new Error('the API does not answer');
      if (stored.has(wanted.name)) return 'exists';
      stored.set(wanted.name, wanted);
      return 'created';
    },
  };
  const seen = (): void => {
    known.splice(0, known.length, ...[...stored.values()].map(({ name, spec }) => ({ name, alertId: spec.alert?.id, meaning: spec.meaning, workload: spec.target.workload, node: spec.target.node, at: state.now })));
  };
  return { take: alertIntake(ports), stored, state, seen, again: () => alertIntake(ports) };
}

const outcomes = (answers: readonly AlertAnswer[]): string[] => answers.map(({ outcome }) => outcome);

describe('the intake of alerts', () => {
  it('stores what is decided before it answers', async () => {
    const { take, stored } = intake();
    const answer = await take(falco(), { sha256: 'ab'.repeat(32), traceparent: '00-x' });
    expect(answer).toMatchObject({ outcome: 'accepted', captures: [...stored.keys()] });
    expect([...stored.values()][0]).toMatchObject({ labels: { 'icecore.dev/node': 'n1' }, annotations: { 'icecore.dev/traceparent': '00-x' }, spec: { subject: 'shop/api-1/api', target: { podUid: 'uid-1', node: 'n1' }, then: [{ action: 'isolate' }] } });
  });

  it('makes one object of the same event, whoever hears of it, and however often', async () => {
    const { take, stored, seen, again } = intake();
    const first = await take(falco(), {});
    seen();
    const second = await again()(falco(), {});
    expect([second.outcome, second.captures, stored.size]).toEqual(['accepted', first.captures, 1]);
  });

  it('makes the rest of a series whose making was broken off', async () => {
    const { take, stored, state, seen, again } = intake('{}', '{series: {count: 3, every: 60s}}');
    state.fail = 2;
    await expect(take(falco(), {})).rejects.toThrow('does not answer');
    expect(stored.size).toBe(1);
    seen();
    expect((await again()(falco(), {})).captures).toHaveLength(3);
    expect([...stored.values()].map(({ spec }) => [spec.series?.index, spec.then.length]).sort()).toEqual([[0, 0], [1, 0], [2, 1]]);
  });

  it('counts what is on its way: a hundred alerts of one meaning at once are one capture', async () => {
    const { take, stored } = intake();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => take(falco({ id: `event-${i}` }), {})));
    expect(outcomes(answers).filter((each) => each === 'accepted')).toHaveLength(1);
    expect(stored.size).toBe(1);
  });

  it('does not skip an alert because of one that was never stored', async () => {
    const { take, stored, state } = intake();
    let release = (): void => undefined;
    state.hold = new Promise((resolve) => (release = resolve));
    state.fail = 1;
    const [first, second] = [take(falco({ id: 'a' }), {}), take(falco({ id: 'b' }), {})];
    setTimeout(release, 10);
    await expect(first).rejects.toThrow('does not answer');
    expect([(await second).outcome, stored.size]).toEqual(['accepted', 1]);
  });

  it('keeps to cool-down and budget, and takes orders of people past the first', async () => {
    const { take, seen, state } = intake('{cooldown: 10m, deduplicate: 1s, perNodePerHour: 2}');
    const results = [await take(falco(), {})];
    seen();
    state.now += 5000;
    results.push(await take(falco({ id: 'event-2', rule: 'other', observedAt: new Date(state.now) }), {}), await take(order, {}));
    seen();
    results.push(await take({ ...order, id: 'order-2' }, {}));
    expect(outcomes(results)).toEqual(['accepted', 'skipped', 'accepted', 'skipped']);
    expect(results.map(({ reasons }) => reasons.find(({ holds }) => !holds)?.check)).toEqual([undefined, 'cool-down', undefined, 'budget']);
  });

  it('follows a workload to its pods, and says where there is none', async () => {
    const { take } = intake();
    const of = (kind: string, name: string) => falco({ target: { ...order.target, pod: undefined, workload: { kind, name } } });
    expect(await take(of('deployments', 'api'), {})).toMatchObject({ outcome: 'accepted' });
    expect(await take(of('deployments', 'web'), {})).toMatchObject({ outcome: 'skipped', reasons: [{ says: 'no pod of deployments shop/web runs' }] });
    expect(await take(falco({ target: { ...order.target, pod: 'gone' } }), {})).toMatchObject({ outcome: 'skipped', reasons: [{ says: 'there is no pod shop/gone' }] });
  });
});
