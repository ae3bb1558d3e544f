import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** What an account may do with a key that signs ledgers besides signing: look, hand out the public key, put the key out of use. */
const keeping = [
  ...['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetPublicKey', 'kms:ListAliases', 'kms:ListResourceTags', 'kms:ListKeyPolicies'],
  ...['kms:PutKeyPolicy', 'kms:TagResource', 'kms:UntagResource', 'kms:UpdateKeyDescription', 'kms:CreateAlias', 'kms:DisableKey', 'kms:EnableKey'],
];

/** A key that signs ledgers of custody (ECDSA over P-256, as `kmsSigner` of libs/aws wants it). One role of the account may sign with it, by name; nobody can take the private key out. */
export function signingKey(scope: Construct, { description, signer }: { readonly description: string; readonly signer: string }): Key {
  const role = { 'aws:PrincipalArn': `arn:aws:iam::${Stack.of(scope).account}:role/${signer}` };
  // In a key's policy the resource * is the key itself.
  const resources = ['*'];
  return new Key(scope, 'SigningKey', {
    description,
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    removalPolicy: RemovalPolicy.RETAIN,
    policy: new PolicyDocument({
      statements: [
        new PolicyStatement({ sid: 'AllowAccountToKeep', principals: [new AccountRootPrincipal()], actions: keeping, resources }),
        new PolicyStatement({ sid: 'AllowSigner', principals: [new AccountRootPrincipal()], actions: ['kms:Sign', 'kms:GetPublicKey'], resources, conditions: { ArnEquals: role } }),
        new PolicyStatement({ sid: 'DenySigningToOthers', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['kms:Sign'], resources, conditions: { ArnNotEquals: role } }),
      ],
    }),
  });
}
