export { buildAll } from './app.ts';
export { configFile } from './config/file.ts';
export { type Cluster, type Config, type Home, type Place, readConfig } from './config/schema.ts';
export type { CodeOf } from './pipeline/pipeline-stack.ts';
export type { FunctionName } from './pipeline/rights.ts';
