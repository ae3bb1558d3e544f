import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { captureKey, objectKeys } from '@icecore/evidence';
import { shippedHunts } from '@icecore/hunts';
import { athenaTable, athenaView, compactionsTable, partsTable, trinoType } from '@icecore/lake';
import { pipelineDefinition, stepLimits, stepNames } from '@icecore/pipeline';
import { checkDefinition, readDefinition } from '@icecore/states';
import { allTables } from '@icecore/tables';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { bucketArn, functionName, namesOf } from './config/names.ts';
import { tenantsOf } from './config/schema.ts';
import { matchesEvent } from './event-pattern.test-support.ts';
import { accountConcurrency, capacityOf } from './pipeline/capacity.ts';
import { manifestStored } from './pipeline/start-rule.ts';
import { Deployment, type StackTemplate } from './simulation/template.ts';
import { example, synthesised, templateOf, templatesOf } from './synthesised.test-support.ts';

const home = example.homes[0]!;
const names = namesOf(example.name, home);
const deployment = new Deployment(templatesOf(synthesised.example));
const templates = new Map(synthesised.example.map(({ name, template }) => [name.split('-')[1] ?? '', Template.fromJSON(template)]));
const stack = (purpose: string): Template => templates.get(purpose)!;
const resources = (of: StackTemplate, type: string): Record<string, unknown>[] => Object.values(of.resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));

