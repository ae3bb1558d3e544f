import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import type { Grant } from './grant.ts';

/**
 * A managed policy of grants. What a wildcard is for is acknowledged at the policy, one by one; a wildcard without a
 * reason, in a resource or an action, is an error.
 */
export function policyOf(scope: Construct, id: string, grants: readonly Grant[]): ManagedPolicy {
  const reasons = new Map<string, string>();
  for (const { actions, resources, because } of grants) {
    const wild = resources.filter((resource) => resource.includes('*'));
    if (actions.some((action) => action.includes('*'))) throw new Error(`${id}: ${actions.join(', ')} has a wildcard among its actions`);
    if (wild.length > 0 !== (because !== undefined)) throw new Error(`${id}: ${resources.join(', ')} must have a reason where there is a wildcard, and only there`);
    for (const resource of wild) reasons.set(`AwsSolutions-IAM5[Resource::${resource.replaceAll('${', '<').replaceAll('}', '>')}]`, because ?? '');
  }
  const policy = new ManagedPolicy(scope, id, { statements: grants.map(statementOf) });
  if (reasons.size > 0) acknowledge(policy, Object.fromEntries(reasons));
  return policy;
}

function statementOf({ actions, resources, conditions }: Grant): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions: conditions ?? {} });
}
