import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { formatBytes } from '@icecore/bytes';
import type { Plot, Row, Suite } from './suite.ts';

/** What a suite gave. */
export interface SuiteResult {
  readonly suite: Suite;
  readonly rows: readonly Row[];
  readonly plots: readonly Plot[];
  readonly seconds: number;
}

/** Peers that the suites measure against, and how they tell their version. */
const peers: readonly (readonly [program: string, ...words: string[]])[] = [['grep', '--version'], ['strings', '--version'], ['yara', '--version'], ['sha256sum', '--version']];

/** The file of a plot, beside the page. */
export const plotFile = ({ title }: Plot): string => `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.svg`;

/** The page of results, as Markdown. */
export function page(results: readonly SuiteResult[], { memory, commands }: { readonly memory: string; readonly commands: string }): string {
  const [cpu] = cpus();
  const rows = results.flatMap((result) => result.rows);
  const kept = rows.filter(({ holds }) => holds === true).length;
  const promised = rows.filter(({ holds }) => holds !== undefined).length;
  return [
    '# Benchmarks',
    '',
    `\`${commands}\` makes what is needed, measures, and writes this page and its plots. Programs take turns in one run, so that what else the machine`,
    'does falls on all of them; each number is the best of the rounds, start-up included. Trust the ratios: they hold where the machine is busy.',
    '',
    `Machine: ${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${formatBytes(totalmem())} of memory, Linux ${kernel()}. Node ${process.version}${versions()}.`,
    `${memory} ${kept} of ${promised} promises hold. The run took ${Math.ceil(results.reduce((sum, { seconds }) => sum + seconds, 0) / 60)} minutes.`,
    ...results.flatMap(section),
    '',
  ].join('\n');
}

function section({ suite, rows, plots }: SuiteResult): string[] {
  return [
    '',
    `## ${suite.title}`,
    '',
    suite.about,
    '',
    '| what | measured | promise | holds |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ what, measured, promise, holds }) => `| ${what} | ${measured} | ${promise ?? ''} | ${holds === undefined ? '' : holds ? 'yes' : 'no'} |`),
    ...plots.flatMap((plot) => ['', `![${plot.title}](benchmarks/${plotFile(plot)})`]),
  ];
}

function versions(): string {
  return peers.flatMap(([program, ...words]) => {
    const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
    const version = /\d+\.\d[\w.]*/.exec(stdout ?? '')?.[0];
    return status === 0 && version !== undefined ? [`, ${program} ${version}`] : [];
  }).join('');
}

function kernel(): string {
  return spawnSync('uname', ['-r'], { encoding: 'utf8' }).stdout.trim();
}
