import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** Services that a key is for, by the name under which they ask: `logs`, `sns`, `events`. */
export type KeyUser = 'logs' | 'events' | 'cloudwatch' | 's3' | 'cloudtrail' | 'budgets' | 'sns';

/**
 * A key for what is no evidence: logs, queues, topics, results. The account's policies decide who uses it, besides the
 * services that are named.
 */
export function serviceKey(scope: Construct, id: string, { description, users }: { readonly description: string; readonly users: readonly KeyUser[] }): Key {
  const { account, region } = Stack.of(scope);
  // In a key's policy the resource * is the key itself.
  const resources = ['*'];
  const statements = [
    new PolicyStatement({ sid: 'AllowAccountByItsPolicies', principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources }),
    ...users.map((user) =>
      user === 'logs'
        ? new PolicyStatement({
            sid: 'AllowLogs',
            principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
            actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
            resources,
            conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` } },
          })
        : new PolicyStatement({
            sid: `Allow${user}`,
            principals: [new ServicePrincipal(`${user}.amazonaws.com`)],
            actions: ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'],
            resources,
            conditions: { StringEquals: { 'aws:SourceAccount': account } },
          }),
    ),
  ];
  return new Key(scope, id, { description, enableKeyRotation: true, rotationPeriod: Duration.days(365), removalPolicy: RemovalPolicy.RETAIN, policy: new PolicyDocument({ statements }) });
}
