/*
 * Measures icecore against programs that everybody has, in the same run, and writes docs/benchmarks.md and its plots.
 * Usage: node bench.ts [SUITE…]   with suites named, the page is printed and not written.
 * ICECORE_BENCH_GIB=1,8 says how large the archives are (GiB of memory).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { page, plotFile, type SuiteResult } from './page.ts';
import { plotSvg } from './plot.ts';
import type { Plot, Row, Suite } from './suite.ts';
import { allSuites } from './suites/index.ts';
import { sample } from './suites/triage.ts';

const sizes = (process.env['ICECORE_BENCH_GIB'] ?? '0.5,1,2,4,8').split(',').map(Number).sort((a, b) => a - b);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((id) => !allSuites.some((suite) => suite.id === id));
if (unknown.length > 0) {
  console.error(`no suite is called ${unknown.join(', ')}; there are ${allSuites.map(({ id }) => id).join(', ')}`);
  process.exit(2);
}

const results: SuiteResult[] = [];
for (const suite of allSuites.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) results.push(await measured(suite));
const text = page(results, { memory: `Archives hold \`${sample}\`, its memory repeated to the size that is told.`, commands: 'npm run bench' });
if (wanted.length === 0) {
  mkdirSync('docs/benchmarks', { recursive: true });
  writeFileSync('docs/benchmarks.md', text);
  for (const plot of results.flatMap(({ plots }) => plots)) writeFileSync(join('docs/benchmarks', plotFile(plot)), plotSvg(plot));
} else console.log(text);
process.exitCode = results.every(({ rows }) => rows.every(({ holds }) => holds !== false)) ? 0 : 1;

async function measured(suite: Suite): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'icecore-bench-'));
  const rows: Row[] = [];
  const plots: Plot[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    console.log(`${row.holds === undefined ? '     ' : row.holds ? 'holds' : 'FAILS'}  ${row.what}: ${row.measured}${row.promise === undefined ? '' : ` (${row.promise})`}`);
  };
  const start = performance.now();
  try {
    await suite.run({
      folder,
      sizes,
      promise: (what, value, promise, holds) => add({ what, measured: value, promise, holds }),
      tell: (what, value) => add({ what, measured: value }),
      plot: (plot) => void plots.push(plot),
      miss: (what, reason) => add({ what, measured: `not measured: ${reason}` }),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { suite, rows, plots, seconds: (performance.now() - start) / 1000 };
}
