/*
 * Synthesises what the tests look at, in a process of its own: loading CDK is slow under jest, and once is enough for all
 * files. `node src/synthesise.test-support.ts FILE` writes the templates and what cdk-nag says of them.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { parse } from 'yaml';
import { buildAll } from './app.ts';
import { type Config, readConfig } from './config/schema.ts';

const example = readConfig(parse(readFileSync(join(import.meta.dirname, '../config/example.yaml'), 'utf8')));
const [home] = example.homes;
if (home === undefined) throw new Error('the example has no home');
/** A second home on another continent, with a cluster of the same name in the same account. */
const twoHomes: Config = readConfig({
  ...example,
  homes: [home, { ...home, region: 'us-east-1', keepers: ['cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1'], replica: { ...home.replica, region: 'us-west-2' } }],
  clusters: [...example.clusters, { ...example.clusters[0], account: '555555555555', region: 'us-east-1', home: { account: home.account, region: 'us-east-1' } }],
});

/** What functions hold decides nothing that is asserted; the target `synth` takes the bundles themselves. */
function appOf(config: Config): App {
  const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(tmpdir(), 'icecore-synth-')) });
  buildAll(app, config, () => Code.fromInline('exports.handler = async () => {};'));
  return app;
}

function synthesised(app: App): object[] {
  const assembly = app.synth();
  return stacksOf(app).map(({ stackName, account, region }) => ({ name: stackName, account, region, template: assembly.getStackByName(stackName).template }));
}

function stacksOf(app: App): Stack[] {
  return app.node.children.filter((child) => Stack.isStack(child));
}

function violations(app: App): string[] {
  return [new AwsSolutionsChecks(app), new NIST80053R5Checks(app)].flatMap((pack) => pack.validateScope(app).violations).flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ resourceLogicalId }) => `${ruleName} ${resourceLogicalId}`));
}

const app = appOf(example);
const planted = appOf(example);
const [stack] = stacksOf(planted);
if (stack !== undefined) new Bucket(stack, 'Planted');
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which file?');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify({ example: synthesised(app), violations: violations(app), twoHomes: synthesised(appOf(twoHomes)), planted: violations(planted) }));
