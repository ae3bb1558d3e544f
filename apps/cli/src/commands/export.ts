import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CaseFileSet, csvLines, detectionFindings, isExportError, markdownReport, readCase, securityLakeFiles, stixBundle, timesketchLines } from '@icecore/exports';
import type { QueryEngine } from '@icecore/lake';
import { command, UsageError } from '../command.ts';
import { engineOptions, openEngine } from '../engine.ts';
import { exitCodes } from '../exit-codes.ts';
import { productVersion } from '../version.ts';

const formats = ['ocsf', 'ocsf-parquet', 'timesketch', 'csv', 'stix', 'markdown'] as const;
type Format = (typeof formats)[number];

/** `icecore export`: findings in the forms that other tools read. */
export const exportCommand = command({
  name: 'export',
  summary: 'Write findings, indicators and times of the lake as OCSF, for Timesketch, as CSV, STIX or Markdown.',
  arguments: '[CAPTURE…]',
  count: [0, 1000],
  options: {
    format: { type: 'string', value: 'FORMAT', summary: `${formats.join(', ')}` },
    output: { type: 'string', short: 'o', value: 'PATH', summary: 'a file that does not exist yet; for ocsf-parquet a folder; the screen otherwise' },
    ...engineOptions,
    source: { type: 'string', value: 'NAME', summary: 'ocsf-parquet: name of the custom source (default icecore)' },
    region: { type: 'string', value: 'REGION', summary: 'ocsf-parquet: region of Security Lake (default us-east-1)' },
    account: { type: 'string', value: 'ACCOUNT', summary: 'ocsf-parquet: account that it is about, 12 digits (default external_icecore)' },
  },
  examples: [
    ['icecore export --format markdown -o report.md', 'a report of everything in the lake'],
    ['icecore export --format ocsf 3f2a', 'the capture whose id begins with 3f2a, as OCSF 1.3 Detection Findings, one a line'],
    ['icecore export --format ocsf-parquet -o out --region eu-central-1 --account 111122223333', 'in the layout of a custom source of Security Lake'],
  ],
  async run({ arguments: captures, options, terminal }) {
    const format = formats.find((each) => each === options.format);
    if (format === undefined) throw new UsageError(`needs --format, one of ${formats.join(', ')}`);
    if (format === 'ocsf-parquet' && options.output === undefined) throw new UsageError('ocsf-parquet needs --output FOLDER');
    const set = await caseOf(await openEngine(options, terminal), captures);
    if (format === 'ocsf-parquet') {
      const source = { source: options.source ?? 'icecore', region: options.region ?? 'us-east-1', accountId: options.account ?? 'external_icecore' };
      await writeFiles(asUsage(() => securityLakeFiles(detectionFindings(set, { version: productVersion }), source)), options.output ?? '.');
    } else if (options.output === undefined) {
      for (const line of linesOf(format, set)) await terminal.line(line);
    } else {
      await writeFile(options.output, `${[...linesOf(format, set)].join('\n')}\n`, { flag: 'wx', mode: 0o600 });
    }
    terminal.note(`${set.findings.length} findings of ${set.captures.length} captures`);
    return set.captures.length === 0 ? exitCodes.no : exitCodes.done;
  },
});

function linesOf(format: Exclude<Format, 'ocsf-parquet'>, set: CaseFileSet): Iterable<string> {
  switch (format) {
    case 'ocsf':
      return detectionFindings(set, { version: productVersion }).map((finding) => JSON.stringify(finding));
    case 'timesketch':
      return timesketchLines(set);
    case 'csv':
      return csvLines(set);
    case 'stix':
      return [JSON.stringify(stixBundle(set), null, 2)];
    case 'markdown':
      return [markdownReport(set).trimEnd()];
  }
}

async function caseOf(engine: QueryEngine, captures: readonly string[]): Promise<CaseFileSet> {
  try {
    return await readCase(engine, captures);
  } catch (error) {
    if (isExportError(error) && error.code !== 'invalid_lake') throw new UsageError(error.message);
    throw error;
  } finally {
    await engine.close();
  }
}

async function writeFiles(files: readonly { readonly path: string; readonly bytes: Uint8Array }[], folder: string): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', mode: 0o600 });
  }
}

function asUsage<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
