/*
 * Measures icecore against programs that everybody has, in the same run, and writes docs/benchmarks.md.
 * ICECORE_BENCH_GIB=1,8 says how large the archives are (GiB of memory).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '@icecore/bytes';
import { decodePagemap } from '@icecore/criu';
import { manyEntries, writeLargeArchive } from './large-archive.ts';
import { bestOfRounds, type CommandLine, usageOf } from './measure.ts';
import { measureScan } from './scan.ts';

/** Words that responders look for, all in the sample’s memory; how long grep takes depends on their letters. */
const literals = ['AKIAIOSFODNN7EXAMPLE', 'BEGIN RSA PRIVATE KEY', 'stratum+tcp://'];
const sample = 'samples/podman-attack.tar.zst';
const sizes = (process.env['ICECORE_BENCH_GIB'] ?? '1,8').split(',').map(Number);
const rounds = 15;

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly promise: string;
  readonly holds: boolean;
}

const icecore = (...words: string[]): CommandLine => [process.execPath, 'apps/cli/bin/icecore.cjs', ...words];
const rows: Row[] = [];
const milliseconds = (seconds: number): string => `${(seconds * 1000).toFixed(0)} ms`;

function promise(what: string, measured: string, promised: string, holds: boolean): void {
  rows.push({ what, measured, promise: promised, holds });
  console.log(`${holds ? 'holds' : 'FAILS'}  ${what}: ${measured} (${promised})`);
}

const folder = mkdtempSync(join(tmpdir(), 'icecore-bench-'));
try {
  for (const gib of sizes) await measureArchive(gib);
  measurePagemap();
} finally {
  rmSync(folder, { recursive: true });
}
writeFileSync('docs/benchmarks.md', report());
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;

async function measureArchive(gib: number): Promise<void> {
  const path = join(folder, `${gib}.tar`);
  await writeLargeArchive(sample, path, gib * 2 ** 30);
  const show = icecore('show', path);
  for (const literal of gib === sizes[0] ? literals : []) {
    const grep: CommandLine = ['grep', '-c', '-a', literal, path];
    const [showSeconds = 0, searchSeconds = 0, grepSeconds = 0] = bestOfRounds([show, icecore('search', path, literal), grep], rounds);
    const ratio = (seconds: number): string => `${milliseconds(seconds)}, ${(seconds / grepSeconds).toFixed(2)} of ${milliseconds(grepSeconds)}`;
    promise(`\`show\`, ${gib} GiB, against \`grep -c -a '${literal}'\``, ratio(showSeconds), 'under 0.25', showSeconds < grepSeconds / 4);
    promise(`\`search '${literal}'\`, UTF-8 and UTF-16, every hit, ${gib} GiB, against the same`, ratio(searchSeconds), 'at most 1', searchSeconds <= grepSeconds);
  }
  const shown = usageOf(show);
  const share = shown.readBytes / (gib * 2 ** 30);
  promise(`bytes that \`show\` reads, ${gib} GiB`, `${formatBytes(shown.readBytes)}, ${(100 * share).toFixed(2)} %`, 'under 1 %', share < 0.01);
  const peak = (what: string, bytes: number): void => promise(`peak memory of \`${what}\`, ${gib} GiB`, formatBytes(bytes), 'under 256 MiB', bytes < 256 * 2 ** 20);
  peak('show', shown.peakBytes);
  peak('search', usageOf(icecore('search', path, literals[0]!)).peakBytes);
  if (gib === sizes[0]) await measureScan(path, promise);
  rmSync(path);
}

function measurePagemap(): void {
  const entries = 1_000_000;
  const bytes = manyEntries(entries);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    if (decodePagemap(bytes, 'pagemap-1.img').count !== entries) throw new Error('entries were lost');
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
  }
  promise('pagemap entries decoded a second', `${(entries / best / 1e6).toFixed(1)} million`, 'at least 5 million', entries / best >= 5e6);
}

function report(): string {
  const [cpu] = cpus();
  return [
    '# Benchmarks',
    '',
    '`npm run bench` makes the archives, measures, and writes this page. Programs take turns in one run; each number is the',
    `best of ${rounds} rounds, start-up included. Trust the ratios: they hold where the machine is busy.`,
    '',
    `Archives: \`${sample}\`, its memory repeated to the size given. Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}.`,
    '',
    '| what | measured | promise | holds |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ what, measured, promise: promised, holds }) => `| ${what} | ${measured} | ${promised} | ${holds ? 'yes' : 'no'} |`),
    '',
  ].join('\n');
}
