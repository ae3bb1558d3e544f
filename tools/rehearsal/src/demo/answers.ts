import { table } from '@icecore/lab';
import { z } from 'zod';
import { jsonObjects, mustIcecore } from '../command-line.ts';
import type { Story } from '../story.ts';

/** A saved question, with the columns of its answer that fit on a screen. */
export type AskedHunt = readonly [name: string, columns: readonly string[]];

export interface AnswersOptions {
  /** Of the capture, in the vault. */
  readonly key: string;
  /** Options that name the vault and the key that signs. */
  readonly place: readonly string[];
  /** Options that name the lake, where it is not the usual one. */
  readonly lake: readonly string[];
  readonly hunts: readonly AskedHunt[];
  readonly story: Story;
  readonly width: number;
}

const row = z.record(z.string(), z.unknown());
/** Most findings of an incident that are shown. */
const shownFindings = 8;

/** What the lake said. */
export interface Answers {
  readonly captureId: string;
  /** Rows about the capture, by the name of the hunt. */
  readonly found: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;
}

/** From sealed evidence to answers: verified, analysed, asked. Each is a command that can be given by hand. */
export async function answers({ key, place, lake, hunts, story, width }: AnswersOptions): Promise<Answers> {
  const command = (words: readonly string[]): void => {
    story.lines('');
    story.command('$ npx ', ['icecore', ...words]);
  };
  const id = captureName(key);

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
  story.step('asked', `Saved questions to the lake; the answers about capture ${captureId.slice(0, 12)}….`);
  const found = await Promise.all(hunts.map(async ([name]) => jsonObjects(await mustIcecore(['hunt', name, ...lake, '--json'], [0, 1])).map((each) => row.parse(each)).filter((each) => each['capture_id'] === captureId)));
  for (const [i, [name, columns]] of hunts.entries()) {
    command(['hunt', name, ...lake]);
    story.lines(...table([columns, ...(found[i] ?? []).map((each) => columns.map((column) => String(each[column] ?? '')))]).split('\n'));
  }

  return { captureId, found: new Map(hunts.map(([name], i) => [name, found[i] ?? []])) };
}

/** Last part of a capture's key, by which commands know it. */
export function captureName(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? key;
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
