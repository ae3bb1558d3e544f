/*
 * Makes a lake of ten thousand captures, asks it for an indicator before and after it is compacted, and writes docs/lake.md.
 * ICECORE_BENCH_CAPTURES says how many; ICECORE_BENCH_LAKE names a folder in which the lake is kept, or is already. One that is
 * compacted already is only asked.
 */
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { athenaCost } from '@icecore/aws';
import { formatBytes } from '@icecore/bytes';
import { type CompactReport, compactionsTable, tableFolder } from '@icecore/lake';
import { makeLake } from './lake/make-lake.ts';
import { needleEvery, needles } from './lake/made-capture.ts';
import { scannedBy, type TableScan } from './lake/scanned.ts';
import { type CommandLine, forEver, type Times, timesOf } from './measure.ts';

const captures = Number(process.env['ICECORE_BENCH_CAPTURES'] ?? '10000');
const kept = process.env['ICECORE_BENCH_LAKE'];
const root = kept ?? join(mkdtempSync(join(tmpdir(), 'icecore-lake-')), 'lake');
/** What a person waits for an answer without a thought. */
const promisedSeconds = 2;
const rounds = 3;

/** What holds the needles' address, and what stands in their names. */
const [network, word, expression] = ['203.0.113.0/24', 'needle', 'need[l]e/kworkerd$'];

/** What is asked: the question by its indicator, and the hunt that `hunt --ioc` takes for it. */
const pivots = [
  { ioc: needles.address, hunt: 'pivot-address', values: { address: needles.address } },
  { ioc: needles.sha256, hunt: 'pivot-hash', values: { value: needles.sha256 } },
  { ioc: needles.domain, hunt: 'pivot-domain', values: { domain: needles.domain } },
  { ioc: needles.path, hunt: 'pivot-path', values: { path: needles.path } },
  { ioc: network, hunt: 'pivot-network', values: { network } },
  { ioc: word, hunt: 'pivot-string', values: { value: word } },
  { ioc: `re:${expression}`, hunt: 'pivot-expression', values: { expression } },
] as const;

interface Asked extends Times {
  readonly scanned: readonly TableScan[];
}

