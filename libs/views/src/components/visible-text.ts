/** A piece of text as it is shown: as it is, or the name of characters that would not be seen or would move others. */
export type TextPiece = { readonly kind: 'plain' | 'mark'; readonly text: string };

/**
 * Characters that are named, not shown: controls, format characters (bidirectional ones among them), lone surrogates,
 * unassigned code points, spaces besides U+0020, fillers that look like nothing, and combining marks beyond four on a letter.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0\u2800]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|(?<=\p{M}{4})\p{M}+|^ +| +$| {2,}/gu;

/** Most texts are of printable ASCII with single spaces between words, which one look tells. */
const isPlain = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

const names: Readonly<Record<number, string>> = { 0: 'NUL', 7: 'BEL', 8: 'BS', 9: 'TAB', 10: 'LF', 11: 'VT', 12: 'FF', 13: 'CR', 27: 'ESC', 127: 'DEL' };

/**
 * Text of the evidence as pieces, in order. With `lines`, for text that keeps its lines, what puts it on lines stays as it is: line
 * ends, tabs, and spaces.
 */
export function visiblePieces(text: string, { lines = false } = {}): readonly TextPiece[] {
  if (isPlain.test(text)) return [{ kind: 'plain', text }];
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(unseen)) {
    if (lines && /^[ \n\t]/.test(match[0])) continue;
    if (match.index > end) pieces.push({ kind: 'plain', text: text.slice(end, match.index) });
    pieces.push({ kind: 'mark', text: nameOf(match[0]) });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ kind: 'plain', text: text.slice(end) });
  return pieces;
}

/** The same as one string, for where only text can stand: titles, labels. Its own direction does not reach beyond it. */
export function visibleString(text: string): string {
  const shown = visiblePieces(text).map((piece) => piece.text).join('');
  // FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
  return /^[\x20-\x7e⟨⟩␣…‹›]*$/.test(shown) ? shown : `\u2068${shown}\u2069`;
}

function nameOf(found: string): string {
  if (found.startsWith(' ')) return '␣'.repeat(Math.min(found.length, 16)) + (found.length > 16 ? `⟨${found.length} spaces⟩` : '');
  const code = found.codePointAt(0) ?? 0;
  if (/^\p{M}+$/u.test(found) && found.length > 1) return `⟨${found.length} marks⟩`;
  // A byte that is not UTF-8 stands as U+DC80 to U+DCFF.
  if (code >= 0xdc80 && code <= 0xdcff) return `⟨byte ${(code - 0xdc00).toString(16)}⟩`;
  return `⟨${names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}⟩`;
}
