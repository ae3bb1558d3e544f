import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** States at a resource why rules of cdk-nag do not hold for it: `{ 'AwsSolutions-S1': 'reason' }`. */
export function acknowledge(resource: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(resource).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
