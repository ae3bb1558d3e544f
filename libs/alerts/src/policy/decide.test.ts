import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { type Alert, alertOfOrder, decide, type Decision, examplePolicy, type History, matchesPattern, parsePolicy, type Policy, type ResolvedPod } from '../index.ts';

const now = Date.parse('2026-11-02T14:10:00Z');
const containerId = '3f1c9d2e8a47b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f70819203';
const pod: ResolvedPod = {
  namespace: 'shop',
  pod: 'api-x2x9q',
  uid: 'uid-1',
  node: 'node-a',
  phase: 'Running',
  owner: 'Deployment/api',
  labels: { app: 'api' },
  namespaceLabels: { team: 'shop' },
  images: ['shop/api:2.14.0'],
  containers: [
    { name: 'api', containerId, running: true, image: 'shop/api:2.14.0' },
    { name: 'proxy', containerId: 'aa'.repeat(32), running: true, image: 'envoy:1' },
  ],
};
const alert: Alert = {
  ...alertOfOrder('operator', { namespace: 'shop', pod: 'api-x2x9q', container: 'api', reason: 'r', by: 'b', nonce: 'n', at: new Date(now - 5000) }),
  source: 'falco',
  rule: 'Fileless execution via memfd_create',
  severity: 90,
  priority: 'Critical',
};
const never: History = { lastCapture: () => undefined, lastMeaning: () => undefined, capturesOnNode: () => 0 };
const policy = (rules: string, more = ''): Policy => parsePolicy(`apiVersion: icecore.dev/v1\nkind: CapturePolicy\n${more}\nrules:\n${rules}`);
const everything = policy('  - { name: all, match: {}, capture: {} }');
const falseChecks = ({ reasons }: Decision): string[] => reasons.filter(({ holds }) => !holds).map(({ check }) => check);

