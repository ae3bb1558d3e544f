/*
 * Measures icecore against programs that everybody has, in the same run, and writes docs/benchmarks.md and its plots.
 * Usage: node bench.ts [SUITE…]   with suites named, only their part of the page is made anew.
 * ICECORE_BENCH_GIB=0.1,0.2 says how large the archives are (GiB of memory); the page is then printed and not written.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineText } from './machine.ts';
import { page, plotFile } from './page.ts';
import { plotSvg } from './plot.ts';
import { readResults, type SuiteResult, writeResults } from './results.ts';
import type { Row, Suite } from './suite.ts';
import { allSuites } from './suites/index.ts';
import { sample } from './suites/triage.ts';

const folder = 'docs/benchmarks';
const resultsFile = join(folder, 'results.json');
const ownSizes = process.env['ICECORE_BENCH_GIB'];
const sizes = (ownSizes ?? '0.5,1,2,4,8').split(',').map(Number).sort((a, b) => a - b);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((id) => !allSuites.some((suite) => suite.id === id));
if (unknown.length > 0) {
  console.error(`no suite is called ${unknown.join(', ')}; there are ${allSuites.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const intro = [
  '`npm run bench` makes what is needed, measures, and writes this page and its plots; `npm run bench SUITE…` makes anew the part of',
  'some suites. Programs take turns in one run, so that what else the machine does falls on all of them; each number is the best of the',
  'rounds, start-up included. Trust the ratios: they hold where the machine is busy. Seconds of processor are those of all threads, user',
  `and system. Archives hold \`${sample}\`, its memory repeated to the size that is told.`,
  ...(existsSync('docs/lake.md') ? ['What ten thousand captures in a lake take is on [a page of its own](lake.md).'] : []),
].join('\n');

let holds = true;
for (const suite of allSuites.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
  console.log(`\n${suite.title}`);
  const { result, broken } = await measured(suite);
  holds &&= !broken && result.rows.every((row) => row.holds !== false);
  // Written after each suite: what was measured is there when a later one breaks off.
  if (ownSizes === undefined) keep(suite, result);
  else console.log(page([suite], { [suite.id]: result }, intro));
}
process.exitCode = holds ? 0 : 1;

function keep(suite: Suite, result: SuiteResult): void {
  const results = { ...readResults(resultsFile), [suite.id]: result };
  writeResults(resultsFile, results);
  writeFileSync('docs/benchmarks.md', page(allSuites, results, intro));
  for (const plot of result.plots) writeFileSync(join(folder, plotFile(plot)), plotSvg(plot));
}

async function measured(suite: Suite): Promise<{ readonly result: SuiteResult; readonly broken: boolean }> {
  const empty = mkdtempSync(join(tmpdir(), 'icecore-bench-'));
  const rows: Row[] = [];
  const plots: SuiteResult['plots'] = [];
  const add = (row: Row): void => {
    rows.push(row);
    console.log(`${row.holds === undefined ? '     ' : row.holds ? 'holds' : 'FAILS'}  ${row.what}: ${row.measured}${row.promise === undefined ? '' : ` (${row.promise})`}`);
  };
  const start = performance.now();
  let broken = false;
  try {
    await suite.run({
      folder: empty,
      sizes,
      promise: (what, value, promise, kept) => add({ what, measured: value, promise, holds: kept }),
      tell: (what, value) => add({ what, measured: value }),
      plot: ({ title, x, y, lines }) => void plots.push({ title, x, y, lines: lines.map(({ name, points }) => ({ name, points: points.map(([at, value]) => [at, value]) })) }),
      miss: (what, reason) => add({ what, measured: `not measured: ${reason}` }),
    });
  } catch (error) {
    broken = true;
    console.error(error);
    add({ what: 'the rest', measured: `not measured: ${String(error).split('\n')[0]?.slice(0, 300) ?? ''}` });
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
  return { result: { measuredAt: new Date().toISOString(), seconds: (performance.now() - start) / 1000, machine: machineText(), rows, plots }, broken };
}
