import fc from 'fast-check';
import { type Caller, decide, type Request } from './evaluate.ts';
import { type Policy, readPolicy } from './policy.ts';
import { fits, patternOf } from './wildcard.ts';

const role = 'arn:aws:iam::111111111111:role/reader';
const policy = (...statements: object[]): Policy => readPolicy({ Version: '2012-10-17', Statement: statements });
const caller = (policies: readonly Policy[], tags: Readonly<Record<string, string>> = {}): Caller => ({ kind: 'role', arn: role, account: '111111111111', tags, policies });
const request = (more: Partial<Request> = {}): Request => ({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/a/b', owner: '111111111111', context: {}, resourcePolicy: undefined, ...more });
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const anyone = { ...allow, Principal: '*' };
const deny = { ...allow, Sid: 'No', Effect: 'Deny' };
const of = (account: string): object => ({ ...allow, Principal: { AWS: `arn:aws:iam::${account}:root` } });

describe('who must allow', () => {
  const other = '222222222222';
  it.each<[string, boolean, readonly Policy[], Partial<Request>]>([
    ['nobody', false, [], {}],
    ['the caller, within an account', true, [policy(allow)], {}],
    ['the resource by name, within an account', true, [], { resourcePolicy: policy({ ...allow, Principal: { AWS: role } }) }],
    ['the resource to the account alone, which then allows nothing itself', false, [], { resourcePolicy: policy(of('111111111111')) }],
    ['the caller alone, between accounts', false, [policy(allow)], { owner: other }],
    ['the resource alone, between accounts', false, [], { owner: other, resourcePolicy: policy(anyone) }],
    ['both, between accounts', true, [policy(allow)], { owner: other, resourcePolicy: policy(of('111111111111')) }],
    ['both, but the resource another account', false, [policy(allow)], { owner: other, resourcePolicy: policy(of('333333333333')) }],
    ['the caller alone, of a key', false, [policy({ ...allow, Action: 'kms:Decrypt' })], { action: 'kms:Decrypt' }],
    ['the caller and the key to the account', true, [policy({ ...allow, Action: 'kms:Decrypt' })], { action: 'kms:Decrypt', resourcePolicy: policy({ ...of('111111111111'), Action: 'kms:*' }) }],
    ['the key by name', true, [], { action: 'kms:Decrypt', resourcePolicy: policy({ ...allow, Action: 'kms:Decrypt', Principal: { AWS: role } }) }],
    ['the caller, and the caller denies', false, [policy(allow, deny)], {}],
    ['the caller, and the resource denies', false, [policy(allow)], { resourcePolicy: policy({ ...deny, Principal: '*' }) }],
    ['the caller, and the resource denies to all but another', false, [policy(allow)], { resourcePolicy: policy({ ...deny, NotPrincipal: { AWS: 'arn:aws:iam::111111111111:role/keeper' } }) }],
    ['the caller, and the resource denies to all but this one', true, [policy(allow)], { resourcePolicy: policy({ ...deny, NotPrincipal: { AWS: role } }) }],
  ])('%s: %s', (_who, allowed, policies, more) => {
    expect(decide(caller(policies), request(more)).allowed).toBe(allowed);
  });

  it('a service only where the resource names it', () => {
    const service: Caller = { kind: 'service', name: 'cloudtrail.amazonaws.com' };
    const named = policy({ ...allow, Principal: { Service: 'cloudtrail.amazonaws.com' } });
    expect([named, policy(of('111111111111')), undefined].map((resourcePolicy) => decide(service, request({ resourcePolicy })).allowed)).toEqual([true, false, false]);
  });
});

describe('what a statement is about', () => {
  it.each<[string, boolean, object]>([
    ['the action in other letters', true, { Action: 'S3:getobject' }],
    ['a run of characters in the action', true, { Action: 's3:Get*' }],
    ['another action', false, { Action: 's3:GetObjectVersion' }],
    ['all actions but another', true, { Action: undefined, NotAction: 's3:PutObject' }],
    ['all actions but this', false, { Action: undefined, NotAction: ['s3:PutObject', 's3:Get*'] }],
    ['a run of characters over slashes', true, { Resource: 'arn:aws:s3:::bucket/*' }],
    ['a resource in other letters', false, { Resource: 'arn:aws:s3:::bucket/A/b' }],
    ['one character', true, { Resource: 'arn:aws:s3:::bucket/?/b' }],
    ['a tag of the caller', true, { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*' }],
    ['the account of the caller', false, { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalAccount}/*' }],
    ['a tag that the caller has not', false, { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/none}/*' }],
    ['a tag that is no wildcard though it looks like one', false, { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/star}/b' }],
    ['a star that is one', false, { Resource: 'arn:aws:s3:::bucket/${*}/b' }],
    ['all resources but another', true, { Resource: undefined, NotResource: 'arn:aws:s3:::other/*' }],
  ])('%s: %s', (_what, allowed, more) => {
    const plain = Object.fromEntries(Object.entries({ ...allow, ...more }).filter(([, value]) => value !== undefined));
    expect(decide(caller([policy(plain)], { team: 'a', star: '*' }), request()).allowed).toBe(allowed);
  });
});

describe('conditions', () => {
  const context = { 's3:prefix': 'clusters/1', 'aws:SecureTransport': 'true', 's3:object-lock-remaining-retention-days': '30', 'aws:SourceArn': 'arn:aws:s3:::bucket' };
  it.each<[boolean, object]>([
    [true, { StringEquals: { 's3:prefix': 'clusters/1' } }],
    [true, { StringEquals: { 'S3:Prefix': ['x', 'clusters/1'] } }],
    [false, { StringEquals: { 's3:prefix': 'clusters/*' } }],
    [true, { StringLike: { 's3:prefix': 'clusters/*' } }],
    [false, { StringNotLike: { 's3:prefix': 'clusters/*' } }],
    [false, { StringNotEquals: { 's3:prefix': ['x', 'clusters/1'] } }],
    [false, { StringEquals: { 's3:if-none-match': '*' } }],
    [true, { StringNotEquals: { 's3:if-none-match': '*' } }],
    [true, { StringEqualsIfExists: { 's3:if-none-match': '*' } }],
    [true, { StringNotEqualsIfExists: { 's3:if-none-match': '*' } }],
    [true, { Bool: { 'aws:SecureTransport': 'true' } }],
    [false, { Bool: { 'aws:SecureTransport': false } }],
    [true, { Null: { 's3:if-none-match': 'true' } }],
    [false, { Null: { 's3:prefix': 'true' } }],
    [true, { NumericLessThan: { 's3:object-lock-remaining-retention-days': '31' } }],
    [false, { NumericLessThan: { 's3:object-lock-remaining-retention-days': 30 } }],
    [false, { NumericLessThan: { 's3:TlsVersion': '1.2' } }],
    [true, { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/reader' } }],
    [false, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:*:role/reader' } }],
    [true, { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/keeper' } }],
    [false, { StringEquals: { 's3:prefix': 'clusters/1' }, Bool: { 'aws:SecureTransport': 'false' } }],
    [false, { StringEquals: { 's3:prefix': 'clusters/1', 'aws:SecureTransport': 'false' } }],
    [true, { StringEquals: { 'aws:PrincipalTag/team': '${aws:PrincipalTag/team}' } }],
  ])('%s: %j', (allowed, Condition) => {
    expect(decide(caller([policy({ ...allow, Condition })], { team: 'a' }), request({ context })).allowed).toBe(allowed);
  });

  it.each<[string, object]>([
    ['an operator that is not simulated', { DateLessThan: { 's3:prefix': '2026' } }],
    ['an operator for many values', { 'ForAnyValue:StringEquals': { 's3:prefix': 'a' } }],
    ['a key that no request has', { StringEquals: { 's3:prefx': 'a' } }],
    ['a variable that no request has', { StringEquals: { 's3:prefix': '${aws:username}' } }],
    ['an unknown operator behind a condition that does not hold', { StringEquals: { 's3:prefix': 'no' }, DateLessThan: { 's3:prefix': '2026' } }],
    ['text that is compared as a number', { NumericLessThan: { 's3:prefix': '1' } }],
  ])('%s is an error, and allows nothing', (_what, Condition) => {
    expect(() => decide(caller([policy({ ...allow, Condition })]), request({ context }))).toThrow();
  });

  it.each<[string, object]>([
    ['an element that the language does not have', { ...allow, Resourse: '*' }],
    ['no action', { Effect: 'Allow', Resource: '*' }],
    ['another effect', { ...allow, Effect: 'Maybe' }],
    ['both ways to name resources', { ...allow, NotResource: '*' }],
  ])('a policy with %s is refused', (_what, statement) => {
    expect(() => policy(statement)).toThrow('no policy');
  });

  it('Allow with NotPrincipal is refused', () => {
    expect(() => decide(caller([]), request({ resourcePolicy: policy({ ...allow, NotPrincipal: { AWS: role } }) }))).toThrow('NotPrincipal');
  });
});

describe('laws', () => {
  const actions = fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:Get*', 's3:*', 'kms:Decrypt', '*');
  const resources = fc.constantFrom('*', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b', 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*', 'arn:aws:s3:::other/*');
  const conditions = fc.constantFrom({}, { Bool: { 'aws:SecureTransport': 'true' } }, { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } }, { Null: { 's3:if-none-match': 'true' } }, { NumericLessThan: { 's3:TlsVersion': '1.2' } });
  const statement = fc.record({ Effect: fc.constantFrom('Allow', 'Deny'), Action: fc.array(actions, { minLength: 1, maxLength: 2 }), Resource: fc.array(resources, { minLength: 1, maxLength: 2 }), Condition: conditions });
  const principals = fc.constantFrom('*', { AWS: role }, { AWS: 'arn:aws:iam::111111111111:root' }, { AWS: 'arn:aws:iam::222222222222:root' });
  const guarding = fc.tuple(statement, principals).map(([each, Principal]) => ({ ...each, Principal }));
  const asked = fc.record({
    action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'kms:Decrypt'),
    resource: fc.constantFrom('arn:aws:s3:::bucket/a/b', 'arn:aws:s3:::bucket/c', 'arn:aws:s3:::other/a'),
    owner: fc.constantFrom('111111111111', '222222222222'),
    context: fc.record({ 'aws:SecureTransport': fc.constantFrom('true', 'false'), 's3:object-lock-mode': fc.constantFrom('COMPLIANCE', 'GOVERNANCE', undefined), 's3:TlsVersion': fc.constantFrom('1.1', '1.3', undefined) }),
  });
  const world = fc.record({ own: fc.array(statement, { maxLength: 5 }), theirs: fc.array(guarding, { maxLength: 5 }), asked });
  const answer = ({ own, theirs, asked: given }: { own: object[]; theirs: object[]; asked: Omit<Request, 'resourcePolicy'> }): boolean => decide(caller([policy(...own)], { team: 'a' }), { ...given, resourcePolicy: policy(...theirs) }).allowed;

  it('a denial wins over whatever else there is, wherever it stands', () => {
    const all = { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: {} };
    const within = (statements: readonly object[], more: object, at: number): object[] => statements.toSpliced(at, 0, more);
    fc.assert(fc.property(world, fc.boolean(), fc.nat(5), (given, own, at) => {
      const denied = own ? { ...given, own: within(given.own, all, at) } : { ...given, theirs: within(given.theirs, { ...all, Principal: '*' }, at) };
      return !answer(denied);
    }));
  });

  it('the order of statements, and which policy of a caller holds them, changes nothing', () => {
    fc.assert(fc.property(world, fc.nat(5), (given, at) => {
      const expected = answer(given);
      const split = [policy(...given.own.slice(at)), policy(...given.own.slice(0, at))];
      const turned = decide(caller(split.toReversed(), { team: 'a' }), { ...given.asked, resourcePolicy: policy(...given.theirs.toReversed()) }).allowed;
      return answer({ ...given, own: given.own.toReversed() }) === expected && turned === expected;
    }));
  });

  it('one more permission takes nothing away; one more denial gives nothing', () => {
    fc.assert(fc.property(world, statement, (given, more) => {
      const before = answer(given);
      const after = answer({ ...given, own: [...given.own, more] });
      return more.Effect === 'Allow' ? after || !before : before || !after;
    }));
  });

  it('between accounts neither side can do without the other', () => {
    const denials = <T extends { Effect: string }>(statements: readonly T[]): T[] => statements.filter(({ Effect }) => Effect === 'Deny');
    fc.assert(fc.property(world, (given) => {
      const foreign = { ...given, asked: { ...given.asked, owner: '222222222222' } };
      return !answer({ ...foreign, own: denials(given.own) }) && !answer({ ...foreign, theirs: denials(given.theirs) });
    }));
  });

  it('a pattern fits what the same expression does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/', '.'), maxLength: 8 });
    fc.assert(fc.property(letters, letters, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      return fits(patternOf(pattern), text) === expression.test(text);
    }));
  });

  it('a pattern of many stars takes no longer than it must', () => {
    const began = performance.now();
    expect(fits(patternOf(`${'*a'.repeat(200)}b`), 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
