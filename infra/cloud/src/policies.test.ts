import { captureKey, objectKeys } from '@icecore/evidence';
import { bucketArn, functionName, namesOf, writerRole } from './config/names.ts';
import { rightsOf } from './pipeline/rights.ts';
import { S3Calls, useKey } from './simulation/calls.ts';
import { Cloud } from './simulation/cloud.ts';
import { type Caller, decide } from './simulation/evaluate.ts';
import { readPolicy } from './simulation/policy.ts';
import { example, synthesised, templatesOf } from './synthesised.test-support.ts';

/*
 * Asks the synthesised templates, by the rules of IAM, who can do what. Every table has what must be refused beside what
 * must be allowed, so that a policy that refuses everything would fail as well.
 */
const home = example.homes[0]!;
const [prod, legacy] = [example.clusters[0]!, example.clusters[1]!];
const names = namesOf(example.name, home);
const vault = bucketArn(names.vaultBucket);
const lake = bucketArn(names.lakeBucket);
const working = bucketArn(names.workingBucket);
const replica = bucketArn(names.replicaBucket);

const cloud = new Cloud(templatesOf(synthesised.example));
const vaultKey = cloud.guardedBy(vault).defaultKey ?? '';

const takenAt = new Date('2026-11-02T14:00:00Z');
const capture = captureKey({ account: prod.account, cluster: prod.name, takenAt, captureId: 'c1' });
const foreignCapture = captureKey({ account: legacy.account, cluster: legacy.name, takenAt, captureId: 'c2' });
const archive = objectKeys.archive(capture);
const locked = { ifNoneMatch: '*', lock: { mode: 'COMPLIANCE', days: 90 } } as const;

/** Who EKS says a pod of the cluster is. */
const session = { 'eks-cluster-name': prod.name, 'kubernetes-namespace': 'icecore' };
const prodWriter = (): Caller => cloud.callerOf(writerRole(example.name, prod), session);
const legacyWriter = (): Caller => cloud.callerOf(writerRole(example.name, legacy));
const analyst = (): Caller => cloud.callerOf(names.analystRole);
const custodian = (): Caller => cloud.callerOf(names.custodianRole);
const step = (name: Parameters<typeof functionName>[1]): Caller => cloud.callerOf(functionName(example.name, name, home));
const everything = readPolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const admin = (account = home.account): Caller => ({ kind: 'role', arn: `arn:aws:iam::${account}:role/Administrator`, account, tags: {}, policies: [everything] });
const root = (): Caller => ({ kind: 'role', arn: `arn:aws:iam::${home.account}:root`, account: home.account, tags: {}, policies: [everything] });
const keeper = (): Caller => ({ kind: 'role', arn: `arn:aws:iam::${home.account}:role/${home.keepers[0] ?? ''}`, account: home.account, tags: {}, policies: [everything] });
const into = (caller: Caller, bucket = vault): S3Calls => new S3Calls(cloud, caller, bucket);
const may = (decision: { readonly allowed: boolean }): boolean => decision.allowed;

