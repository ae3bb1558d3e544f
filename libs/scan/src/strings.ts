import { type Gap, gapOf, isDamageError } from '@icecore/bytes';
import { secretsAt } from '@icecore/secrets';
import { anchorRoles } from './anchors.ts';
import { windowAt } from './block-text.ts';
import type { HitPlace, TextEncodingName } from './hits.ts';
import { eventKind, textKernel } from './kernel/text-kernel.ts';
import { blockBytes, marginBytes, type Stretch } from './stretch.ts';

/** Printable characters in a row. */
export interface PrintableRun {
  readonly place: HitPlace;
  readonly encoding: TextEncodingName;
  /** One character each; an asterisk for each that belongs to a secret. */
  readonly text: string;
  /** The run goes on from the one before it, which was too long to be given at once. */
  readonly continued: boolean;
}

/** The runs that begin in one piece of a stretch, by their place. */
export interface PrintablePiece {
  readonly runs: readonly PrintableRun[];
  readonly scannedBytes: number;
  /** Why the piece could not be read. */
  readonly gap: Gap | undefined;
}

export interface PrintableOptions {
  /** Values that are secrets wherever they stand, besides those that their form tells. */
  readonly known: readonly string[];
  /** Characters of the shortest run; 6, which is the least, where it is not given. */
  readonly least?: number;
}

/** Least characters that `least` may be. */
export const leastRunCharacters = 6;

/**
 * All printable runs of a stretch, ASCII (with tabs) and UTF-16LE, as `strings -a -n 6` and `strings -el` find them, piece by
 * piece. Holds one piece at a time. What cannot be read is a gap of its piece.
 */
export async function* printableRuns(stretches: Iterable<Stretch>, { known, least = leastRunCharacters }: PrintableOptions): AsyncGenerator<PrintablePiece> {
  const roles = anchorRoles([]);
  const kernel = textKernel(blockBytes + 2 * marginBytes, roles.map(({ anchor }) => anchor), []);
  const needles = known.flatMap((value) => [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')]).filter(({ length }) => length > 0);
  for (const stretch of stretches) {
    /** Where what was given ends, by encoding: a run that goes on behind it is continued from there. */
    const given = { ascii: 0, 'utf-16le': 0 };
    for (let start = 0; start < stretch.length; start += blockBytes) {
      const end = Math.min(stretch.length, start + blockBytes);
      const from = Math.max(0, start - marginBytes);
      const length = Math.min(stretch.length, end + marginBytes) - from;
      const found: FoundRun[] = [];
      const scannedBytes = end - start;
      try {
        await stretch.read(kernel.buffer.subarray(0, length), from);
      } catch (error) {
        if (!isDamageError(error)) throw error;
        yield { runs: [], scannedBytes, gap: gapOf(`${scannedBytes} bytes of ${stretch.subject}`, error) };
        continue;
      }
      const hidden: [start: number, end: number][] = [];
      kernel.scan(length, (kind, wide, offset, size, id, character) => {
        if (kind === eventKind.run) found.push({ start: offset, end: offset + size, encoding: 'ascii' });
        else if (kind === eventKind.wideRun) found.push({ start: offset, end: offset + 2 * size, encoding: 'utf-16le' });
        else if (kind === eventKind.anchor) {
          const role = roles[id];
          if (role?.secret !== true) return;
          const window = windowAt(kernel.buffer, length, { wide, offset, character }, role.before, role.after);
          for (const secret of secretsAt(window.text, role.anchor, window.at)) hidden.push([window.byteAt(secret.start), window.byteAt(secret.start) + window.bytesOf(secret.end - secret.start)]);
        }
      });
      const bytes = kernel.buffer.subarray(0, length);
      for (const needle of needles) for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length)) hidden.push([at, at + needle.length]);
      const runs: PrintableRun[] = [];
      for (const run of found.sort((a, b) => a.start - b.start)) {
        const first = from + run.start;
        if (first >= end) continue;
        const begin = Math.max(first, start, given[run.encoding]);
        if (begin >= from + run.end) continue;
        const continued = begin > first;
        given[run.encoding] = from + run.end;
        const part: FoundRun = { ...run, start: begin - from };
        const text = textOf(bytes, part, hidden);
        if (continued || text.length >= least) runs.push({ place: stretch.placeOf(begin), encoding: run.encoding, text, continued });
      }
      yield { runs, scannedBytes, gap: undefined };
    }
  }
}

interface FoundRun {
  readonly start: number;
  readonly end: number;
  readonly encoding: TextEncodingName;
}

function textOf(bytes: Buffer, { start, end, encoding }: FoundRun, hidden: readonly (readonly [number, number])[]): string {
  const width = encoding === 'ascii' ? 1 : 2;
  const text = bytes.toString(encoding === 'ascii' ? 'latin1' : 'utf16le', start, end);
  const within = hidden.filter(([from, to]) => from < end && to > start);
  if (within.length === 0) return text;
  const characters = [...text];
  for (const [from, to] of within) characters.fill('*', Math.max(0, Math.floor((from - start) / width)), Math.min(characters.length, Math.ceil((to - start) / width)));
  return characters.join('');
}
