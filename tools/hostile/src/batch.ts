/*
 * Runs the cases FROM to FROM + COUNT - 1 of a campaign in this process and tells the parent, if there is one, which
 * case it is at. By hand, to run one case again: node tools/hostile/src/batch.ts SEED CASE 1
 */
import { mutate } from './mutate.ts';
import { originalPaths, readOriginal } from './originals.ts';
import { randomOf } from './random.ts';
import { type Ending, readBytes } from './reading.ts';

export interface BatchReport {
  readonly endings: Readonly<Record<Ending, number>>;
  readonly failures: readonly { readonly number: number; readonly error: string }[];
  /** Slowest case, in milliseconds. */
  readonly slowest: { readonly number: number; readonly took: number };
  /** Most memory that the process has had resident, in bytes. */
  readonly peakBytes: number;
}

const [seed = 1, from = 0, count = 1] = process.argv.slice(2).map(Number);
const originals = await Promise.all(originalPaths().map(readOriginal));
const endings = { read: 0, refused: 0 };
const failures: { number: number; error: string }[] = [];
let slowest = { number: from, took: 0 };
for (let number = from; number < from + count; number++) {
  process.send?.(number);
  const random = randomOf(seed, number);
  const bytes = mutate(random.pick(originals), random);
  const start = performance.now();
  try {
    endings[await readBytes(bytes)] += 1;
  } catch (error) {
    failures.push({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  const took = performance.now() - start;
  if (took > slowest.took) slowest = { number, took };
}
const report: BatchReport = { endings, failures, slowest, peakBytes: process.resourceUsage().maxRSS * 1024 };
if (process.send === undefined) console.log(JSON.stringify(report, null, 2).replaceAll('\\n', '\n'));
else process.send(report, () => process.disconnect());