describe('the vault and its replica', () => {
  it.each(['vault', 'replica'])('%s locks every version in the mode COMPLIANCE', (purpose) => {
    stack(purpose).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: home.lock.defaultDays } } },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() } }] },
    });
  });

  it.each(['vault', 'replica', 'trail', 'lake', 'ground'])('the stack %s leaves its buckets and keys behind when it goes', (purpose) => {
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) stack(purpose).allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it.each(['vault', 'replica'])('%s turns its key each year', (purpose) => {
    stack(purpose).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true, RotationPeriodInDays: 365 });
  });

  it('has each of its denials for everybody, on everything, with the condition that it is for', () => {
    const conditions = {
      DenyDeletion: undefined,
      DenyBypassOfLocks: undefined,
      DenyOtherLocks: { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' }, Null: { 's3:object-lock-mode': 'false' } },
      DenyShortLocks: { NumericLessThan: { 's3:object-lock-remaining-retention-days': 30 } },
      DenyEndlessLocks: { NumericGreaterThan: { 's3:object-lock-remaining-retention-days': 3650 } },
      DenyOldTransport: { NumericLessThan: { 's3:TlsVersion': 1.2 } },
      DenyOverwriting: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      DenySettingsToAllButKeepers: { ArnNotEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${home.account}:role/${home.keepers[0] ?? ''}`] } },
    };
    for (const [Sid, Condition] of Object.entries(conditions)) {
      stack('vault').hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid, Effect: 'Deny', Principal: { AWS: '*' }, ...(Condition === undefined ? { Condition: Match.absent() } : { Condition }) })]) },
      });
    }
    stack('vault').hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) } });
  });

  it('keeps small objects where they are, moves large ones to colder classes, and gives broken uploads up', () => {
    stack('vault').hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
          Match.objectLike({ ObjectSizeGreaterThan: 1_048_576, Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: home.ages.coldAfterDays }] }),
          Match.objectLike({ ExpirationInDays: home.ages.expireAfterDays, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
        ]),
      },
    });
  });

  it('copies everything but deletions, in a quarter of an hour, under the replica\'s key', () => {
    stack('vault').hasResourceProperties('AWS::S3::Bucket', {
      ReplicationConfiguration: {
        Rules: [{
          Status: 'Enabled',
          Filter: { Prefix: '' },
          DeleteMarkerReplication: { Status: 'Disabled' },
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: Match.objectLike({ Bucket: bucketArn(names.replicaBucket), Account: home.replica.account, AccessControlTranslation: { Owner: 'Destination' }, EncryptionConfiguration: { ReplicaKmsKeyID: `arn:aws:kms:${home.replica.region}:${home.replica.account}:alias/icecore-replica` }, ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } } }),
        }],
      },
    });
    expect(resources(templateOf('replica'), 'AWS::S3::Bucket').map(({ BucketName }) => BucketName)).toEqual([names.replicaBucket]);
  });

  it('is recorded request by request, in a bucket that is locked as well', () => {
    stack('trail').hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      EnableLogFileValidation: true,
      AdvancedEventSelectors: Match.arrayWith([Match.objectLike({ FieldSelectors: Match.arrayWith([{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: ['AWS::S3::Object'] }, { Field: 'resources.ARN', StartsWith: [`${bucketArn(names.vaultBucket)}/`] }]) })]),
    });
    stack('trail').hasResourceProperties('AWS::S3::Bucket', { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE' } } } });
  });
});

describe('the pipeline', () => {
  const capture = captureKey({ account: '333333333333', cluster: 'prod-eu-1', takenAt: new Date('2026-11-02T14:00:00Z'), captureId: 'c1' });
  const event = (key: string, more: { reason?: string; bucket?: string; type?: string } = {}): object => ({
    source: 'aws.s3',
    'detail-type': more.type ?? 'Object Created',
    detail: { version: '0', bucket: { name: more.bucket ?? names.vaultBucket }, object: { key, size: 1, etag: 'e', 'version-id': 'v', sequencer: '1' }, reason: more.reason ?? 'PutObject' },
  });
  const machine = (): Record<string, unknown> => resources(templateOf('pipeline'), 'AWS::StepFunctions::StateMachine')[0]!;
  const definition = (): object => z.looseObject({ StartAt: z.string() }).parse(JSON.parse(deployment.text(templateOf('pipeline'), machine()['DefinitionString'])));

  it.each([
    ['a manifest', true, event(objectKeys.manifest(capture))],
    ['a manifest that was put in parts', true, event(objectKeys.manifest(capture), { reason: 'CompleteMultipartUpload' })],
    ['an archive', false, event(objectKeys.archive(capture))],
    ['an entry of a ledger', false, event(objectKeys.entry(capture, 1))],
    ['a manifest in another bucket', false, event(objectKeys.manifest(capture), { bucket: 'other' })],
    ['a copy', false, event(objectKeys.manifest(capture), { reason: 'CopyObject' })],
    ['a deletion', false, event(objectKeys.manifest(capture), { type: 'Object Deleted' })],
  ])('%s starts an analysis: %s', (_what, starts, given) => {
    const [rule] = resources(templateOf('pipeline'), 'AWS::Events::Rule').filter(({ EventPattern }) => EventPattern !== undefined);
    expect(rule?.['EventPattern']).toEqual(JSON.parse(JSON.stringify(manifestStored(names.vaultBucket)).replace('detailType', 'detail-type')));
    expect(matchesEvent(rule?.['EventPattern'], given)).toBe(starts);
  });

  it('tries an event again for a day, and then keeps it', () => {
    stack('pipeline').hasResourceProperties('AWS::Events::Rule', { EventPattern: Match.anyValue(), Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() }, RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } })] });
  });

  it('runs the definition of libs/pipeline, and no other', () => {
    const arn = (step: (typeof stepNames)[number]): string => `arn:aws:lambda:${home.region}:${home.account}:function:${functionName(example.name, step, home)}`;
    const expected = pipelineDefinition({ verify: arn('verify'), inventory: arn('inventory'), decode: arn('decode'), scan: arn('scan'), detect: arn('detect'), tables: arn('tables'), publish: arn('publish'), quarantine: arn('quarantine') });
    expect(definition()).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it('has a definition that an independent reader of the language takes', () => {
    const validate: (definition: unknown) => { isValid: boolean; errorsText: (separator: string) => string } = createRequire(import.meta.url)('asl-validator');
    const { isValid, errorsText } = validate(definition());
    expect([isValid, errorsText('\n')]).toEqual([true, '']);
    expect(() => checkDefinition(readDefinition(definition()))).not.toThrow();
    expect(validate({ ...definition(), StartAt: 'nowhere' }).isValid).toBe(false);
  });

  it.each(stepNames)('gives %s the time and memory that the definition counts on', (step) => {
    stack('pipeline').hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: functionName(example.name, step, home), Timeout: stepLimits[step].functionSeconds, MemorySize: stepLimits[step].memoryMiB,
      Runtime: 'nodejs24.x', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' }, ReservedConcurrentExecutions: capacityOf[step].concurrency,
    });
  });

  it('reserves no more functions at once than an account has to give', () => {
    const reserved = resources(templateOf('pipeline'), 'AWS::Lambda::Function').map(({ ReservedConcurrentExecutions }) => Number(ReservedConcurrentExecutions));
    expect(reserved.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(accountConcurrency - 100);
  });

  it('has only functions that a test of rights knows, each with a log that ends and is encrypted', () => {
    const functions = resources(templateOf('pipeline'), 'AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
    expect(functions.sort()).toEqual(Object.keys(capacityOf).map((name) => functionName(example.name, name, home)).sort());
    stack('pipeline').allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 180, KmsKeyId: Match.anyValue() });
  });

  it('keeps what passes between steps for longer than a redrive may take', () => {
    const [bucket] = resources(templateOf('pipeline'), 'AWS::S3::Bucket');
    expect(bucket).toMatchObject({ LifecycleConfiguration: { Rules: [{ ExpirationInDays: 21 }] } });
  });
});

describe('the lake', () => {
  const columns = z.array(z.object({ Name: z.string(), Type: z.string() }));
  const glueTable = z.object({
    Name: z.string(),
    TableType: z.string(),
    Parameters: z.record(z.string(), z.string()),
    PartitionKeys: columns,
    ViewOriginalText: z.string().optional(),
    StorageDescriptor: z.object({ Location: z.string().optional(), Columns: columns }),
  });
  const catalogue = resources(templateOf('lake'), 'AWS::Glue::Table').map(({ TableInput }) => glueTable.parse(TableInput));
  const tables = catalogue.filter(({ TableType }) => TableType === 'EXTERNAL_TABLE');
  const views = catalogue.filter(({ TableType }) => TableType === 'VIRTUAL_VIEW');
  const written = [...allTables, compactionsTable];
  const options = { database: names.database, location: `s3://${names.lakeBucket}`, tenants: tenantsOf(example, home), firstDate: home.firstDate };

  it('has the parts of every table that the code writes, and a view of each', () => {
    expect(tables.map(({ Name }) => Name).sort()).toEqual(written.map(partsTable).sort());
    expect(views.map(({ Name }) => Name).sort()).toEqual(allTables.map(({ name }) => name).sort());
  });

  it.each(written.map((table) => [table.name, table] as const))('%s is what its DDL would make it', (_name, table) => {
    const found = tables.find((each) => each.Name === partsTable(table))!;
    const ddl = athenaTable(table, options);
    for (const { Name, Type } of found.StorageDescriptor.Columns) expect(ddl).toContain(`  \`${Name}\` ${Type} COMMENT`);
    expect(ddl.match(/ COMMENT /g)).toHaveLength(found.StorageDescriptor.Columns.length);
    for (const [key, value] of Object.entries(found.Parameters).filter(([key]) => key !== 'EXTERNAL')) expect(ddl).toContain(`'${key}' = '${value}'`);
    expect(ddl).toContain(`LOCATION '${found.StorageDescriptor.Location ?? ''}'`);
    expect(found.PartitionKeys).toEqual([{ Name: 'tenant', Type: 'string' }, { Name: 'dt', Type: 'date' }]);
  });

  it.each(allTables.map((table) => [table.name, table] as const))('%s is asked through a view that shows what counts, with the types that Athena gives its columns', (name, table) => {
    const found = views.find((each) => each.Name === name)!;
    const [, packed = ''] = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(found.ViewOriginalText ?? '') ?? [];
    const partition = [{ name: 'tenant', type: 'varchar' }, { name: 'dt', type: 'date' }];
    expect(JSON.parse(Buffer.from(packed, 'base64').toString())).toEqual({
      originalSql: athenaView(table, options), catalog: 'awsdatacatalog', schema: names.database,
      columns: [...Object.entries(table.columns).map(([column, definition]) => ({ name: column, type: trinoType(definition) })), ...partition],
    });
    expect(found.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual([...Object.keys(table.columns), 'tenant', 'dt']);
    expect(found.Parameters).toEqual({ presto_view: 'true', comment: 'Presto View' });
    expect(found.PartitionKeys).toEqual([]);
  });

  it('finds the rows of every account that has a cluster here', () => {
    for (const { Parameters } of tables) expect(Parameters['projection.tenant.values']?.split(',')).toEqual(['111111111111', '333333333333', '444444444444']);
  });

  it('has every hunt as a named query with the statement that DuckDB runs too', () => {
    const queries = new Map(resources(templateOf('lake'), 'AWS::Athena::NamedQuery').map(({ Name, QueryString }) => [Name, String(QueryString)]));
    expect([...queries.keys()].sort()).toEqual(shippedHunts().map(({ name }) => name).sort());
    for (const { name, question } of shippedHunts()) expect(queries.get(name)).toMatch(new RegExp(`^-- ${question.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n`));
    expect(queries.get('pivot-address')).toContain('local_address_key = CAST(? AS varchar)');
    expect(Math.max(...[...queries.values()].map(({ length }) => length))).toBeLessThan(262_144);
  });

  it('is asked through a workgroup that ends what reads too much, and encrypts its answers', () => {
    stack('lake').hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: home.operations.scanLimitGiB * 2 ** 30, ResultConfiguration: { OutputLocation: Match.anyValue(), EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() } } },
    });
  });
});

