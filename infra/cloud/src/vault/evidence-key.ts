import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { evidenceKeyPolicy, type KeyPolicyFacts } from './key-policy.ts';

/** The key that encrypts evidence. It rotates each year, and stays when the stack goes. */
export function evidenceKey(scope: Construct, alias: string, facts: KeyPolicyFacts): Key {
  return new Key(scope, 'Key', {
    alias,
    description: 'Encrypts evidence',
    enableKeyRotation: true,
    rotationPeriod: Duration.days(365),
    removalPolicy: RemovalPolicy.RETAIN,
    policy: evidenceKeyPolicy(facts),
  });
}
