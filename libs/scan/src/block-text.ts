import type { TextEncodingName } from './hits.ts';

/** Text around a place in a block, and the way back from its characters to the bytes. */
export interface TextWindow {
  readonly text: string;
  /** Index in `text` of the place that was asked for. */
  readonly at: number;
  readonly encoding: TextEncodingName;
  /** Offset in the block's buffer of a character of `text`, in bytes. */
  byteAt(index: number): number;
  /** Bytes that so many characters take. */
  bytesOf(characters: number): number;
}

/** Where the kernel met something: see `EventHandler`. */
export interface TextPlace {
  readonly wide: boolean;
  readonly offset: number;
  readonly character: number;
}

/** The text from `before` characters before a place to `after` behind it, as Latin-1, or from a UTF-16LE run as far as it goes. */
export function windowAt(buffer: Buffer, length: number, place: TextPlace, before: number, after: number): TextWindow {
  if (!place.wide) {
    const from = Math.max(0, place.offset - before);
    const text = buffer.toString('latin1', from, Math.min(length, place.offset + after));
    return { text, at: place.offset - from, encoding: 'ascii', byteAt: (index) => from + index, bytesOf: (characters) => characters };
  }
  const first = Math.max(0, place.character - before);
  const start = place.offset + 2 * first;
  let end = place.offset + 2 * place.character;
  const most = Math.min(length - 1, end + 2 * after);
  while (end < most && buffer[end + 1] === 0 && isPrintable(buffer[end] ?? 0)) end += 2;
  const text = buffer.toString('utf16le', start, end);
  return { text, at: place.character - first, encoding: 'utf-16le', byteAt: (index) => start + 2 * index, bytesOf: (characters) => 2 * characters };
}

export function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9;
}

/** The printable run that holds a place of a window's text, at most `most` characters of it on either side. */
export function lineAround({ text, at }: TextWindow, most: number): { readonly start: number; readonly line: string } {
  let start = at;
  while (start > 0 && at - start < most && isPrintable(text.charCodeAt(start - 1))) start -= 1;
  let end = at;
  while (end < text.length && end - at < most && isPrintable(text.charCodeAt(end))) end += 1;
  return { start, line: text.slice(start, end) };
}
