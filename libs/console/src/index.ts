export { type ConsoleOptions, type RunningConsole, serveConsole } from './server/serve.ts';
export type { Fleet } from './server/context.ts';
export type { OpenEngine } from './server/lake.ts';
export type { HeldVault } from './server/holds.ts';
