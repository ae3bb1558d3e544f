/** A piece of a pattern: text that must be there, `*` for any run of characters, or `?` for one. */
export type PatternPiece = { readonly text: string } | '*' | '?';

/** The pieces of a pattern as policies write it. */
export function patternOf(pattern: string): readonly PatternPiece[] {
  return pattern.split(/([*?])/).flatMap((part): PatternPiece[] => (part === '*' || part === '?' ? [part] : part === '' ? [] : [{ text: part }]));
}

/** True where the whole text fits the pattern. Takes time in proportion to text times pattern at most. */
export function fits(pieces: readonly PatternPiece[], text: string): boolean {
  const units = pieces.flatMap((piece): (string | { readonly any: '*' | '?' })[] => (typeof piece === 'string' ? [{ any: piece }] : [...piece.text]));
  const characters = [...text];
  let unit = 0;
  let at = 0;
  let star: { readonly unit: number; at: number } | undefined;
  while (at < characters.length) {
    const wanted = units[unit];
    if (typeof wanted === 'object' && wanted.any === '*') {
      star = { unit, at };
      unit += 1;
    } else if (wanted !== undefined && (typeof wanted === 'object' || wanted === characters[at])) {
      unit += 1;
      at += 1;
    } else if (star !== undefined) {
      star.at += 1;
      at = star.at;
      unit = star.unit + 1;
    } else return false;
  }
  return units.slice(unit).every((rest) => typeof rest === 'object' && rest.any === '*');
}
