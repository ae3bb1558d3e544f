import { type ByteSource, bytesToHex, decodeTextExactly, readInto } from '@icecore/bytes';
import { redactKnown, type SecretKey } from '@icecore/secrets';
import type { FileContentAnswer } from '../contract/answers.ts';
import { RequestError } from './errors.ts';
import { hiddenRanges } from './memory.ts';
import type { OpenedEvidence } from './shelf.ts';

/** Bytes of a file that are shown. */
const previewBytes = 64 * 1024;

/** Finds the content of a row of the table `files`. */
export async function contentOf({ snapshot }: OpenedEvidence, path: string, source: string): Promise<ByteSource> {
  const changed = (await snapshot.changedFiles()).files.find((file) => file.path === path && file.origin === source && file.entry?.type === 'file');
  const content = changed?.entry?.source ?? (await snapshot.hiddenFiles()).find((file) => file.path === path)?.source;
  if (content === undefined) throw new RequestError('unknown', 'The archive holds no content of this file.');
  return content;
}

/** The beginning of a file, in hex and, where it is text, as text; secrets masked. */
export async function previewOf(evidence: OpenedEvidence, path: string, source: string, key: SecretKey): Promise<FileContentAnswer> {
  const content = await contentOf(evidence, path, source);
  const bytes = new Uint8Array(Math.min(content.size, previewBytes));
  await readInto(content, bytes, 0);
  const hidden = hiddenRanges([new Uint8Array(), bytes, new Uint8Array()], evidence.known);
  const shown = Uint8Array.from(bytes);
  for (const [a, b] of hidden) shown.fill(0, a, b);
  const text = textOf(bytes, bytes.length < content.size);
  return { path, size: content.size, hex: bytesToHex(shown), hidden, text: text === undefined || text.includes('\0') ? null : redactKnown(text, evidence.known, key), evidence: evidence.place.from };
}

/** Bytes as text, where they are text. Of a beginning the last line that is whole is the end, or the last character of a line that has no end. */
function textOf(bytes: Uint8Array, beginning: boolean): string | undefined {
  if (!beginning) return decodeTextExactly(bytes);
  const lines = bytes.lastIndexOf(10) + 1;
  if (lines > 0) return decodeTextExactly(bytes.subarray(0, lines));
  // A character of UTF-8 has four bytes at most.
  for (let cut = 0; cut < 4; cut += 1) {
    const text = decodeTextExactly(bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
}
