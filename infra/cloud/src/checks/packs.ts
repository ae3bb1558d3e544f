import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';

/** Has every synthesis checked by cdk-nag's AwsSolutions and NIST 800-53 R5: what is neither right nor acknowledged fails it. */
export function checkAll(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true }), new NIST80053R5Checks(app, { writeSuppressionsToCloudFormation: true }));
}
