import { type Gap, hex, visible } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import { type HitPlace, leastRunCharacters, planScan, type PrintableRun, printableRuns, type Stretch } from '@icecore/scan';
import { command, UsageError } from '../command.ts';
import { evidenceOptions, openEvidence, processOf, reportDamage } from '../evidence.ts';
import { rememberedSecrets } from '../masking.ts';
import { numberOf } from './search.ts';

/** `icecore strings`: all text of a capture, and where it is. */
export const strings = command({
  name: 'strings',
  summary: 'Print all text in the memory of the processes and in the files, queues and logs of the archive, with its place.',
  arguments: 'ARCHIVE',
  count: [1, 1],
  options: {
    pid: { type: 'string', value: 'PID', summary: 'only the memory of this process' },
    memory: { type: 'boolean', summary: 'only memory, no files, queues and logs' },
    least: { type: 'string', value: 'CHARACTERS', short: 'n', summary: `shortest text (default ${leastRunCharacters}, which is the least)` },
    encoding: { type: 'string', value: 'NAME', summary: 'only ascii, or only utf-16le' },
    json: { type: 'boolean', summary: 'as JSON, one object a text' },
    ...evidenceOptions,
  },
  examples: [
    ['icecore strings samples/podman-attack.tar.zst | grep -i stratum', 'mining pools, and whose memory they are in'],
    ['icecore strings --pid 22 samples/podman-attack.tar.zst', 'what one process had in mind'],
  ],
  async run({ arguments: [path = ''], options, terminal }) {
    const least = options.least === undefined ? leastRunCharacters : numberOf(options.least, '--least');
    if (least < leastRunCharacters) throw new UsageError(`--least takes ${leastRunCharacters} or more, not ${least}`);
    const { encoding } = options;
    if (encoding !== undefined && encoding !== 'ascii' && encoding !== 'utf-16le') throw new UsageError(`--encoding takes ascii or utf-16le, not ${encoding}`);
    await using evidence = await openEvidence(path, options.parent, terminal);
    const { snapshot, archive } = evidence;
    const pid = options.pid === undefined ? undefined : processOf(snapshot, options.pid).pid;
    const plan = await planScan(snapshot, archive);
    const wanted = plan.stretches.filter((stretch) => isWanted(stretch, pid, options.memory === true));
    const total = wanted.reduce((sum, { length }) => sum + length, 0);
    const gaps: Gap[] = [...snapshot.gaps];
    let done = 0;
    for await (const { runs, scannedBytes, gap } of printableRuns(wanted, { known: rememberedSecrets(), least })) {
      if (gap !== undefined) gaps.push(gap);
      const shown = runs.filter((run) => encoding === undefined || run.encoding === encoding);
      if (shown.length > 0) {
        terminal.progress(undefined);
        if (options.json === true) for (const run of shown) await terminal.json(asJson(run));
        else await terminal.line(shown.map((run) => `${placeText(run.place, pid)}  ${visible(run.text)}`).join('\n'));
      }
      done += scannedBytes;
      terminal.progress(`reading, ${Math.floor((100 * done) / Math.max(1, total))} %`);
    }
    terminal.progress(undefined);
    return reportDamage(gaps, terminal);
  },
});

function isWanted({ length, placeOf }: Stretch, pid: number | undefined, memoryOnly: boolean): boolean {
  if (length === 0) return false;
  const place = placeOf(0);
  if (pid !== undefined) return place.kind === 'memory' && place.owners.some((owner) => owner.pid === pid);
  return !memoryOnly || place.kind === 'memory';
}

/** Whose memory and at which address, or which file and at which offset. */
function placeText(place: HitPlace, pid: number | undefined): string {
  if (place.kind === 'file') return `${visible(place.path)}+${hex(place.offset)}`;
  if (place.kind === 'queue') return `${visible(place.subject)}+${hex(place.offset)}`;
  const [first] = place.owners;
  const owner = place.owners.find((each) => pid !== undefined && each.pid === pid) ?? first;
  const others = place.owners.length > 1 ? ` (and ${place.owners.length - 1} more)` : '';
  return `${owner?.pid ?? 'nobody'} ${hex(owner?.address ?? 0n)} ${place.region}${others}`;
}

function asJson({ place, encoding, text, continued }: PrintableRun): JsonValue {
  return { ...whereOf(place), offset: place.offset, encoding, continued, text };
}

function whereOf(place: HitPlace): Readonly<Record<string, JsonValue>> {
  if (place.kind === 'file') return { path: place.path, origin: place.origin, entry: place.entry };
  if (place.kind === 'queue') return { queue: place.subject, image: place.image };
  const { owners, region, permissions, image } = place;
  return { owners: owners.map(({ pid, address }) => ({ pid: pid ?? null, address: hex(address) })), region, permissions, image };
}
