import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { through } from '../access/grant.ts';
import { policyOf } from '../access/policy.ts';
import { signingKey } from '../access/signing.ts';
import { bucketArn, namesOf, writerRole } from '../config/names.ts';
import type { Cluster, Home } from '../config/schema.ts';
import { ownFolder, writerActions } from '../vault/bucket-policy.ts';
import { clusterTag, writerTrust } from './trust.ts';

export interface ClusterAccessProps extends StackProps {
  readonly prefix: string;
  readonly cluster: Cluster;
  readonly home: Home;
}

/** What a cluster writes with: a role that can put below its own folder of the vault, and a key that signs its ledgers. It lives in the cluster's account. */
export class ClusterAccessStack extends Stack {
  constructor(scope: Construct, id: string, { prefix, cluster, home, ...props }: ClusterAccessProps) {
    super(scope, id, props);
    const vault = bucketArn(namesOf(prefix, home).vaultBucket);
    const signing = signingKey(this, { description: `Signs the ledgers of the cluster ${cluster.name}`, signer: writerRole(prefix, cluster) });
    const policy = policyOf(this, 'WriterPolicy', [
      { actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [signing.keyArn] },
      { actions: writerActions, resources: [`${vault}/${ownFolder}`], because: 'All captures of this cluster, and by the tag of this cluster only.' },
      {
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [`arn:aws:kms:${home.region}:${home.account}:key/*`],
        conditions: { ...through('s3', home.region), StringLike: { 'kms:EncryptionContext:aws:s3:arn': [vault, `${vault}/*`] } },
        because: 'The vault\'s key gets its id when the other account deploys; the condition allows it through S3 and for the vault alone, and the key\'s own policy decides.',
      },
    ]);
    const role = new Role(this, 'Writer', { roleName: writerRole(prefix, cluster), description: `Puts captures of the cluster ${cluster.name} into the vault`, assumedBy: writerTrust(cluster), managedPolicies: [policy] });
    if (cluster.access.kind === 'oidc') Tags.of(role).add(clusterTag, cluster.name);
    new CfnOutput(this, 'RoleArn', { value: role.roleArn, description: 'For the service account or the pod identity association' });
    new CfnOutput(this, 'Vault', { value: `s3://${namesOf(prefix, home).vaultBucket}`, description: 'Where the node role ships to, with ICECORE_VAULT_ACCESS=put, for it may not read there' });
    new CfnOutput(this, 'SigningKeyArn', { value: signing.keyArn, description: 'Signs the ledgers of this cluster; its public key goes into the trust file' });
  }
}
