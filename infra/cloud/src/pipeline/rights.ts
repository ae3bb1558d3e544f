import type { StepName } from '@icecore/pipeline';
import { type Grant, through } from '../access/grant.ts';

/** The functions of the pipeline: its steps, what starts it, and what keeps the lake compact. */
export type FunctionName = StepName | 'start' | 'compact';

/** What a function may do, in words. */
export type Right =
  | 'read evidence'
  | 'write ledgers'
  | 'read working files'
  | 'write working files'
  | 'write tables'
  | 'write reports'
  | 'keep quarantine'
  | 'compact tables'
  | 'derive secret keys'
  | 'notify'
  | 'start analyses';

/** What each function needs for its work (libs/pipeline, `steps`), and so all that it may do. */
export const rightsOf: Readonly<Record<FunctionName, readonly Right[]>> = {
  start: ['start analyses'],
  verify: ['read evidence'],
  inventory: ['read evidence', 'write working files'],
  decode: ['read evidence', 'derive secret keys', 'write tables', 'write working files'],
  scan: ['read evidence', 'derive secret keys', 'write working files'],
  detect: ['read evidence', 'derive secret keys', 'read working files', 'write working files'],
  tables: ['read evidence', 'derive secret keys', 'read working files', 'write working files', 'write tables'],
  publish: ['read evidence', 'derive secret keys', 'read working files', 'write reports', 'write ledgers', 'notify'],
  quarantine: ['keep quarantine', 'notify'],
  compact: ['compact tables'],
};

/** ARNs of what rights are about. */
export interface RightPlaces {
  readonly region: string;
  readonly vault: string;
  readonly vaultKey: string;
  readonly lake: string;
  readonly working: string;
  readonly lakeKey: string;
  readonly signingKey: string;
  readonly secretKey: string;
  readonly notifications: string;
  readonly serviceKey: string;
  readonly stateMachine: string;
}

/** Where the pipeline adds to a capture: entries and heads of its ledger. Never the evidence itself. */
export const ledgerFolders = ['ledger', 'heads'].map((folder) => `clusters/*/${folder}/*`);

/** The grants that give a right. */
export function grantsOf(right: Right, at: RightPlaces): readonly Grant[] {
  const throughS3 = through('s3', at.region);
  switch (right) {
    case 'read evidence':
      return [
        { actions: ['s3:ListBucketVersions'], resources: [at.vault], conditions: { StringLike: { 's3:prefix': 'clusters/*' } } },
        { actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention', 's3:GetObjectLegalHold'], resources: [`${at.vault}/clusters/*`], because: 'Captures of all clusters are analysed.' },
        { actions: ['kms:Decrypt'], resources: [at.vaultKey], conditions: throughS3 },
      ];
    case 'write ledgers':
      return [
        { actions: ['s3:PutObject', 's3:PutObjectRetention', 's3:PutObjectLegalHold'], resources: ledgerFolders.map((folder) => `${at.vault}/${folder}`), because: 'Ledgers lie beside each capture of each cluster.' },
        { actions: ['kms:GenerateDataKey'], resources: [at.vaultKey], conditions: throughS3 },
        { actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [at.signingKey] },
      ];
    case 'read working files':
      return [
        { actions: ['s3:ListBucket'], resources: [at.working] },
        { actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [`${at.working}/*`], because: 'The bucket holds what passes between steps, and nothing else.' },
        { actions: ['kms:Decrypt'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'write working files':
      return [
        { actions: ['s3:PutObject'], resources: [`${at.working}/*`], because: 'The bucket holds what passes between steps, and nothing else.' },
        { actions: ['kms:GenerateDataKey'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'write tables':
      return [
        { actions: ['s3:PutObject'], resources: [`${at.lake}/v1/*`], because: 'Every table of the lake\'s layout.' },
        { actions: ['kms:GenerateDataKey'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'write reports':
      return [
        { actions: ['s3:PutObject'], resources: [`${at.lake}/reports/*`], because: 'Reports of all captures.' },
        { actions: ['kms:GenerateDataKey'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'keep quarantine':
      return [
        // Without the right to list, S3 says of what is not there that it is forbidden.
        { actions: ['s3:ListBucket'], resources: [at.lake] },
        { actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], resources: [`${at.lake}/quarantine/*`], because: 'Reasons of all captures in quarantine.' },
        { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'compact tables':
      return [
        { actions: ['s3:ListBucket'], resources: [at.lake] },
        { actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObject'], resources: [`${at.lake}/v1/*`], because: 'Every table of the lake\'s layout.' },
        { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [at.lakeKey], conditions: throughS3 },
      ];
    case 'derive secret keys':
      return [{ actions: ['kms:GenerateMac'], resources: [at.secretKey] }];
    case 'notify':
      return [
        { actions: ['sqs:SendMessage'], resources: [at.notifications] },
        { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [at.serviceKey], conditions: through('sqs', at.region) },
      ];
    case 'start analyses':
      return [{ actions: ['states:StartExecution'], resources: [at.stateMachine] }];
  }
}