describe('operations', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');
  const sections = new Map(text.split(/^## /m).slice(1).map((section) => [section.slice(0, section.indexOf('\n')), section]));
  const alarms = resources(templateOf('operations'), 'AWS::CloudWatch::Alarm');

  it('every alarm leads to a section of the runbook, and every section but that of the budget to an alarm', () => {
    const linked = alarms.map(({ AlarmDescription }) => /What to do: docs\/runbook\.md#([a-z-]+)$/.exec(String(AlarmDescription))?.[1] ?? '');
    expect([...linked, 'budget'].sort()).toEqual([...sections.keys()].sort());
  });

  it.each([...sections])('%s says what it means, where to look and what to do', (_name, section) => {
    for (const part of ['Means', 'Look', 'Do']) expect(section).toMatch(new RegExp(`\\*\\*${part}\\.\\*\\* \\S.{20,}`));
  });

  it('every alarm reaches somebody', () => {
    stack('operations').allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()], TreatMissingData: 'notBreaching' });
    stack('ground').hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: home.operations.alarmEmail });
  });

  it('every dead letter queue is watched', () => {
    const queues = Object.keys(templateOf('pipeline').resources).filter((id) => templateOf('pipeline').resources[id]?.Type === 'AWS::SQS::Queue' && /Dead/.test(id) && !id.startsWith('NotificationsDead'));
    const watched = JSON.stringify(alarms.find(({ AlarmName }) => AlarmName === 'icecore-capture-not-analysed'));
    expect(queues.length).toBeGreaterThan(2);
    for (const id of queues) expect(watched).toContain(id);
  });

  it('spends no more than was said without a word', () => {
    stack('operations').hasResourceProperties('AWS::Budgets::Budget', { Budget: { BudgetLimit: { Amount: home.operations.monthlyBudgetUsd, Unit: 'USD' } }, NotificationsWithSubscribers: Match.arrayWith([Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }) })]) });
  });
});

