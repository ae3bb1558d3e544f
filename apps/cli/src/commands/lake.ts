import { compactLake, type CompactReport } from '@icecore/lake';
import { allTables } from '@icecore/tables';
import { command, UsageError } from '../command.ts';
import { defaultLake } from '../engine.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { isCloud, openLake } from '../vault.ts';

/** Longest time that a query of Athena may take, twice over: compacted parts rest so long before the next step. */
const cloudGraceSeconds = 12 * 3600;

/** Parts that are left as they are, of which so many are named. */
const shownLeft = 20;

/** `icecore lake compact`: many small parts become few large ones, so that questions stay fast. */
export const lake = command({
  name: 'lake',
  summary: 'Keep the lake fast to ask: compact moves the rows of many small parts into few large ones. What it answers stays the same.',
  arguments: 'compact',
  count: [1, 1],
  options: {
    lake: { type: 'string', value: 'FOLDER|s3://BUCKET/FOLDER', summary: `the lake (default ${defaultLake})` },
    grace: { type: 'string', value: 'SECONDS', summary: 'how long a query may take: parts rest so long before they count and before they go (default 0 for a folder, 43200 for a bucket)' },
    json: { type: 'boolean', summary: 'what was done, as JSON' },
  },
  examples: [
    ['icecore lake compact', 'the lake of this folder; what it was made from goes at once'],
    ['icecore lake compact --lake s3://icecore-lake-111111111111-eu-west-1', 'a lake in AWS: the first run writes, the next one switches, the third removes'],
  ],
  async run({ arguments: [action], options, terminal }) {
    if (action !== 'compact') throw new UsageError(`knows compact, not ${action ?? ''}`);
    const place = options.lake ?? defaultLake;
    const graceSeconds = options.grace === undefined ? (isCloud(place) ? cloudGraceSeconds : 0) : secondsOf(options.grace);
    const report = await compactLake({
      store: await openLake(place),
      tables: allTables,
      clock: () => new Date(),
      graceSeconds,
      onProgress: (done, total) => terminal.progress(`compacting day ${done + 1} of ${total}`),
    });
    terminal.progress(undefined);
    if (options.json === true) await terminal.json({ ...report, left: report.left.map((each) => ({ ...each })) });
    else await print(report, place, terminal);
    return report.left.length === 0 ? exitCodes.done : exitCodes.partial;
  },
});

async function print({ written, inputParts, outputParts, switched, removedParts, waiting, left }: CompactReport, place: string, terminal: Terminal): Promise<void> {
  if (written + switched + removedParts + waiting === 0) await terminal.line(`Nothing to compact in ${place}`);
  if (written > 0) await terminal.line(`${count(inputParts, 'part')} became ${outputParts}, in ${count(written, 'compaction')}`);
  if (switched > 0) await terminal.line(`${count(switched, 'compaction')} count from now on`);
  if (removedParts > 0) await terminal.line(`${count(removedParts, 'part')} removed, whose rows lie in others`);
  if (waiting > 0) await terminal.line(`${count(waiting, 'compaction')} wait for queries that may be running; run this again later`);
  for (const { path, reason } of left.slice(0, shownLeft)) terminal.note(`left as it is: ${path}: ${reason}`);
  if (left.length > shownLeft) terminal.note(`and ${left.length - shownLeft} more, which --json names`);
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function secondsOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`--grace ${text} is no number of seconds`);
  return Number(text);
}