describe('a cluster', () => {
  it.each([
    ['an archive, as libs/aws puts a small one', () => into(prodWriter()).put(archive, locked)],
    ['an archive in parts', () => into(prodWriter()).putInParts(archive, locked)],
    ['with the vault\'s key by name', () => into(prodWriter()).put(archive, { ...locked, encryption: { kmsKey: vaultKey } })],
    ['under a hold', () => into(prodWriter()).put(archive, { ...locked, hold: 'ON' })],
    ['with the vault\'s own lock', () => into(prodWriter()).put(archive, { ifNoneMatch: '*' })],
    ['an entry of its ledger', () => into(prodWriter()).put(objectKeys.entry(capture, 1), locked)],
    ['and set the lock of what it put again', () => into(prodWriter()).retain(archive, locked.lock)],
    ['and hold what it put', () => into(prodWriter()).hold(archive, 'ON')],
    ['and give up an upload', () => into(prodWriter()).object('s3:AbortMultipartUpload', archive)],
    ['by OIDC, with the tag of its role', () => into(legacyWriter()).put(objectKeys.archive(foreignCapture), locked)],
    ['and sign', () => useKey(cloud, prodWriter(), signingKeyOf(prod.account), 'kms:Sign')],
  ])('can put %s', (_what, call) => {
    expect(call()).toMatchObject({ allowed: true });
  });

  it.each([
    ['into the folder of another cluster', () => into(prodWriter()).put(objectKeys.archive(foreignCapture), locked)],
    ['into the folder of its name in another account', () => into(prodWriter()).put(`clusters/${legacy.account}/${prod.name}/2026-11-02/c/archive.tar`, locked)],
    ['beside its folder, where a name begins like its own', () => into(prodWriter()).put(`clusters/${prod.account}/${prod.name}-2/2026-11-02/c/archive.tar`, locked)],
    ['outside of any folder', () => into(prodWriter()).put('archive.tar', locked)],
    ['without the tag of a cluster', () => into(cloud.callerOf(writerRole(example.name, prod))).put(archive, locked)],
    ['over what is there', () => into(prodWriter()).put(archive, { lock: locked.lock })],
    ['over what is there, in parts', () => into(prodWriter()).putInParts(archive, { lock: locked.lock })],
    ['over plain HTTP', () => into(prodWriter()).put(archive, { ...locked, secure: false })],
    ['over TLS 1.1', () => into(prodWriter()).put(archive, { ...locked, tlsVersion: 1.1 })],
    ['under another key', () => into(prodWriter()).put(archive, { ...locked, encryption: { kmsKey: cloud.guardedBy(lake).defaultKey ?? '' } })],
    ['under no key of KMS', () => into(prodWriter()).put(archive, { ...locked, encryption: 'AES256' })],
    ['in the mode GOVERNANCE', () => into(prodWriter()).put(archive, { ...locked, lock: { mode: 'GOVERNANCE', days: 90 } })],
    ['in the mode GOVERNANCE, in parts', () => into(prodWriter()).putInParts(archive, { ...locked, lock: { mode: 'GOVERNANCE', days: 90 } })],
    ['with a lock that is too short', () => into(prodWriter()).put(archive, { ...locked, lock: { mode: 'COMPLIANCE', days: home.lock.minimumDays - 1 } })],
    ['with a lock that never ends', () => into(prodWriter()).put(archive, { ...locked, lock: { mode: 'COMPLIANCE', days: home.lock.maximumDays + 1 } })],
    ['into the replica', () => into(prodWriter(), replica).put(archive, locked)],
    ['into the lake', () => into(prodWriter(), lake).put('v1/findings/x.parquet')],
  ])('cannot put %s', (_what, call) => {
    expect(call()).toMatchObject({ allowed: false });
  });

  it.each([
    ['read what it wrote', () => into(prodWriter()).get(archive)],
    ['read what it wrote, without its version', () => into(prodWriter()).get(archive, { version: false })],
    ['list its folder', () => into(prodWriter()).list(capture)],
    ['list the versions of its folder', () => into(prodWriter()).listVersions(capture)],
    ['delete', () => into(prodWriter()).object('s3:DeleteObject', archive)],
    ['delete a version', () => into(prodWriter()).object('s3:DeleteObjectVersion', archive)],
    ['release a hold', () => into(prodWriter()).hold(archive, 'OFF')],
    ['hold what another cluster wrote', () => into(prodWriter()).hold(objectKeys.archive(foreignCapture), 'ON')],
    ['make its object public', () => into(prodWriter()).object('s3:PutObjectAcl', archive)],
    ['change the bucket', () => into(prodWriter()).settings('s3:PutBucketPolicy')],
    ['decrypt by itself, not through S3', () => useKey(cloud, prodWriter(), vaultKey, 'kms:Decrypt')],
    ['sign for another cluster', () => useKey(cloud, prodWriter(), signingKeyOf(legacy.account), 'kms:Sign')],
  ])('cannot %s', (_what, call) => {
    expect(call()).toMatchObject({ allowed: false });
  });

  it('can do nothing else of what S3 and KMS have words for', () => {
    const allowed = s3Actions.filter((action) => may(into(prodWriter()).object(action, archive)) || may(into(prodWriter()).settings(action)));
    expect(allowed.sort()).toEqual(['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectLegalHold', 's3:PutObjectRetention']);
  });

  it.each([
    ['EKS, for its service account', true, 'pods.eks.amazonaws.com', {}],
    ['EKS, for another cluster', false, 'pods.eks.amazonaws.com', { 'aws:RequestTag/eks-cluster-name': 'prod-eu-2' }],
    ['EKS, for a cluster of the same name elsewhere', false, 'pods.eks.amazonaws.com', { 'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:us-east-1:${prod.account}:cluster/${prod.name}` }],
    ['EKS, for another namespace', false, 'pods.eks.amazonaws.com', { 'aws:RequestTag/kubernetes-namespace': 'default' }],
    ['EKS, for another service account', false, 'pods.eks.amazonaws.com', { 'aws:RequestTag/kubernetes-service-account': 'default' }],
    ['EC2', false, 'ec2.amazonaws.com', {}],
  ])('is %s: %s', (_who, allowed, name, other) => {
    const { trust, arn, account } = cloud.roleNamed(writerRole(example.name, prod));
    const tags = { 'eks-cluster-arn': `arn:aws:eks:${prod.region}:${prod.account}:cluster/${prod.name}`, 'eks-cluster-name': prod.name, 'kubernetes-namespace': prod.namespace, 'kubernetes-service-account': prod.serviceAccounts[0] };
    const context = { 'aws:SourceAccount': prod.account, ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:RequestTag/${tag}`, value])), ...other };
    const decisions = ['sts:AssumeRole', 'sts:TagSession'].map((action) => decide({ kind: 'service', name }, { action, resource: arn, owner: account, resourcePolicy: trust, context }));
    expect(decisions.every(may)).toBe(allowed);
  });
});

describe('what nobody can do', () => {
  const everybody: readonly (readonly [string, () => Caller])[] = [
    ['an administrator', () => admin()], ['the account itself', root], ['a keeper', keeper], ['an administrator elsewhere', () => admin('999999999999')], ['a cluster', prodWriter],
    ['an analyst', analyst], ['a custodian', custodian], ['the replication', () => cloud.callerOf(names.replicationRole)], ['the state machine', () => cloud.callerOf(names.stateMachine)],
    ...Object.keys(rightsOf).map((name) => [`the function ${name}`, () => cloud.callerOf(functionName(example.name, name, home))] as const),
  ];
  const both = (caller: Caller): S3Calls[] => [into(caller), into(caller, replica)];

  it.each(everybody)('not even %s can delete, or hide, or overwrite', (_who, caller) => {
    for (const calls of both(caller())) {
      expect([calls.object('s3:DeleteObject', archive), calls.object('s3:DeleteObjectVersion', archive), calls.settings('s3:DeleteBucket'), calls.put(archive, { lock: locked.lock })].map(may)).toEqual([false, false, false, false]);
    }
  });

  it.each(everybody)('not even %s can shorten a lock, or go around it', (_who, caller) => {
    for (const calls of both(caller())) {
      const attempts = [calls.retain(archive, { mode: 'COMPLIANCE', days: 1 }), calls.retain(archive, { mode: 'GOVERNANCE', days: 365 }), calls.retain(archive, { mode: 'COMPLIANCE', days: 36_500 }), calls.object('s3:BypassGovernanceRetention', archive)];
      expect(attempts.map(may)).toEqual([false, false, false, false]);
    }
  });

  it.each(everybody)('not even %s can destroy the key', (_who, caller) => {
    const attempts = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:DeleteImportedKeyMaterial', 'kms:CreateGrant'].map((action) => useKey(cloud, caller(), vaultKey, action));
    expect(attempts.some(may)).toBe(false);
  });

  it.each(everybody.filter(([who]) => who !== 'a keeper'))('not even %s can change what protects the evidence', (_who, caller) => {
    const settings = ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning', 's3:PutLifecycleConfiguration', 's3:PutEncryptionConfiguration', 's3:PutReplicationConfiguration', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls', 's3:PutBucketAcl', 's3:PutBucketNotification'];
    expect(settings.filter((action) => may(into(caller()).settings(action)))).toEqual([]);
    expect(may(useKey(cloud, caller(), vaultKey, 'kms:PutKeyPolicy'))).toBe(false);
  });

  it('but a keeper can change settings, for that is how they are deployed', () => {
    expect([into(keeper()).settings('s3:PutBucketPolicy'), into(keeper()).settings('s3:PutLifecycleConfiguration'), useKey(cloud, keeper(), vaultKey, 'kms:PutKeyPolicy')].map(may)).toEqual([true, true, true]);
  });

  it.each(everybody.filter(([who]) => who !== 'a custodian'))('not even %s can release a hold', (_who, caller) => {
    expect(may(into(caller()).hold(archive, 'OFF'))).toBe(false);
  });

  it('not even an administrator can read evidence', () => {
    for (const caller of [admin(), root(), keeper()]) expect([into(caller).get(archive), useKey(cloud, caller, vaultKey, 'kms:Decrypt')].map(may)).toEqual([false, false]);
  });
});

describe('people', () => {
  it('an analyst reads evidence and the lake', () => {
    const calls = [into(analyst()).get(archive), into(analyst()).listVersions(capture), into(analyst()).object('s3:GetObjectRetention', archive), into(analyst(), lake).get('v1/findings/tenant=default/dt=2026-11-02/c1-00000.parquet'), into(analyst(), lake).list('v1/')];
    expect(calls.map(may)).toEqual([true, true, true, true, true]);
  });

  it('an analyst alters neither', () => {
    const writing = s3Actions.filter((action) => !/^s3:(Get|List)/.test(action));
    for (const bucket of [vault, lake, working, replica]) {
      const allowed = writing.filter((action) => may(into(analyst(), bucket).object(action, archive)) || may(into(analyst(), bucket).settings(action)));
      expect(allowed).toEqual([]);
      expect([into(analyst(), bucket).put(archive, locked), into(analyst(), bucket).put('v1/findings/x.parquet'), into(analyst(), bucket).hold(archive, 'ON')].map(may)).toEqual([false, false, false]);
    }
  });

  it('a custodian holds, releases, extends, and writes ledgers', () => {
    const calls = [into(custodian()).hold(archive, 'ON'), into(custodian()).hold(archive, 'OFF'), into(custodian()).retain(archive, { mode: 'COMPLIANCE', days: 2555 }), into(custodian()).put(objectKeys.entry(capture, 7), locked), into(custodian()).put(objectKeys.head(capture, 7), locked), into(custodian()).get(archive)];
    expect(calls.map(may)).toEqual([true, true, true, true, true, true]);
  });

  it('a custodian puts no evidence', () => {
    expect([archive, objectKeys.manifest(capture), objectKeys.side(capture, 'pod.json'), objectKeys.derived(capture, 'x')].filter((key) => may(into(custodian()).put(key, locked)))).toEqual([]);
  });

  it.each([
    ['an analyst', names.analystRole, home.people.analysts[0] ?? '', home.people.custodians[0] ?? ''],
    ['a custodian', names.custodianRole, home.people.custodians[0] ?? '', home.people.analysts[0] ?? ''],
  ])('%s is who the configuration says, and nobody else', (_who, roleName, theirs, others) => {
    const { trust, arn, account } = cloud.roleNamed(roleName);
    const takesOn = (callerArn: string, of = home.account): boolean => may(decide({ kind: 'role', arn: callerArn, account: of, tags: {}, policies: [everything] }, { action: 'sts:AssumeRole', resource: arn, owner: account, resourcePolicy: trust, context: {} }));
    const personOf = (pattern: string): string => pattern.replace('*', '0123456789abcdef');
    expect([takesOn(personOf(theirs)), takesOn(personOf(others)), takesOn(`arn:aws:iam::${home.account}:role/Administrator`), takesOn(personOf(theirs).replace(home.account, '999999999999'), '999999999999')]).toEqual([true, false, false, false]);
  });
});

describe('a function', () => {
  const results = bucketArn(names.resultsBucket);
  /** What there is to do, each a call that some function makes or none. */
  const deeds: Readonly<Record<string, (caller: Caller) => boolean>> = {
    'read an archive': (caller) => may(into(caller).get(archive)) && may(into(caller).listVersions(archive)),
    'read a ledger': (caller) => may(into(caller).get(objectKeys.entry(capture, 1))),
    'write a ledger': (caller) => may(into(caller).put(objectKeys.entry(capture, 1), locked)) && may(into(caller).put(objectKeys.head(capture, 1), locked)),
    'replace an archive': (caller) => may(into(caller).put(archive, locked)),
    'write a manifest': (caller) => may(into(caller).put(objectKeys.manifest(capture), locked)),
    'write what is derived into the vault': (caller) => may(into(caller).put(objectKeys.derived(capture, 'x'), locked)),
    'hold evidence': (caller) => may(into(caller).hold(archive, 'ON')),
    'read working files': (caller) => may(into(caller, working).get('name/ranges.json')),
    'list working files': (caller) => may(into(caller, working).list('name/')),
    'write working files': (caller) => may(into(caller, working).put('name/ranges.json')),
    'read tables': (caller) => may(into(caller, lake).get('v1/findings/tenant=default/dt=2026-11-02/c1-00000.parquet')),
    'write tables': (caller) => may(into(caller, lake).put('v1/findings/tenant=default/dt=2026-11-02/c1-00000.parquet')),
    'delete tables': (caller) => may(into(caller, lake).object('s3:DeleteObject', 'v1/findings/tenant=default/dt=2026-11-02/c1-00000.parquet')),
    'write reports': (caller) => may(into(caller, lake).put('reports/tenant=default/dt=2026-11-02/c1.report.json')),
    'keep a reason': (caller) => may(into(caller, lake).put('quarantine/tenant=default/name.json')),
    'see whether a reason is there': (caller) => may(into(caller, lake).get('quarantine/tenant=default/name.json')) && may(into(caller, lake).list('')),
    'read results of queries': (caller) => may(into(caller, results).get('x.csv')),
    'derive a tenant\'s key': (caller) => may(useKey(cloud, caller, keyOf('HMAC_256'), 'kms:GenerateMac')),
    sign: (caller) => may(useKey(cloud, caller, pipelineSigningKey(), 'kms:Sign')),
    'tell what came of it': (caller) => may(decide(caller, { action: 'sqs:SendMessage', resource: queueOf('Notifications'), owner: home.account, context: { 'aws:SecureTransport': 'true' }, resourcePolicy: cloud.guardedBy(queueOf('Notifications')).policy })),
    'start an analysis': (caller) => may(decide(caller, { action: 'states:StartExecution', resource: `arn:aws:states:${home.region}:${home.account}:stateMachine:${names.stateMachine}`, owner: home.account, context: {}, resourcePolicy: undefined })),
    'start anything else': (caller) => may(decide(caller, { action: 'states:StartExecution', resource: `arn:aws:states:${home.region}:${home.account}:stateMachine:other`, owner: home.account, context: {}, resourcePolicy: undefined })),
    'call a function': (caller) => may(decide(caller, { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${home.region}:${home.account}:function:${functionName(example.name, 'verify', home)}`, owner: home.account, context: {}, resourcePolicy: undefined })),
  };
  const reading = ['read an archive', 'read a ledger'];
  it.each([
    ['start', ['start an analysis']],
    ['verify', reading],
    ['inventory', [...reading, 'write working files']],
    ['decode', [...reading, 'write working files', 'write tables', 'derive a tenant\'s key']],
    ['scan', [...reading, 'write working files', 'derive a tenant\'s key']],
    ['detect', [...reading, 'read working files', 'list working files', 'write working files', 'derive a tenant\'s key']],
    ['tables', [...reading, 'read working files', 'list working files', 'write working files', 'write tables', 'derive a tenant\'s key']],
    ['publish', [...reading, 'write a ledger', 'read working files', 'list working files', 'write reports', 'derive a tenant\'s key', 'sign', 'tell what came of it']],
    ['quarantine', ['keep a reason', 'see whether a reason is there', 'tell what came of it']],
    ['compact', ['read tables', 'write tables', 'delete tables']],
  ] as const)('%s can do what its work needs, and nothing beyond', (name, expected) => {
    expect(Object.entries(deeds).flatMap(([deed, can]) => (can(step(name)) ? [deed] : []))).toEqual(expected);
  });

  it('the state machine calls its functions and reads the ranges, and nothing of the evidence', () => {
    expect(Object.entries(deeds).flatMap(([deed, can]) => (can(cloud.callerOf(names.stateMachine)) ? [deed] : []))).toEqual(['start an analysis', 'call a function']);
    expect(may(into(cloud.callerOf(names.stateMachine), working).get('name/ranges.json', { version: false }))).toBe(true);
  });
});

describe('the replication', () => {
  const replication = (): Caller => cloud.callerOf(names.replicationRole);

  it('copies with locks, and cannot take away', () => {
    const copy = ['s3:GetObjectVersionForReplication', 's3:GetObjectRetention', 's3:GetObjectLegalHold'].map((action) => into(replication()).object(action, archive));
    expect([...copy, into(replication(), replica).object('s3:ReplicateObject', archive)].map(may)).toEqual([true, true, true, true]);
    expect([into(replication(), replica).object('s3:ReplicateDelete', archive), into(replication(), replica).put(archive, locked), into(replication()).put(archive, locked)].map(may)).toEqual([false, false, false]);
  });

  it('nobody else writes the replica', () => {
    const others = [prodWriter(), custodian(), admin(home.replica.account), admin(), step('publish')];
    expect(others.filter((caller) => may(into(caller, replica).put(archive, locked)))).toEqual([]);
    expect([prodWriter(), custodian(), admin(), step('publish')].filter((caller) => may(into(caller, replica).object('s3:ReplicateObject', archive)))).toEqual([]);
  });
});

/** What S3 has words for, by what it does to an object or a bucket ("Actions, resources, and condition keys for Amazon S3"). */
const s3Actions = [
  ...['AbortMultipartUpload', 'BypassGovernanceRetention', 'DeleteBucket', 'DeleteBucketPolicy', 'DeleteObject', 'DeleteObjectTagging', 'DeleteObjectVersion', 'DeleteObjectVersionTagging', 'GetBucketAcl', 'GetBucketLocation'],
  ...['GetBucketObjectLockConfiguration', 'GetBucketPolicy', 'GetBucketVersioning', 'GetLifecycleConfiguration', 'GetObject', 'GetObjectAcl', 'GetObjectAttributes', 'GetObjectLegalHold', 'GetObjectRetention', 'GetObjectTagging'],
  ...['GetObjectVersion', 'GetObjectVersionAcl', 'GetObjectVersionAttributes', 'GetObjectVersionForReplication', 'ListBucket', 'ListBucketMultipartUploads', 'ListBucketVersions', 'ListMultipartUploadParts', 'ObjectOwnerOverrideToBucketOwner'],
  ...['PutBucketAcl', 'PutBucketCORS', 'PutBucketLogging', 'PutBucketNotification', 'PutBucketObjectLockConfiguration', 'PutBucketOwnershipControls', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutBucketTagging', 'PutBucketVersioning'],
  ...['PutEncryptionConfiguration', 'PutLifecycleConfiguration', 'PutObject', 'PutObjectAcl', 'PutObjectLegalHold', 'PutObjectRetention', 'PutObjectTagging', 'PutObjectVersionAcl', 'PutObjectVersionTagging', 'PutReplicationConfiguration'],
  ...['ReplicateDelete', 'ReplicateObject', 'ReplicateTags', 'RestoreObject'],
].map((action) => `s3:${action}`);

function keysWhere(fit: (arn: string) => boolean): string {
  const found = [...cloud.guarded.keys()].filter((arn) => arn.includes(':kms:') && fit(arn));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} keys where one was looked for`);
  return found[0];
}

function signingKeyOf(account: string): string {
  return keysWhere((arn) => arn.includes(`:${account}:`) && arn.includes('signingkey'));
}

function pipelineSigningKey(): string {
  return keysWhere((arn) => arn.includes(`${example.name}-pipeline-`) && arn.includes('signingkey'));
}

function keyOf(spec: 'HMAC_256'): string {
  return keysWhere((arn) => spec === 'HMAC_256' && arn.includes('secretkey'));
}

function queueOf(name: string): string {
  const found = [...cloud.guarded.keys()].filter((arn) => arn.includes(':sqs:') && new RegExp(`-${name}[0-9A-F]{8}$`).test(arn));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} queues ${name}`);
  return found[0];
}
