import { z } from 'zod';

const resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const template = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.string() }).optional() })).default({}),
});

export type Resource = z.infer<typeof resource>;

/** A synthesised template, and where it is deployed. */
export interface StackTemplate {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: z.infer<typeof template>['Outputs'];
}

export function readTemplate(name: string, place: { readonly account: string; readonly region: string }, value: unknown): StackTemplate {
  const { Resources, Outputs } = template.parse(value);
  return { name, account: place.account, region: place.region, resources: Resources, outputs: Outputs };
}

/** Fills in what CloudFormation would when it deploys the templates: names, ARNs, imports. What it does not know is an error. */
export class Deployment {
  private readonly exports = new Map<string, { readonly stack: StackTemplate; readonly value: unknown }>();

  constructor(stacks: readonly StackTemplate[]) {
    for (const stack of stacks) {
      for (const { Export, Value } of Object.values(stack.outputs)) if (Export !== undefined) this.exports.set(Export.Name, { stack, value: Value });
    }
  }

  /** The value with every function of CloudFormation in it worked out. */
  resolve(stack: StackTemplate, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolve(stack, each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) return this.call(stack, only[0], only[1]);
    return Object.fromEntries(entries.map(([key, each]) => [key, this.resolve(stack, each)]));
  }

  /** A value that must be text. */
  text(stack: StackTemplate, value: unknown): string {
    return requireText(this.resolve(stack, value));
  }

  private call(stack: StackTemplate, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.reference(stack, requireText(argument));
      case 'Fn::GetAtt': {
        const [id, attribute] = z.tuple([z.string(), z.string()]).parse(argument);
        return attributeOf(this, stack, id, attribute);
      }
      case 'Fn::Join': {
        const [separator, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
        return parts.map((part) => this.text(stack, part)).join(separator);
      }
      case 'Fn::ImportValue': {
        const exported = this.exports.get(this.text(stack, argument));
        if (exported === undefined) throw new Error(`${stack.name} imports ${JSON.stringify(argument)}, which nothing exports`);
        return this.resolve(exported.stack, exported.value);
      }
      default:
        throw new Error(`${stack.name} calls ${name}, which is not simulated`);
    }
  }

  private reference(stack: StackTemplate, id: string): string {
    const pseudo: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::AccountId': stack.account, 'AWS::Region': stack.region, 'AWS::URLSuffix': 'amazonaws.com' };
    return pseudo[id] ?? physicalName(this, stack, id);
  }
}

const nameProperties: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
};

/** The name that a resource has or would be given. */
function physicalName(deployment: Deployment, stack: StackTemplate, id: string): string {
  const found = stack.resources[id];
  if (found === undefined) throw new Error(`${stack.name} has no resource ${id}`);
  const property = nameProperties[found.Type];
  const given = property === undefined ? undefined : found.Properties[property];
  if (given !== undefined) return deployment.text(stack, given);
  const made = `${stack.name}-${id}`;
  switch (found.Type) {
    case 'AWS::IAM::ManagedPolicy': return `arn:aws:iam::${stack.account}:policy/${made}`;
    case 'AWS::SQS::Queue': return `https://sqs.${stack.region}.amazonaws.com/${stack.account}/${made}`;
    case 'AWS::SNS::Topic': return `arn:aws:sns:${stack.region}:${stack.account}:${made}`;
    default: return made.toLowerCase();
  }
}

function attributeOf(deployment: Deployment, stack: StackTemplate, id: string, attribute: string): string {
  const type = stack.resources[id]?.Type;
  const name = physicalName(deployment, stack, id);
  const here = `${stack.region}:${stack.account}`;
  switch (`${type ?? ''} ${attribute}`) {
    case 'AWS::S3::Bucket Arn': return `arn:aws:s3:::${name}`;
    case 'AWS::KMS::Key Arn': return `arn:aws:kms:${here}:key/${name}`;
    case 'AWS::IAM::Role Arn': return `arn:aws:iam::${stack.account}:role/${name}`;
    case 'AWS::Lambda::Function Arn': return `arn:aws:lambda:${here}:function:${name}`;
    case 'AWS::SQS::Queue Arn': return `arn:aws:sqs:${here}:${stack.name}-${id}`;
    case 'AWS::Events::Rule Arn': return `arn:aws:events:${here}:rule/${name}`;
    case 'AWS::Logs::LogGroup Arn': return `arn:aws:logs:${here}:log-group:${name}:*`;
    default: throw new Error(`${stack.name} asks for ${attribute} of ${id} (${type ?? 'which is not there'}), which is not simulated`);
  }
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}
