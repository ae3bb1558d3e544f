import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { pipelineDefinition, type StepName, stepNames } from '@icecore/pipeline';
import { Construct } from 'constructs';
import { through } from '../access/grant.ts';
import { policyOf } from '../access/policy.ts';
import type { PipelineFunction } from './function.ts';

export interface MachineProps {
  readonly name: string;
  readonly steps: Readonly<Record<StepName, PipelineFunction>>;
  /** ARN of the bucket in which steps leave what the next ones read. */
  readonly working: string;
  readonly workingKey: IKey;
  readonly logsKey: IKey;
}

/** The state machine of libs/pipeline over the functions, and the role it calls them with. */
export class Machine extends Construct {
  readonly arn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { name, steps, working, workingKey, logsKey }: MachineProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.arn = machineArn(stack, name);
    const executions = `arn:aws:states:${stack.region}:${stack.account}:execution:${name}`;
    const logGroup = new LogGroup(this, 'Logs', { logGroupName: `/aws/vendedlogs/states/${name}`, retention: RetentionDays.SIX_MONTHS, encryptionKey: logsKey, removalPolicy: RemovalPolicy.DESTROY });
    const policy = policyOf(this, 'Policy', [
      { actions: ['lambda:InvokeFunction'], resources: stepNames.map((step) => steps[step].function.functionArn) },
      { actions: ['s3:GetObject'], resources: [`${working}/*`], because: 'A Map reads its items from the file that the step before it wrote.' },
      { actions: ['kms:Decrypt'], resources: [workingKey.keyArn], conditions: through('s3', stack.region) },
      { actions: ['states:StartExecution'], resources: [this.arn] },
      { actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'], resources: [`${executions}/*`, `${executions}:*`], because: 'Its own executions and the children of its Map.' },
      { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], resources: ['*'], because: 'X-Ray has no resources that a policy could name.' },
      {
        actions: ['logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups'],
        resources: ['*'],
        because: 'The delivery of logs has no resources that a policy could name (Step Functions developer guide, "Logging using CloudWatch Logs").',
      },
    ]);
    this.role = new Role(this, 'Role', {
      roleName: name,
      assumedBy: new ServicePrincipal('states.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
      managedPolicies: [policy],
    });
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: this.role.roleArn,
      definitionString: stack.toJsonString(pipelineDefinition(resourcesOf(steps))),
      // What passes between states are pointers and counts, never evidence: it may be logged.
      loggingConfiguration: { level: 'ALL', includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }] },
      tracingConfiguration: { enabled: true },
    });
    machine.node.addDependency(policy);
  }
}

/** The ARN of a state machine by its name: its own role has to name it before it is there. */
export function machineArn(stack: Stack, name: string): string {
  return `arn:aws:states:${stack.region}:${stack.account}:stateMachine:${name}`;
}

function resourcesOf(steps: MachineProps['steps']): Readonly<Record<StepName, string>> {
  const arn = (step: StepName): string => steps[step].function.functionArn;
  return { verify: arn('verify'), inventory: arn('inventory'), decode: arn('decode'), scan: arn('scan'), detect: arn('detect'), tables: arn('tables'), publish: arn('publish'), quarantine: arn('quarantine') };
}
