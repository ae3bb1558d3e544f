import { table } from '@icecore/lab';
import { z } from 'zod';
import { jsonObjects, mustIcecore } from '../command-line.ts';
import type { Story } from '../story.ts';

export interface AnswersOptions {
  /** Of the capture, in the vault. */
  readonly key: string;
  readonly vault: string;
  readonly signingKey: string;
  /** Names the lake to commands, where it is not the usual one. */
  readonly lake: readonly string[];
  readonly story: Story;
  readonly width: number;
}

/** Saved questions, each with the columns of its answer that fit on a screen. */
const hunts: readonly (readonly [name: string, columns: readonly string[]])[] = [
  ['reverse-shells', ['pid', 'command_line', 'executable', 'remote_address', 'remote_port']],
  ['fileless-code', ['pid', 'comm', 'kind', 'what', 'bytes']],
  ['persistence', ['kind', 'path', 'mode_text', 'uid', 'size']],
];
const row = z.record(z.string(), z.unknown());
/** Most findings of an incident that are shown. */
const shownFindings = 8;

/** From sealed evidence to answers: verified, analysed, asked. Each is a command that can be given by hand. */
export async function answers({ key, vault, signingKey, lake, story, width }: AnswersOptions): Promise<void> {
  const command = (words: readonly string[]): void => {
    story.lines('');
    story.command('$ npx ', ['icecore', ...words]);
  };
  const place = ['--vault', vault, '--key', signingKey];
  const id = key.split('/').findLast((part) => part !== '') ?? key;

  const verify = ['verify', ...place];
  const verified = await mustIcecore(verify, [0], { width });
  story.step('checked', 'Archive, manifest, ledger and signatures, with no network:');
  command(verify);
  story.lines(...verified.trimEnd().split('\n').slice(0, 4).map((line) => line.trimEnd()), '');

  const analyze = ['analyze', ...place, ...lake, id];
  const analysed = await mustIcecore(analyze, [0, 4], { width });
  story.step('analysed', 'By the state machine that runs in AWS as well: verify, inventory, decode, scan, detect, tables, publish.');
  command(analyze);
  story.lines(...verdict(analysed));

  const captureId = /^ {2}capture ([0-9a-f]{32}),/m.exec(analysed)?.[1];
  if (captureId === undefined) throw new Error('the analysis told no id of the capture');
  story.lines('');
  story.step('asked', `Three of the saved questions, of capture ${captureId.slice(0, 12)}… in the lake.`);
  const found = await Promise.all(hunts.map(async ([name]) => jsonObjects(await mustIcecore(['hunt', name, ...lake, '--json'], [0, 1])).map((each) => row.parse(each)).filter((each) => each['capture_id'] === captureId)));
  for (const [i, [name, columns]] of hunts.entries()) {
    command(['hunt', name, ...lake]);
    story.lines(...table([columns, ...(found[i] ?? []).map((each) => columns.map((column) => String(each[column] ?? '')))]).split('\n'));
  }

  await mustIcecore(['analyze', 'samples', ...lake, '--json'], [0, 4]);
  story.lines('');
  story.step('done', 'The six archives of samples/ are in the lake as well. Now try:');
  for (const [what, words] of next(id, place, lake)) {
    story.lines(`  # ${what}`);
    story.command('  npx ', ['icecore', ...words]);
  }
}

function next(id: string, place: readonly string[], lake: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  return [
    ['the worst of all captures', ['query', ...lake, 'SELECT severity, container, pid, summary FROM findings ORDER BY severity_id DESC LIMIT 20']],
    ['who knew this address', ['hunt', ...lake, '--ioc', '10.88.0.1']],
    ['every finding with the bytes that show it', ['findings', 'samples/podman-attack.tar.zst']],
    ['who had the evidence in hands', ['evidence', 'show', ...place, id]],
    ['all of it in a browser', ['serve', ...lake]],
    ['your own: what podman, CRI-O or a kubelet wrote', ['analyze', ...lake, 'YOUR-CHECKPOINT.tar']],
  ];
}

/** What the summary of an analysis says of incidents: their titles and the gravest of their findings. */
function verdict(summary: string): string[] {
  const sections = summary.split('\n\n').filter((section) => /^ {2}(?:CRITICAL|HIGH) /.test(section));
  return sections.flatMap((section) => {
    const [title = '', ...lines] = section.split('\n');
    const grave = lines.filter((line) => /^ {4}(?:critical|high) /.test(line));
    const more = lines.filter((line) => /^ {4}(?:critical|high|medium|low|informational) /.test(line)).length - Math.min(grave.length, shownFindings);
    return [title, ...grave.slice(0, shownFindings), ...(more > 0 ? [`    and ${more} more`] : [])];
  });
}
