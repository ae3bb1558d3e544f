import type { Redaction } from '@icecore/tables';

/** Text of the evidence, secrets masked. What was too long has its beginning, and the length of all of it in characters. */
export type EvidenceText = string | { readonly start: string; readonly length: number };

/** Longest text that a page shows whole, in characters. */
export const maxShownLength = 400;
/** Characters behind the shown ones that are looked at for secrets, so that one which the cut goes through is known. */
const lookAhead = 1 << 16;

/** Makes what a page may show of texts from the evidence. */
export interface TextMaker {
  text(value: string, most?: number): EvidenceText;
  /** The arguments of a process, as one line. */
  commandLine(words: readonly string[], most?: number): EvidenceText;
  variable(name: string, value: string): { readonly value: EvidenceText; readonly secret: string | undefined };
}

export function textMaker(redaction: Redaction): TextMaker {
  const text = (value: string, most = maxShownLength): EvidenceText => {
    // What stands behind the part that is looked at cannot change the shown part.
    const near = redaction.text(value.length > most + lookAhead ? value.slice(0, most + lookAhead) : value);
    return near.length <= most && value.length <= most + lookAhead ? near : { start: wholeCharacters(near, most), length: value.length };
  };
  return {
    text,
    commandLine: (words, most) => text(redaction.arguments(words.slice(0, 4096)).join(' '), most),
    variable(name, value) {
      const shown = redaction.variable(name, value.slice(0, maxShownLength + lookAhead));
      const fitted = text(shown.value);
      return { value: typeof fitted === 'string' && value.length <= maxShownLength + lookAhead ? fitted : { start: beginningOf(fitted), length: value.length }, secret: shown.secret?.type };
    },
  };
}

/** The text, or the beginning of one that was cut. */
export function beginningOf(text: EvidenceText): string {
  return typeof text === 'string' ? text : text.start;
}

function wholeCharacters(text: string, most: number): string {
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}
