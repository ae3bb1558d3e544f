import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { writeLargeArchive } from '../large-archive.ts';
import { bestOfRounds, type CommandLine } from '../measure.ts';
import type { Bench, Suite } from '../suite.ts';
import { sample } from './triage.ts';

const rounds = 5;
/** Fifty rules of the kinds that people write. */
const rules = 'tools/bench/rules/containers.yar';

/** Bundles the scan as the icecore command is bundled, so that loading sources is not what is measured. Gives the path of the program. */
async function bundledScan(folder: string): Promise<string> {
  await build({
    entryPoints: ['tools/bench/src/scan-run.ts', 'libs/local/src/scan-worker-entry.ts'],
    outdir: folder,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22.15',
    supported: { 'dynamic-import': false },
    minify: true,
    external: ['@duckdb/node-api', '@litko/*'],
    logLevel: 'error',
    logOverride: { 'empty-import-meta': 'silent' },
  });
  const program = join(folder, 'scan.cjs');
  writeFileSync(program, "require('node:module').enableCompileCache(require('node:path').join(__dirname, '.cache'));\nrequire('./scan-run.cjs');\n");
  return program;
}

/** The memory scan: against `strings`, against `yara`, and in two threads. */
export const scan: Suite = {
  id: 'scan',
  title: 'Memory scan',
  about: `Strings, indicators, secrets and magics in one pass over 1 GiB of memory, against \`strings -a -n 6 ARCHIVE\` and \`yara -w ${rules} ARCHIVE\`, one core against one core, ${rounds} rounds.`,
  async run(bench) {
    const archive = join(bench.folder, 'memory.tar');
    await writeLargeArchive(sample, archive, 2 ** 30);
    // Within the workspace, where the packages that the bundle leaves out are found.
    mkdirSync('.icecore', { recursive: true });
    const folder = mkdtempSync(join('.icecore', 'bench-'));
    try {
      await measure(archive, folder, bench);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const times = (a: number, b: number): string => `${a.toFixed(2)} s against ${b.toFixed(2)} s, ${(b / a).toFixed(1)} times`;

async function measure(archive: string, folder: string, { promise, tell, miss }: Bench): Promise<void> {
  const program = await bundledScan(folder);
  const check = spawnSync(process.execPath, [program, archive]);
  if (check.status !== 0) throw new Error(`the scan failed: ${check.stderr.toString()}`);
  const run = (...words: string[]): CommandLine => [process.execPath, program, archive, ...words];
  const strings: CommandLine = ['strings', '-a', '-n', '6', archive];
  const [scanSeconds = 0, stringsSeconds = 0, twoSeconds = 0, oneSeconds = 0, twiceStrings = 0, twiceScan = 0] = bestOfRounds([run(), strings, run('--workers', '2'), run('--workers', '1'), twice(strings), twice(run('--workers', '1'))], rounds);
  promise('strings, indicators, secrets and magics of 1 GiB on one core, against `strings -a -n 6`', times(scanSeconds, stringsSeconds), 'at least 4 times', stringsSeconds >= 4 * scanSeconds);
  promise('the same in two threads, against one', times(twoSeconds, oneSeconds), 'at least 1.7 times', oneSeconds >= 1.7 * twoSeconds);
  const [one, two] = [bestMoments(run('--workers', '1')), bestMoments(run('--workers', '2'))];
  tell('of that, from the first range to the last result', times(two.scanning, one.scanning));
  tell('of that, until the first range: start, opening, compiling', `${two.opening.toFixed(2)} s and ${one.opening.toFixed(2)} s`);
  tell('what this machine gives: two `strings` at once, each of all, against one', twiceAgainstOnce(twiceStrings, stringsSeconds));
  tell('what this machine gives: two such scans at once, each of all in a process of its own, against one', twiceAgainstOnce(twiceScan, oneSeconds));
  if (spawnSync('yara', ['--version']).status !== 0) {
    miss('with 50 YARA rules, against the `yara` command', 'there is no yara command');
    return;
  }
  const [withRules = 0, yaraSeconds = 0] = bestOfRounds([run('--yara', rules), ['yara', '-w', rules, archive]], rounds);
  promise('with 50 YARA rules, all of the above too, against the `yara` command', times(withRules, yaraSeconds), 'at least 3 times', yaraSeconds >= 3 * withRules);
}

/** Two of a program at once; what they write is not read, for one reader would hold both up. */
function twice(command: CommandLine): CommandLine {
  return ['bash', '-c', '"$@" > /dev/null & "$@" > /dev/null & wait', 'bash', ...command];
}

function twiceAgainstOnce(twoAtOnce: number, one: number): string {
  return `${twoAtOnce.toFixed(2)} s against ${one.toFixed(2)} s, ${((2 * one) / twoAtOnce).toFixed(1)} times the work in a time`;
}

const momentsOfRun = z.object({ opened: z.number(), scanned: z.number() });

/** The best of rounds, each part for itself, as the program tells them; in seconds. */
function bestMoments([program, ...words]: CommandLine): { readonly opening: number; readonly scanning: number } {
  const told = Array.from({ length: rounds }, () => momentsOfRun.parse(JSON.parse(spawnSync(program, words).stdout.toString())));
  return { opening: Math.min(...told.map(({ opened }) => opened)), scanning: Math.min(...told.map(({ opened, scanned }) => scanned - opened)) };
}
