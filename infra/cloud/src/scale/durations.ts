import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const seconds = z.number().min(0);
const run = z.strictObject({
  memoryMiB: z.number().positive(),
  archiveBytes: z.number().int().positive(),
  /** Processor time of a step, in seconds. */
  processorSeconds: z.strictObject({ verify: seconds, inventory: seconds, decode: seconds, scan: seconds, detect: seconds, tables: seconds, publish: seconds }),
});
const recorded = z.strictObject({
  measuredAt: z.string(),
  how: z.string(),
  hashing: z.strictObject({ nativeMiBPerSecond: z.number().positive(), resumableMiBPerSecond: z.number().positive() }),
  runs: z.array(run).min(2),
});

/** What `scale/record.mjs` measured. */
export type Recorded = z.infer<typeof recorded>;
export type RecordedStep = keyof Recorded['runs'][number]['processorSeconds'];

export function recordedDurations(): Recorded {
  return recorded.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../scale/durations.json'), 'utf8')));
}

/** A duration as what it takes at least and for each GiB of memory: the straight line of least squares, with neither below zero. */
export interface Line {
  readonly base: number;
  readonly perGiB: number;
}

export function lineOf({ runs }: Recorded, step: RecordedStep): Line {
  const points = runs.map(({ memoryMiB, processorSeconds }) => ({ x: memoryMiB / 1024, y: processorSeconds[step] }));
  const mean = (of: (point: { x: number; y: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  const perGiB = Math.max(0, points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread);
  return { base: Math.max(0, y - perGiB * x), perGiB };
}
