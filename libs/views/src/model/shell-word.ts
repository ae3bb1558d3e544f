/**
 * A word for a shell to take as it is. Undefined for one that no line of text can hold: a control character would run, or
 * hide, something else than what is read.
 */
export function shellWord(word: string): string | undefined {
  if (/^[\w./@%+=:-]+$/.test(word)) return word;
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(word)) return undefined;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