describe('what the checks of cdk-nag say', () => {
  it('AwsSolutions and NIST 800-53 R5 find nothing that is neither right nor acknowledged', () => {
    expect(synthesised.violations).toEqual([]);
  });

  it('they find what is wrong', () => {
    expect(synthesised.planted.map((each) => each.split(' ')[0])).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10', 'NIST.800.53.R5-S3BucketVersioningEnabled', 'NIST.800.53.R5-S3DefaultEncryptionKMS']));
  });
});

describe('several homes', () => {
  it('each has stacks of its own, in its own place', () => {
    const vaults = synthesised.twoHomes.filter(({ name }) => name.includes('-vault-')).map(({ name, account, region }) => [name, account, region]);
    expect(vaults).toEqual([['icecore-vault-111111111111-eu-west-1', '111111111111', 'eu-west-1'], ['icecore-vault-111111111111-us-east-1', '111111111111', 'us-east-1']]);
    expect(synthesised.twoHomes.filter(({ name }) => name.includes('-replica-')).map(({ region }) => region)).toEqual(['eu-central-1', 'us-west-2']);
  });

  it('a cluster may write to its own home only', () => {
    const writers = templatesOf(synthesised.twoHomes).filter(({ name }) => name.includes('-vault-')).map((vault) => JSON.stringify(resources(vault, 'AWS::S3::BucketPolicy')).match(/writer-[a-z0-9-]+/g));
    expect(writers).toEqual([['writer-eu-west-1-prod-eu-1', 'writer-eu-west-1-legacy'], ['writer-us-east-1-prod-eu-1']]);
  });
});
