import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { accountsOf, type Writer } from './bucket-policy.ts';

/** What the policy of the key that encrypts evidence is made from. */
export interface KeyPolicyFacts {
  readonly account: string;
  readonly region: string;
  readonly bucketArn: string;
  readonly keepers: readonly string[];
  readonly writers: readonly Writer[];
  /** ARNs of roles of this account that read evidence. */
  readonly readers: readonly string[];
  /** ARNs of roles of this account that read evidence and add to it. */
  readonly recorders: readonly string[];
}

/** What a key's settings can be asked and told without ever using the key. */
const keeping = [
  ...['kms:CancelKeyDeletion', 'kms:CreateAlias', 'kms:DeleteAlias', 'kms:EnableKey', 'kms:EnableKeyRotation', 'kms:UpdateAlias', 'kms:UpdateKeyDescription'],
  ...['kms:PutKeyPolicy', 'kms:TagResource', 'kms:UntagResource', 'kms:RotateKeyOnDemand'],
];
const looking = ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListAliases', 'kms:ListGrants', 'kms:ListKeyPolicies', 'kms:ListResourceTags', 'kms:ListKeyRotations'];

/**
 * The policy of the vault's key. An administrator can look at the key and not use it; nobody can destroy it, for that
 * would destroy the evidence whatever its lock says.
 */
export function evidenceKeyPolicy({ account, region, bucketArn, keepers, writers, readers, recorders }: KeyPolicyFacts): PolicyDocument {
  const throughVault = { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` }, StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, `${bucketArn}/*`] } };
  const by = (roles: readonly string[]): object => ({ ArnEquals: { 'aws:PrincipalArn': [...roles] } });
  const here = [new AccountPrincipal(account)];
  // In a key's policy the resource * is the key itself.
  const resources = ['*'];
  const statements = [
    new PolicyStatement({ sid: 'AllowKeepersToKeep', principals: here, actions: [...keeping, ...looking], resources, conditions: by(keepers) }),
    new PolicyStatement({ sid: 'AllowAccountToLook', principals: here, actions: looking, resources }),
    new PolicyStatement({ sid: 'DenyDestruction', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation', 'kms:DeleteImportedKeyMaterial', 'kms:CreateGrant'], resources }),
    new PolicyStatement({ sid: 'DenyPolicyToAllButKeepers', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['kms:PutKeyPolicy'], resources, conditions: { ArnNotEquals: { 'aws:PrincipalArn': [...keepers] } } }),
  ];
  // S3 decrypts the data key of an upload in parts once for each part that follows: a writer cannot do without.
  const both = ['kms:GenerateDataKey', 'kms:Decrypt'];
  if (writers.length > 0) statements.push(new PolicyStatement({ sid: 'AllowClustersThroughVault', principals: accountsOf(writers), actions: both, resources, conditions: { ...throughVault, ...by(writers.map(({ roleArn }) => roleArn)) } }));
  if (readers.length > 0) statements.push(new PolicyStatement({ sid: 'AllowReadersThroughVault', principals: here, actions: ['kms:Decrypt'], resources, conditions: { ...throughVault, ...by(readers) } }));
  if (recorders.length > 0) statements.push(new PolicyStatement({ sid: 'AllowRecordersThroughVault', principals: here, actions: both, resources, conditions: { ...throughVault, ...by(recorders) } }));
  return new PolicyDocument({ statements });
}
