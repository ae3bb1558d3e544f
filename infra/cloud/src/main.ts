/*
 * The CDK app. `npx cdk synth -c config=FILE` (a path from this project's folder); config/example.yaml where none is named.
 * Needs the bundles of apps/lambda, and neither credentials nor a container engine.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildAll } from './app.ts';
import { checkAll } from './checks/packs.ts';
import { configFile } from './config/file.ts';
import type { FunctionName } from './pipeline/rights.ts';

const project = resolve(import.meta.dirname, '..');
const app = new App({ analyticsReporting: false });
const given: unknown = app.node.tryGetContext('config');
const config = configFile(resolve(project, typeof given === 'string' ? given : 'config/example.yaml'));

function bundle(name: FunctionName): Code | undefined {
  const folder = join(project, '../../apps/lambda/dist', name);
  return existsSync(join(folder, 'index.mjs')) ? Code.fromAsset(folder) : undefined;
}

buildAll(app, config, bundle);
checkAll(app);
app.synth();
