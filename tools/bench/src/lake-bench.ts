/*
 * Makes a lake of ten thousand captures, asks it for an indicator before and after it is compacted, and writes docs/lake.md.
 * ICECORE_BENCH_CAPTURES says how many; ICECORE_BENCH_LAKE names a folder in which the lake is kept, or is already.
 */
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { athenaCost } from '@icecore/aws';
import { formatBytes } from '@icecore/bytes';
import type { CompactReport } from '@icecore/lake';
import { makeLake } from './lake/make-lake.ts';
import { needles } from './lake/made-capture.ts';
import { scannedBy, type TableScan } from './lake/scanned.ts';
import { type CommandLine, secondsOf } from './measure.ts';

const captures = Number(process.env['ICECORE_BENCH_CAPTURES'] ?? '10000');
const kept = process.env['ICECORE_BENCH_LAKE'];
const root = kept ?? join(mkdtempSync(join(tmpdir(), 'icecore-lake-')), 'lake');
/** What a person waits for an answer without a thought. */
const promisedSeconds = 2;
const rounds = 5;

/** What is asked: the question by its indicator, and the hunt that `hunt --ioc` takes for it. */
const pivots = [
  { ioc: needles.address, hunt: 'pivot-address', values: { address: needles.address } },
  { ioc: needles.sha256, hunt: 'pivot-hash', values: { value: needles.sha256 } },
  { ioc: needles.domain, hunt: 'pivot-domain', values: { domain: needles.domain } },
  { ioc: needles.path, hunt: 'pivot-path', values: { path: needles.path } },
] as const;

interface Asked {
  readonly seconds: number;
  readonly scanned: readonly TableScan[];
}

try {
  await measure();
} finally {
  if (kept === undefined) rmSync(root, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const made = existsSync(root) ? undefined : await timed(() => makeLake(root, captures));
  const before = await askAll(1);
  const filesBefore = globSync(`${root}/v1/*/*/*/*.parquet`).length;
  tell(`before: ${filesBefore} files, ${pivots.map(({ hunt }, i) => `${hunt} ${seconds(before[i])}`).join(', ')}`);
  const compacted = await timed(compact);
  const after = await askAll(rounds);
  const filesAfter = globSync(`${root}/v1/*/*/*/*.parquet`).length;
  tell(`after: ${filesAfter} files, compacted in ${compacted.seconds.toFixed(0)} s`);
  for (const [i, { ioc, hunt }] of pivots.entries()) {
    tell(`${(after[i]?.seconds ?? Infinity) < promisedSeconds ? 'holds' : 'FAILS'}  hunt --ioc ${ioc} (${hunt}): ${seconds(before[i])} before, ${seconds(after[i])} after (under ${promisedSeconds} s)`);
    tell(`       Athena would scan ${bytesOf(before[i])} before, ${bytesOf(after[i])} after`);
    for (const { table, columns, files, rowGroups, pruned, bytes } of after[i]?.scanned ?? []) tell(`         ${table}: ${formatBytes(bytes)} of ${columns.length} columns, ${rowGroups - pruned} of ${rowGroups} row groups in ${files} files`);
  }
  writeFileSync('docs/lake.md', report({ made: made?.seconds, compacted: compacted.seconds, before, after, filesBefore, filesAfter }));
  process.exitCode = after.every((asked) => asked.seconds < promisedSeconds) ? 0 : 1;
}

async function askAll(times: number): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (const { ioc, hunt, values } of pivots) {
    const command: CommandLine = [process.execPath, 'apps/cli/bin/icecore.cjs', 'hunt', '--lake', root, '--ioc', ioc];
    const best = Math.min(...Array.from({ length: times }, () => secondsOrNever(command)));
    asked.push({ seconds: best, scanned: await scannedBy(root, hunt, values) });
  }
  return asked;
}

/** Infinity where there is no answer: a query ends after a minute. */
function secondsOrNever(command: CommandLine): number {
  try {
    return secondsOf(command);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function compact(): Promise<readonly CompactReport[]> {
  const workers = availableParallelism();
  return Promise.all(Array.from({ length: workers }, (_, at) => new Promise<CompactReport>((resolve, reject) => {
    const worker = new Worker(new URL('./lake/compact-worker.ts', import.meta.url), { workerData: { root, at, of: workers } });
    worker.once('message', resolve);
    worker.once('error', reject);
  })));
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly value: T }> {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

function tell(line: string): void {
  console.log(line);
}

function seconds(asked: Asked | undefined): string {
  return asked === undefined || asked.seconds === Number.POSITIVE_INFINITY ? 'none in a minute' : `${asked.seconds.toFixed(2)} s`;
}

function scannedBytes(asked: Asked | undefined): number {
  return (asked?.scanned ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

function bytesOf(asked: Asked | undefined): string {
  const bytes = scannedBytes(asked);
  return `${formatBytes(bytes)} ($${athenaCost(bytes).toFixed(5)})`;
}

interface Measured {
  readonly made: number | undefined;
  readonly compacted: number;
  readonly before: readonly Asked[];
  readonly after: readonly Asked[];
  readonly filesBefore: number;
  readonly filesAfter: number;
}

function report({ made, compacted, before, after, filesBefore, filesAfter }: Measured): string {
  const [cpu] = cpus();
  const tables = (after[0]?.scanned ?? []).map(({ table, columns, files, rowGroups, pruned, bytes }) => `| \`${table}\` | ${columns.length} | ${rowGroups - pruned} of ${rowGroups} | ${files} | ${formatBytes(bytes)} |`);
  return [
    '# The lake at scale',
    '',
    `A lake of ${captures.toLocaleString('en-US')} captures that is made ([made-capture.ts](../tools/bench/src/lake/made-capture.ts)), asked for an indicator that`,
    `${Math.ceil(captures / 400)} of them have, before and after \`icecore lake compact\`. \`npx nx lake @icecore/bench\` makes it, measures, and writes this page.`,
    '',
    `${made === undefined ? '' : `Made in ${made.toFixed(0)} s. `}Compacted in ${compacted.toFixed(0)} s, on ${availableParallelism()} processors; ${filesBefore.toLocaleString('en-US')} files became ${filesAfter.toLocaleString('en-US')}. Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}. Times are those of the whole command, its start included; before: one run, after: the best of ${rounds}.`,
    '',
    `| \`icecore hunt --ioc\` | before | after | promise | holds | Athena would scan, before | after |`,
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...pivots.map(({ hunt, ioc }, i) => `| ${ioc.length > 40 ? `${ioc.slice(0, 12)}…` : ioc} (\`${hunt}\`) | ${seconds(before[i])} | ${seconds(after[i])} | under ${promisedSeconds} s | ${(after[i]?.seconds ?? Infinity) < promisedSeconds ? 'yes' : 'no'} | ${bytesOf(before[i])} | ${bytesOf(after[i])} |`),
    '',
    'What Athena would scan is computed, not measured: the sizes of the column chunks that the statement uses, from the footers of the',
    'files, without the row groups that its conditions rule out, for each time that it names a table. The price is that of a TiB in most',
    'regions, rounded up to 10 MiB a query, as Athena bills it. `compactions` comes on top, once a table.',
    '',
    `\`${pivots[0].hunt}\`, scan by scan, after:`,
    '',
    '| table | columns | row groups | files | bytes |',
    '| --- | --- | --- | --- | --- |',
    ...tables,
    '',
  ].join('\n');
}