describe('a decision', () => {
  it('captures the container that the alert names, and says why', () => {
    const decision = decide(everything, alert, pod, never, now);
    expect(decision.captures.map(({ container, containerId: id }) => [container, id])).toEqual([['api', containerId]]);
    expect(decision.reasons.map(({ check }) => check)).toEqual(['target', 'rule all', 'containers', 'age', 'deduplication', 'cool-down', 'budget']);
  });

  test.each<[string, Partial<ResolvedPod>, Partial<Alert['target']>, Partial<History>, number, string]>([
    ['a pod that was replaced', {}, { podUid: 'uid-0' }, {}, now, 'target'],
    ['a container that was restarted', {}, { containerId: 'bbbbbbbbbbbb' }, {}, now, 'target'],
    ['a container that the pod has not', {}, { container: 'web' }, {}, now, 'target'],
    ['a pod that has ended', { phase: 'Succeeded' }, {}, {}, now, 'target'],
    ['an alert that is too old', {}, {}, {}, now + 2 * 3_600_000, 'age'],
    ['the same alert again', {}, {}, { lastMeaning: () => now - 1000 }, now, 'deduplication'],
    ['a workload that was captured just now', {}, {}, { lastCapture: () => now - 1000 }, now, 'cool-down'],
    ['a node that has had its share', {}, {}, { capturesOnNode: () => 12 }, now, 'budget'],
    ['a container that does not run', { containers: [{ name: 'api', containerId, running: false, image: 'x' }] }, {}, {}, now, 'containers'],
    ['a namespace that is protected', { namespace: 'kube-system' }, { namespace: 'kube-system' }, {}, now, 'containers'],
  ])('leaves alone %s', (_what, podChange, targetChange, history, at, check) => {
    const changedPod = { ...pod, ...podChange };
    const decision = decide(everything, { ...alert, target: { ...alert.target, ...targetChange } }, changedPod, { ...never, ...history }, at);
    expect(decision).toMatchObject({ action: 'skip', captures: [] });
    expect(falseChecks(decision)).toContain(check);
  });

  it('does what a person asks again and again, but not past protection and budget', () => {
    const order: Alert = { ...alert, source: 'operator' };
    const busy: History = { ...never, lastCapture: () => now - 1, lastMeaning: () => now - 1 };
    expect(decide(everything, order, pod, busy, now).action).toBe('capture');
    expect(decide(everything, order, pod, { ...busy, capturesOnNode: () => 12 }, now).action).toBe('skip');
    const guarded = policy('  - { name: all, match: {}, capture: {} }', 'protect: [{ container: api }]');
    expect(falseChecks(decide(guarded, order, pod, never, now))).toContain('protection');
  });

  it('protects one container of a pod and captures the others', () => {
    const guarded = policy('  - { name: all, match: {}, capture: { containers: all } }', 'protect: [{ container: proxy }]');
    expect(decide(guarded, alert, pod, never, now).captures.map(({ container }) => container)).toEqual(['api']);
  });

  it('plans a series', () => {
    const series = policy('  - { name: s, match: {}, capture: { series: { count: 3, every: 60s }, retention: { lock: 1y, hold: true } } }');
    const { captures } = decide(series, alert, pod, never, now);
    expect(captures.map(({ index, afterMs, retention }) => [index, afterMs, retention.hold])).toEqual([[0, 0, true], [1, 60_000, true], [2, 120_000, true]]);
  });

  it('takes the first rule that matches, also where it says to ignore', () => {
    const rules = policy('  - { name: known, match: { image: "shop/api:*" }, ignore: true }\n  - { name: all, match: {}, capture: {} }');
    expect(falseChecks(decide(rules, alert, pod, never, now))).toEqual([]);
    expect(decide(rules, alert, pod, never, now)).toMatchObject({ action: 'skip', reasons: [{}, { says: 'matches, and says to ignore it' }] });
  });

  test.each<[string, string, boolean]>([
    ['source', '{ source: falco }', true],
    ['another source', '{ source: [tracee, tetragon] }', false],
    ['a rule by pattern', '{ rule: "Fileless*" }', true],
    ['a severity it reaches', '{ severity: 90 }', true],
    ['a severity it does not reach', '{ severity: 91 }', false],
    ['a label', '{ labels: { app: api } }', true],
    ['a label that is not there', '{ labels: { tier: "*" } }', false],
    ['a namespace label turned around', '{ namespaceLabels: { team: "!shop" } }', false],
    ['an owner', '{ owner: "Deployment/*" }', true],
    ['two conditions of which one holds', '{ owner: "Deployment/*", namespace: other }', false],
    ['a field', '{ fields: { reason: r } }', true],
  ])('matches by %s', (_what, match, holds) => {
    const rules = policy(`  - { name: one, match: ${match}, capture: {} }`);
    expect(decide(rules, alert, pod, never, now).action).toBe(holds ? 'capture' : 'skip');
  });

  it('means the same for the same alert at another time, and not for another container', () => {
    const meaning = (change: Partial<Alert>): string => decide(everything, { ...alert, ...change }, pod, never, now).meaning;
    expect(meaning({ id: 'other', observedAt: new Date(now) })).toBe(meaning({}));
    expect(meaning({ target: { ...alert.target, container: 'proxy' } })).not.toBe(meaning({}));
  });
});

describe('a policy', () => {
  it('keeps 2 GiB free on the node where it says nothing', () => {
    expect(everything.limits.freeBytes).toBe(2_147_483_648);
  });

  it('comes with an example that can be followed', () => {
    expect(parsePolicy(examplePolicy).rules.map(({ name }) => name)).toEqual(['asked for', 'fileless code and reverse shells', 'anything severe']);
  });

  test.each([
    ['an unknown field', '  - { name: a, match: { namspace: x } }', 'namspace'],
    ['a duration that is none', '  - { name: a, match: {}, capture: { series: { count: 2, every: soon } } }', 'is no duration'],
    ['two rules of one name', '  - { name: a, match: {} }\n  - { name: a, match: {} }', 'two have the name a'],
    ['no rules', '  []', 'rules'],
    ['a follow-up that is not known', '  - { name: a, match: {}, then: [{ action: delete }] }', 'action'],
    ['broken YAML', '  - { name: a', 'not YAML'],
  ])('is refused for %s', (_what, rules, reason) => {
    expect(() => policy(rules)).toThrow(reason);
  });
});

describe('a pattern', () => {
  it('means what a regular expression of it would', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(letters, plain, (pattern, value) => matchesPattern(pattern, value) === new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value)),
      { numRuns: 2000 },
    );
  });

  it('takes no more than a blink for the worst of them', () => {
    const before = performance.now();
    matchesPattern('*a'.repeat(200), 'a'.repeat(100_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
