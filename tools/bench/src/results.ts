import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const row = z.object({ what: z.string(), measured: z.string(), promise: z.string().optional(), holds: z.boolean().optional() });
const plot = z.object({ title: z.string(), x: z.string(), y: z.string(), lines: z.array(z.object({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()])) })) });
const result = z.object({ measuredAt: z.string(), seconds: z.number(), machine: z.string(), rows: z.array(row), plots: z.array(plot) });
const results = z.record(z.string(), result);

/** What a suite gave the last time, and on which machine. */
export type SuiteResult = z.infer<typeof result>;
/** By the name of the suite. */
export type Results = z.infer<typeof results>;

/** What earlier runs gave; nothing where there was none. */
export function readResults(path: string): Results {
  return existsSync(path) ? results.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
}

export function writeResults(path: string, all: Results): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(all, undefined, 1)}\n`);
}
