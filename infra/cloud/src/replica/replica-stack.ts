import { Stack, type StackProps } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { bucketArn, namesOf } from '../config/names.ts';
import type { Home } from '../config/schema.ts';
import { evidenceDenials } from '../vault/bucket-policy.ts';
import { evidenceBucket } from '../vault/evidence-bucket.ts';
import { evidenceKey } from '../vault/evidence-key.ts';

export interface ReplicaProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
}

/** The second copy of a vault, in another account or region, with the same locks. Only replication writes here; it can only add. */
export class ReplicaStack extends Stack {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { prefix, home, ...props }: ReplicaProps) {
    super(scope, id, props);
    const { replica } = home;
    const names = namesOf(prefix, home);
    const replicaArn = bucketArn(names.replicaBucket);
    const keepers = replica.keepers.map((role) => `arn:aws:iam::${replica.account}:role/${role}`);
    const replication = { account: home.account, roleArn: `arn:aws:iam::${home.account}:role/${names.replicationRole}` };
    const key = evidenceKey(this, `${prefix}-replica`, { ...replica, bucketArn: replicaArn, keepers, writers: [replication], readers: [], recorders: [] });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowReplicationToEncrypt',
        principals: [new AccountPrincipal(home.account)],
        actions: ['kms:Encrypt'],
        resources: ['*'],
        conditions: { ArnEquals: { 'aws:PrincipalArn': replication.roleArn }, StringEquals: { 'kms:ViaService': `s3.${replica.region}.amazonaws.com` } },
      }),
    );
    this.bucket = evidenceBucket(this, { bucketName: names.replicaBucket, key, lockDays: home.lock.defaultDays, ages: home.ages, notifies: false });
    const facts = { bucketArn: replicaArn, keyArn: key.keyArn, keepers, custodians: keepers, ...home.lock };
    for (const statement of evidenceDenials(facts)) this.bucket.addToResourcePolicy(statement);
    const objects = [`${replicaArn}/*`];
    this.bucket.addToResourcePolicy(new PolicyStatement({ sid: 'DenyReplicationOfDeletions', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:ReplicateDelete'], resources: objects }));
    this.bucket.addToResourcePolicy(new PolicyStatement({ sid: 'DenyPuts', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:PutObject'], resources: objects }));
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowReplication',
        principals: [new AccountPrincipal(home.account)],
        actions: ['s3:ReplicateObject', 's3:ReplicateTags', 's3:ObjectOwnerOverrideToBucketOwner'],
        resources: objects,
        conditions: { ArnEquals: { 'aws:PrincipalArn': replication.roleArn } },
      }),
    );
    const last = 'This is the copy: copying it on would never end.';
    const unlogged = 'Only S3\'s own replication writes here; reads are refused to all until a keeper says otherwise, which CloudTrail records.';
    acknowledge(this.bucket, { 'NIST.800.53.R5-S3BucketReplicationEnabled': last, 'AwsSolutions-S1': unlogged, 'NIST.800.53.R5-S3BucketLoggingEnabled': unlogged });
  }
}
