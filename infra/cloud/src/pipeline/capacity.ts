import { scanConcurrency, stepLimits } from '@icecore/pipeline';
import type { FunctionName } from './rights.ts';

/** What a function is given. */
export interface Capacity {
  readonly timeoutSeconds: number;
  /** Also its share of a processor: 1,769 MiB are one (Lambda developer guide, "Configure Lambda function memory"). */
  readonly memoryMiB: number;
  readonly diskMiB: number;
  /** At once, reserved of the account's limit. */
  readonly concurrency: number;
}

/** Functions at once that AWS gives an account at first; 100 of them cannot be reserved (Lambda developer guide, "Quotas"). */
export const accountConcurrency = 1000;

/** `scan` gets what two large analyses at once can use; the others one for each of the analyses that may run at once. */
export const capacityOf: Readonly<Record<FunctionName, Capacity>> = {
  start: { timeoutSeconds: 60, memoryMiB: 512, diskMiB: 512, concurrency: 10 },
  verify: step('verify', 60, 512),
  inventory: step('inventory', 40, 10_240),
  decode: step('decode', 40, 10_240),
  scan: step('scan', 2 * scanConcurrency, 10_240),
  detect: step('detect', 60, 10_240),
  tables: step('tables', 60, 10_240),
  publish: step('publish', 30, 512),
  quarantine: step('quarantine', 10, 512),
  compact: { timeoutSeconds: 900, memoryMiB: 10_240, diskMiB: 10_240, concurrency: 1 },
};

function step(name: keyof typeof stepLimits, concurrency: number, diskMiB: number): Capacity {
  const { functionSeconds, memoryMiB } = stepLimits[name];
  return { timeoutSeconds: functionSeconds, memoryMiB, diskMiB, concurrency };
}
