import { z } from 'zod';
import type { Caller } from './evaluate.ts';
import { type Policy, readPolicy } from './policy.ts';
import { Deployment, type StackTemplate } from './template.ts';

/** A role as the templates define it. */
export interface Role {
  readonly arn: string;
  readonly account: string;
  readonly policies: readonly Policy[];
  readonly trust: Policy;
  readonly tags: Readonly<Record<string, string>>;
}

/** A bucket, a key, or a queue: what has a policy of its own. */
export interface Guarded {
  readonly account: string;
  readonly region: string;
  readonly policy: Policy | undefined;
  /** ARN of the key that encrypts what names none; of buckets alone. */
  readonly defaultKey: string | undefined;
}

const tagList = z.array(z.object({ Key: z.string(), Value: z.string() })).default([]);

/** All roles, buckets and keys of a set of templates, as they would be once deployed. */
export class Cloud {
  readonly roles = new Map<string, Role>();
  readonly guarded = new Map<string, Guarded>();
  private readonly deployment: Deployment;

  constructor(stacks: readonly StackTemplate[]) {
    this.deployment = new Deployment(stacks);
    for (const stack of stacks) for (const [id, { Type }] of Object.entries(stack.resources)) this.add(stack, id, Type);
  }

  /** A role by its name, as somebody who took it on with these session tags. */
  callerOf(roleName: string, sessionTags: Readonly<Record<string, string>> = {}): Caller {
    const { arn, account, policies, tags } = this.roleNamed(roleName);
    return { kind: 'role', arn, account, policies, tags: { ...tags, ...sessionTags } };
  }

  roleNamed(roleName: string): Role {
    const role = this.roles.get(roleName);
    if (role === undefined) throw new Error(`there is no role ${roleName}; there are ${[...this.roles.keys()].join(', ')}`);
    return role;
  }

  guardedBy(arn: string): Guarded {
    const found = this.guarded.get(arn);
    if (found === undefined) throw new Error(`there is no ${arn}`);
    return found;
  }

  private add(stack: StackTemplate, id: string, type: string): void {
    const { account, region } = stack;
    const get = (property: string): unknown => this.deployment.resolve(stack, stack.resources[id]?.Properties[property]);
    const arn = (): string => this.deployment.text(stack, { 'Fn::GetAtt': [id, 'Arn'] });
    if (type === 'AWS::IAM::Role') {
      if (get('Policies') !== undefined) throw new Error(`${stack.name}.${id} has policies of its own, which are not simulated`);
      const attached = z.array(z.string()).default([]).parse(get('ManagedPolicyArns'));
      const tags = Object.fromEntries(tagList.parse(get('Tags') ?? []).map(({ Key, Value }) => [Key, Value]));
      const name = this.deployment.text(stack, { Ref: id });
      this.roles.set(name, { arn: arn(), account, tags, trust: readPolicy(get('AssumeRolePolicyDocument')), policies: attached.map((policy) => this.managed(stack, policy)) });
    } else if (type === 'AWS::IAM::Policy') {
      throw new Error(`${stack.name}.${id} is a policy within a role, which is not simulated`);
    } else if (type === 'AWS::KMS::Key') {
      this.guarded.set(arn(), { account, region, policy: readPolicy(get('KeyPolicy')), defaultKey: undefined });
    } else if (type === 'AWS::S3::Bucket') {
      this.guarded.set(arn(), { account, region, policy: this.policyAt(stack, 'AWS::S3::BucketPolicy', 'Bucket', this.deployment.text(stack, { Ref: id })), defaultKey: defaultKey(get('BucketEncryption')) });
    } else if (type === 'AWS::SQS::Queue') {
      this.guarded.set(arn(), { account, region, policy: this.policyAt(stack, 'AWS::SQS::QueuePolicy', 'Queues', this.deployment.text(stack, { Ref: id })), defaultKey: z.string().optional().parse(get('KmsMasterKeyId')) });
    }
  }

  private managed(stack: StackTemplate, arn: string): Policy {
    const found = Object.entries(stack.resources).find(([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && this.deployment.text(stack, { Ref: id }) === arn);
    if (found === undefined) throw new Error(`${stack.name} attaches ${arn}, which it does not define`);
    return readPolicy(this.deployment.resolve(stack, found[1].Properties['PolicyDocument']));
  }

  private policyAt(stack: StackTemplate, type: string, property: string, name: string): Policy | undefined {
    const found = Object.values(stack.resources).filter(({ Type, Properties }) => Type === type && [this.deployment.resolve(stack, Properties[property])].flat().includes(name));
    if (found.length > 1) throw new Error(`${stack.name}: ${name} has ${found.length} policies`);
    return found[0] === undefined ? undefined : readPolicy(this.deployment.resolve(stack, found[0].Properties['PolicyDocument']));
  }
}

function defaultKey(encryption: unknown): string | undefined {
  const rule = z.object({ ServerSideEncryptionConfiguration: z.array(z.object({ ServerSideEncryptionByDefault: z.object({ KMSMasterKeyID: z.string().optional() }) })).length(1) });
  return rule.parse(encryption).ServerSideEncryptionConfiguration[0]?.ServerSideEncryptionByDefault.KMSMasterKeyID;
}
