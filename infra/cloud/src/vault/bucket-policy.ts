import { AnyPrincipal, AccountPrincipal, Effect, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What the policy of a bucket of evidence is made from. */
export interface BucketPolicyFacts {
  readonly bucketArn: string;
  readonly keyArn: string;
  /** ARNs of the roles that may change the bucket's settings. */
  readonly keepers: readonly string[];
  /** ARNs of the roles that may release a hold. */
  readonly custodians: readonly string[];
  readonly minimumDays: number;
  readonly maximumDays: number;
}

/** A cluster's account and the role in it that writes. */
export interface Writer {
  readonly account: string;
  readonly roleArn: string;
}

/** Where a cluster writes: its account, and its name as the session or the role carries it in a tag. */
export const ownFolder = 'clusters/${aws:PrincipalAccount}/${aws:PrincipalTag/eks-cluster-name}/*';

/**
 * What `s3PutOnlyVault` of libs/aws calls to put an object, in one request or in parts, with its lock; nothing of it reads or
 * lists. What a writer needs to know of its own puts it remembers itself.
 */
export const writerActions = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectRetention', 's3:PutObjectLegalHold'];

/** Settings that hold the promises of the vault up. */
export const settings = [
  ...['s3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning', 's3:PutLifecycleConfiguration', 's3:PutEncryptionConfiguration', 's3:PutReplicationConfiguration'],
  ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls', 's3:PutBucketAcl', 's3:PutBucketNotification'],
];

/** The denials that every bucket of evidence has, the vault as its replica: they bind administrators too. */
export function evidenceDenials({ bucketArn, keepers, custodians, minimumDays, maximumDays }: BucketPolicyFacts): PolicyStatement[] {
  const objects = `${bucketArn}/*`;
  return [
    deny('DenyOldTransport', ['s3:*'], [bucketArn, objects], { NumericLessThan: { 's3:TlsVersion': 1.2 } }),
    deny('DenyDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:DeleteBucket'], [bucketArn, objects]),
    deny('DenyBypassOfLocks', ['s3:BypassGovernanceRetention'], [objects]),
    deny('DenyOtherLocks', ['s3:PutObject', 's3:PutObjectRetention'], [objects], { StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' }, Null: { 's3:object-lock-mode': 'false' } }),
    deny('DenyShortLocks', ['s3:PutObject', 's3:PutObjectRetention'], [objects], { NumericLessThan: { 's3:object-lock-remaining-retention-days': minimumDays } }),
    deny('DenyEndlessLocks', ['s3:PutObject', 's3:PutObjectRetention'], [objects], { NumericGreaterThan: { 's3:object-lock-remaining-retention-days': maximumDays } }),
    // Setting a hold is no harm; who may release one is few. A put without a hold says nothing of holds.
    deny('DenyReleaseToAllButCustodians', ['s3:PutObjectLegalHold'], [objects], { StringEquals: { 's3:object-lock-legal-hold': 'OFF' }, ArnNotEquals: { 'aws:PrincipalArn': [...custodians] } }),
    deny('DenyOpenAccess', ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'], [objects]),
    deny('DenySettingsToAllButKeepers', settings, [bucketArn], { ArnNotEquals: { 'aws:PrincipalArn': [...keepers] } }),
  ];
}

/** Denials about how evidence is put, for the vault alone: a replica is written by S3 itself. */
export function putDenials({ bucketArn, keyArn }: BucketPolicyFacts): PolicyStatement[] {
  const objects = [`${bucketArn}/*`];
  return [
    // The requests that begin an upload and send its parts make no object, and carry no condition.
    deny('DenyOverwriting', ['s3:PutObject'], objects, { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } }),
    // Where the request names no key the bucket's default encrypts, and that is the same key.
    deny('DenyOtherKeys', ['s3:PutObject'], objects, { ArnNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn }, Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' } }),
    deny('DenyOtherEncryption', ['s3:PutObject'], objects, { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, Null: { 's3:x-amz-server-side-encryption': 'false' } }),
  ];
}

/** Lets the clusters' roles put below their own folders; nothing for no cluster. */
export function writerGrants(bucketArn: string, writers: readonly Writer[]): PolicyStatement[] {
  if (writers.length === 0) return [];
  return [
    new PolicyStatement({
      sid: 'AllowClustersTheirOwnFolders',
      principals: accountsOf(writers),
      actions: writerActions,
      resources: [`${bucketArn}/${ownFolder}`],
      conditions: { ArnEquals: { 'aws:PrincipalArn': writers.map(({ roleArn }) => roleArn) } },
    }),
  ];
}

/** The accounts of writers, each once. The roles are named in a condition, for a principal that does not exist yet is refused. */
export function accountsOf(writers: readonly Writer[]): IPrincipal[] {
  return [...new Set(writers.map(({ account }) => account))].map((account) => new AccountPrincipal(account));
}

function deny(sid: string, actions: string[], resources: string[], conditions: Record<string, Record<string, unknown>> = {}): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });
}
