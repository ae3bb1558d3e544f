import { Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { through } from '../access/grant.ts';
import { policyOf } from '../access/policy.ts';
import { acknowledge } from '../checks/acknowledge.ts';
import { bucketArn, namesOf } from '../config/names.ts';
import type { Home } from '../config/schema.ts';
import { evidenceDenials, putDenials, type Writer, writerGrants } from './bucket-policy.ts';
import { evidenceBucket, plainBucket } from './evidence-bucket.ts';
import { evidenceKey } from './evidence-key.ts';

export interface VaultProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
  readonly writers: readonly Writer[];
  /** Names of roles of this account that read evidence. */
  readonly readers: readonly string[];
  /** Names of roles of this account that read evidence and add to it. */
  readonly recorders: readonly string[];
}

/** The vault: one bucket and one key, and who may do what with them. */
export class VaultStack extends Stack {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, { prefix, home, writers, readers, recorders, ...props }: VaultProps) {
    super(scope, id, props);
    const names = namesOf(prefix, home);
    const arn = (role: string): string => `arn:aws:iam::${home.account}:role/${role}`;
    const vault = bucketArn(names.vaultBucket);
    const keepers = home.keepers.map(arn);
    const replication = arn(names.replicationRole);
    this.key = evidenceKey(this, `${prefix}-vault`, { ...home, bucketArn: vault, keepers, writers, readers: [...readers.map(arn), replication], recorders: recorders.map(arn) });
    this.bucket = evidenceBucket(this, { bucketName: names.vaultBucket, key: this.key, lockDays: home.lock.defaultDays, ages: home.ages, notifies: true });
    const facts = { bucketArn: vault, keyArn: this.key.keyArn, keepers, custodians: [arn(names.custodianRole)], ...home.lock };
    for (const statement of [...evidenceDenials(facts), ...putDenials(facts), ...writerGrants(vault, writers)]) this.bucket.addToResourcePolicy(statement);
    const unlogged = 'CloudTrail records every request for an object of this bucket with who made it, in a bucket that is locked too; access logs of S3 are best effort.';
    acknowledge(this.bucket, { 'AwsSolutions-S1': unlogged, 'NIST.800.53.R5-S3BucketLoggingEnabled': unlogged });
    replicate(this, this.bucket, this.key, { prefix, home });
  }
}

/** Copies each version to the replica with its lock. Markers of deletion stay here. */
function replicate(scope: Construct, bucket: Bucket, key: Key, { prefix, home }: Pick<VaultProps, 'prefix' | 'home'>): void {
  const { replica } = home;
  const { replicaBucket, replicationRole, vaultBucket } = namesOf(prefix, home);
  const from = bucketArn(vaultBucket);
  const to = bucketArn(replicaBucket);
  const objects = 'Replication copies every object of the vault.';
  const policy = policyOf(scope, 'ReplicationPolicy', [
    { actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [from] },
    { actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging', 's3:GetObjectRetention', 's3:GetObjectLegalHold'], resources: [`${from}/*`], because: objects },
    { actions: ['s3:ReplicateObject', 's3:ReplicateTags', 's3:ObjectOwnerOverrideToBucketOwner'], resources: [`${to}/*`], because: objects },
    { actions: ['kms:Decrypt'], resources: [key.keyArn], conditions: through('s3', home.region) },
    {
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [`arn:aws:kms:${replica.region}:${replica.account}:key/*`],
      conditions: { ...through('s3', replica.region), StringLike: { 'kms:EncryptionContext:aws:s3:arn': [to, `${to}/*`] } },
      because: 'The replica\'s key gets its id when the other account deploys; the condition allows it through S3 and for the replica alone, and the key\'s own policy decides.',
    },
  ]);
  const role = new Role(scope, 'ReplicationRole', { roleName: replicationRole, assumedBy: new ServicePrincipal('s3.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': home.account } } }), managedPolicies: [policy] });
  const resource = plainBucket(bucket);
  resource.replicationConfiguration = {
    role: role.roleArn,
    rules: [
      {
        id: 'ToReplica',
        status: 'Enabled',
        priority: 1,
        filter: { prefix: '' },
        deleteMarkerReplication: { status: 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: to,
          account: replica.account,
          accessControlTranslation: { owner: 'Destination' },
          encryptionConfiguration: { replicaKmsKeyId: `arn:aws:kms:${replica.region}:${replica.account}:alias/${prefix}-replica` },
          replicationTime: { status: 'Enabled', time: { minutes: 15 } },
          metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
        },
      },
    ],
  };
  // S3 checks at once that the role may read, so its policy has to be there first.
  resource.node.addDependency(policy);
}
