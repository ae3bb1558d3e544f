import { captureKey, defaultRetention, mayExpire, parseRetentionPolicy, retentionOf, safeName } from './index.ts';

const now = new Date('2026-03-01T00:00:00.500Z');
const days = (count: number): Date => new Date(Date.parse('2026-03-01T00:00:01.000Z') + count * 86_400_000);

describe('retention', () => {
  const policy = { rules: [{ severity: 70, lockDays: 365 }, { namespace: ['pay*', 'bank'], lockDays: 3650 }, { inCase: true, lockDays: 30, hold: true }, { inCase: false, namespace: ['test-*'], lockDays: 1 }], defaultDays: 90 };
  it.each([
    ['no rule', {}, 90, false],
    ['severe', { severity: 70 }, 365, false],
    ['nearly severe', { severity: 69.9 }, 90, false],
    ['a namespace by its beginning', { namespace: 'payments' }, 3650, false],
    ['a namespace by its name', { namespace: 'bank' }, 3650, false],
    ['a namespace that only begins like it', { namespace: 'banking' }, 90, false],
    ['severe, and in such a namespace: the longest', { severity: 99, namespace: 'payroll' }, 3650, false],
    ['a case', { case: 'k1' }, 30, true],
    ['a case and severe: the longest, and held', { case: 'k1', severity: 80 }, 365, true],
    ['a test outside of any case', { namespace: 'test-1' }, 1, false],
    ['a test in a case', { namespace: 'test-1', case: 'k1' }, 30, true],
  ])('for %s', (_, facts, expected, held) => {
    const lock = retentionOf(policy, { severity: undefined, namespace: undefined, case: undefined, ...facts }, now);
    expect(lock).toEqual({ retainUntil: days(expected), held });
  });

  it('is ninety days where nobody says more', () => {
    expect(retentionOf(defaultRetention, { severity: 10, namespace: 'x', case: undefined }, now)).toEqual({ retainUntil: days(90), held: false });
  });

  it.each([
    ['before its end', days(1), false, now, false],
    ['at its end', days(1), false, days(1), false],
    ['after its end', days(1), false, days(2), true],
    ['after its end, and held', days(1), true, days(2), false],
  ])('lets an object go %s: not before, not while held', (_, retainUntil, held, at, expected) => {
    expect(mayExpire({ retainUntil, held }, at)).toBe(expected);
    expect(mayExpire(undefined, at)).toBe(false);
  });
});

describe('a retention policy in a file', () => {
  it('is what its rules say', () => {
    const rules = [
      { match: { severity: 70 }, lock: '2y' },
      { match: { namespace: ['pay*', 'bank'] }, lock: '10y' },
      { match: { namespace: 'test', case: true }, lock: '90d', hold: true },
    ];
    expect(parseRetentionPolicy(JSON.stringify({ default: '30d', rules }))).toEqual({
      defaultDays: 30,
      rules: [
        { severity: 70, lockDays: 730, hold: false },
        { namespace: ['pay*', 'bank'], lockDays: 3650, hold: false },
        { namespace: ['test'], inCase: true, lockDays: 90, hold: true },
      ],
    });
  });

  it.each([
    ['', /JSON/],
    ['[]', /policy/],
    ['{ "rules": [] }', /default/],
    ['{ "default": 90 }', /default/],
    ['{ "default": "0d" }', /default: is no period/],
    ['{ "default": "101y" }', /longer than 100 years/],
    ['{ "default": "90d", "rule": [] }', /rule/],
    ['{ "default": "90d", "rules": [{ "lock": "1d" }] }', /rules.0.match/],
    ['{ "default": "90d", "rules": [{ "match": { "severity": 101 }, "lock": "1d" }] }', /rules.0.match.severity/],
    ['{ "default": "90d", "rules": [{ "match": { "owner": "x" }, "lock": "1d" }] }', /rules.0.match/],
  ])('is refused where it is %p, and the message says where', (text, reason) => {
    expect(() => parseRetentionPolicy(text)).toThrow(reason);
  });
});

describe('a capture’s key', () => {
  it('begins with the account and the cluster, so that a cluster writes its own', () => {
    expect(captureKey({ account: '123456789012', cluster: 'prod', takenAt: now, captureId: 'ab' })).toBe('clusters/123456789012/prod/2026-03-01/ab/');
  });
  it.each([['a/b'], ['..'], [''], ['a b'], ['ü']])('refuses the cluster %p, and a safe name of it is none of these', (cluster) => {
    expect(() => captureKey({ account: 'local', cluster, takenAt: now, captureId: 'ab' })).toThrow(/no safe key/);
    expect(captureKey({ account: 'local', cluster: safeName(cluster), takenAt: now, captureId: 'ab' })).toMatch(/^clusters\/local\/[^/]+\/2026-03-01\/ab\/$/);
  });
});