try {
  await measure();
} finally {
  if (kept === undefined) rmSync(root, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const made = existsSync(root) ? undefined : await timed(() => makeLake(root, captures));
  const isWhole = globSync(`${root}/${tableFolder(compactionsTable.name)}*/*/*.parquet`).length > 0;
  const filesBefore = filesOf(root);
  const before = isWhole ? undefined : await askAll(1);
  if (before !== undefined) tell(`before: ${filesBefore} files, ${pivots.map(({ hunt }, i) => `${hunt} ${seconds(before[i])}`).join(', ')}`);
  const compacted = isWhole ? undefined : await timed(compact);
  if (compacted !== undefined) tell(`compacted in ${compacted.seconds.toFixed(0)} s`);
  const after = await askAll(rounds);
  const filesAfter = filesOf(root);
  tell(`after: ${filesAfter} files`);
  for (const [i, { ioc, hunt }] of pivots.entries()) {
    tell(`${(after[i]?.seconds ?? Infinity) < promisedSeconds ? 'holds' : 'FAILS'}  hunt --ioc ${ioc} (${hunt}): ${before === undefined ? '' : `${seconds(before[i])} before, `}${seconds(after[i])} after (under ${promisedSeconds} s)`);
    tell(`       Athena would scan ${before === undefined ? '' : `${bytesOf(before[i])} before, `}${bytesOf(after[i])} after`);
    for (const { table, columns, files, rowGroups, pruned, bytes } of after[i]?.scanned ?? []) tell(`         ${table}: ${formatBytes(bytes)} of ${columns.length} columns, ${rowGroups - pruned} of ${rowGroups} row groups in ${files} files`);
  }
  writeFileSync('docs/lake.md', report({ made: made?.seconds, compacted: compacted?.seconds, before, after, filesBefore: isWhole ? undefined : filesBefore, filesAfter }));
  process.exitCode = after.every((asked) => asked.seconds < promisedSeconds) ? 0 : 1;
}

function filesOf(folder: string): number {
  return globSync(`${folder}/v1/*/*/*/*.parquet`).length;
}

/** Round after round, so that what else the machine does falls on all questions. */
async function askAll(times: number): Promise<readonly Asked[]> {
  const best = pivots.map((): Times => forEver);
  for (let round = 0; round < times; round++) {
    for (const [i, { ioc }] of pivots.entries()) {
      const told = timesOrNever([process.execPath, 'apps/cli/bin/icecore.cjs', 'hunt', '--lake', root, '--ioc', ioc]);
      if (told.seconds < (best[i] ?? forEver).seconds) best[i] = told;
    }
  }
  const asked: Asked[] = [];
  for (const [i, { hunt, values }] of pivots.entries()) asked.push({ ...(best[i] ?? forEver), scanned: await scannedBy(root, hunt, values) });
  return asked;
}

/** Where there is no answer it takes for ever: a query ends after a minute. */
function timesOrNever(command: CommandLine): Times {
  try {
    return timesOf(command);
  } catch {
    return forEver;
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
  return asked === undefined || asked.seconds === Number.POSITIVE_INFINITY ? 'none in a minute' : `${asked.seconds.toFixed(2)} s, ${asked.processorSeconds.toFixed(2)} s of processors`;
}

function scannedBytes(asked: Asked | undefined): number {
  return (asked?.scanned ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}

function bytesOf(asked: Asked | undefined): string {
  const bytes = scannedBytes(asked);
  return `${formatBytes(bytes)} ($${athenaCost(bytes).toFixed(5)})`;
}

/** What was not measured, because it was done before, is undefined. */
interface Measured {
  readonly made: number | undefined;
  readonly compacted: number | undefined;
  readonly before: readonly Asked[] | undefined;
  readonly after: readonly Asked[];
  readonly filesBefore: number | undefined;
  readonly filesAfter: number;
}

function report({ made, compacted, before, after, filesBefore, filesAfter }: Measured): string {
  const [cpu] = cpus();
  const tables = (after[0]?.scanned ?? []).map(({ table, columns, files, rowGroups, pruned, bytes }) => `| \`${table}\` | ${columns.length} | ${rowGroups - pruned} of ${rowGroups} | ${files} | ${formatBytes(bytes)} |`);
  const whole = (number: number): string => number.toLocaleString('en-US');
  const files = filesBefore === undefined ? `${whole(filesAfter)} files.` : `${whole(filesBefore)} files became ${whole(filesAfter)}.`;
  const rowOf = ({ hunt, ioc }: (typeof pivots)[number], i: number): readonly string[] => [
    `${ioc.length > 40 ? `${ioc.slice(0, 12)}…` : ioc} (\`${hunt}\`)`,
    ...(before === undefined ? [] : [seconds(before[i])]),
    seconds(after[i]),
    `under ${promisedSeconds} s`,
    (after[i]?.seconds ?? Infinity) < promisedSeconds ? 'yes' : 'no',
    ...(before === undefined ? [] : [bytesOf(before[i])]),
    bytesOf(after[i]),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const heads = ['`icecore hunt --ioc`', ...(before === undefined ? [] : ['before']), 'after', 'promise', 'holds', ...(before === undefined ? [] : ['Athena would scan, before']), before === undefined ? 'Athena would scan' : 'after'];
  return [
    '# The lake at scale',
    '',
    `A lake of ${whole(captures)} captures that is made ([made-capture.ts](../tools/bench/src/lake/made-capture.ts)), asked for an indicator that`,
    `${Math.ceil(captures / needleEvery)} of them have, ${before === undefined ? 'after' : 'before and after'} \`icecore lake compact\`. \`npx nx lake @icecore/bench\` makes it, measures, and writes this page.`,
    '',
    `${made === undefined ? '' : `Made in ${made.toFixed(0)} s. `}${compacted === undefined ? '' : `Compacted in ${compacted.toFixed(0)} s. `}${files} Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}. Times are those of the whole command, its start included${before === undefined ? '' : '; before: one run'}; after: the best of ${rounds}, with the time of all processors beside it.`,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...pivots.map((pivot, i) => line(rowOf(pivot, i))),
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
