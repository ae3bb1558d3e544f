import { findSecrets, secretGroups } from './match.ts';

/** Where secrets stand in bytes: [start, end) in bytes, ascending; ranges may overlap. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The secrets in bytes, as one-byte text and as UTF-16LE from even and odd offsets, and values that are known. */
export function secretRanges(bytes: Uint8Array, known: readonly string[] = []): readonly ByteRange[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ranges: ByteRange[] = textRanges(buffer.toString('latin1'), 1, 0);
  for (const odd of [0, 1]) {
    const wide = wideText(buffer, odd);
    if (wide !== undefined) ranges.push(...textRanges(wide, 2, odd));
  }
  for (const value of known) {
    for (const needle of [Buffer.from(value, 'utf8'), Buffer.from(value, 'utf16le')]) {
      for (let at = buffer.indexOf(needle); at !== -1; at = buffer.indexOf(needle, at + needle.length)) ranges.push({ start: at, end: at + needle.length });
    }
  }
  return ranges.sort((a, b) => a.start - b.start || a.end - b.end);
}

function textRanges(text: string, width: number, offset: number): ByteRange[] {
  return secretGroups(text).map(({ start, end }) => ({ start: start * width + offset, end: end * width + offset }));
}

/** UTF-16LE read as one character for two bytes, characters beyond U+00FF as NUL; undefined where hardly any is text. */
function wideText(buffer: Buffer, odd: number): string | undefined {
  const characters = Buffer.alloc((buffer.length - odd) >> 1);
  let letters = 0;
  for (let i = 0; i < characters.length; i++) {
    const low = buffer[odd + 2 * i] ?? 0;
    if (buffer[odd + 2 * i + 1] !== 0 || low === 0) continue;
    characters[i] = low;
    letters += 1;
  }
  return letters < 8 ? undefined : characters.toString('latin1');
}

/** A copy with an asterisk for each byte of a secret; the bytes themselves where they hold none. */
export function maskBytes(bytes: Uint8Array, known: readonly string[] = []): Uint8Array {
  const ranges = secretRanges(bytes, known);
  if (ranges.length === 0) return bytes;
  const masked = Uint8Array.from(bytes);
  for (const { start, end } of ranges) masked.fill(0x2a, start, end);
  return masked;
}

/** True where a text holds a secret by its form. */
export function holdsSecret(text: string): boolean {
  return findSecrets(text).length > 0;
}
