import type { StepName } from '@icecore/pipeline';
import { type Grant, through } from '../access/grant.ts';

/** The functions of the pipeline: its steps, what starts it, and what keeps the lake compact. */
export type FunctionName = StepName | 'start' | 'compact';

/** What a function may do, in words. */
export type Right =
  | 'read evidence'
  | 'write records'
  | 'sign records'
  | 'read working files'
  | 'write working files'
  | 'write tables'
  | 'compact tables'
  | 'derive secret keys'
  | 'notify'
  | 'start analyses';

/** What each function needs for its work, and so all that it may do. */
export const rightsOf: Readonly<Record<FunctionName, readonly Right[]>> = {
  start: ['read evidence', 'start analyses'],
  verify: ['read evidence', 'read working files', 'write working files'],
  inventory: ['read evidence', 'read working files', 'write working files'],
  decode: ['read evidence', 'read working files', 'write working files', 'write tables', 'derive secret keys'],
  scan: ['read evidence', 'read working files', 'write working files', 'derive secret keys'],
  detect: ['read evidence', 'read working files', 'write working files', 'derive secret keys'],
  tables: ['read evidence', 'read working files', 'write working files', 'write tables', 'derive secret keys'],
  publish: ['read evidence', 'read working files', 'write working files', 'write records', 'sign records', 'notify'],
  quarantine: ['read evidence', 'read working files', 'write working files', 'write records', 'sign records', 'notify'],
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

/** Where the pipeline adds to a capture: entries and heads of its ledger, and what is derived. Never the evidence itself. */
export const recordFolders = ['ledger', 'heads', 'derived'].map((folder) => `clusters/*/${folder}/*`);
const putRecords = ['s3:PutObject', 's3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:AbortMultipartUpload'];

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
    case 'write records':
      return [
        { actions: putRecords, resources: recordFolders.map((folder) => `${at.vault}/${folder}`), because: 'What is added lies beside each capture of each cluster, in the folders for it.' },
        { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [at.vaultKey], conditions: throughS3 },
      ];
    case 'sign records':
      return [{ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [at.signingKey] }];
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
