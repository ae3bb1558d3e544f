import { stripVTControlCharacters } from 'node:util';

/** Columns before the text of a step: the time, and the word. */
const margin = 16;

/** Tells what happens, step by step, with the time since the beginning. */
export interface Story {
  /** Seconds since the beginning. */
  seconds(): number;
  /** A word for the step, and sentences, each on lines of its own. */
  step(word: string, ...sentences: string[]): void;
  /** Lines as they are, cut to the screen. */
  lines(...lines: string[]): void;
  /** A command as a shell takes it, over as many lines as it needs. */
  command(prompt: string, words: readonly string[]): void;
}

/** A story on a screen of so many columns. */
export function tellStory(write: (text: string) => void, width: number, now: () => number): Story {
  const begun = now();
  const seconds = (): number => (now() - begun) / 1000;
  return {
    seconds,
    step(word, ...sentences) {
      const told = sentences.flatMap((sentence) => wrapped(sentence, width - margin));
      told.forEach((line, i) => write(`${i === 0 ? `${seconds().toFixed(1).padStart(4)} s ${word.padEnd(margin - 7)}` : ' '.repeat(margin)}${line}\n`));
    },
    lines: (...lines) => lines.forEach((line) => write(`${cut(line, width)}\n`)),
    command(prompt, words) {
      const quoted = words.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `"${word}"`)).join(' ');
      const lines = wrapped(`${prompt}${quoted}`, width - prompt.length - 4);
      lines.forEach((line, i) => write(`${i === 0 ? '' : ' '.repeat(prompt.length + 2)}${line}${i === lines.length - 1 ? '' : ' \\'}\n`));
    },
  };
}

/** Broken at blanks; a word longer than the screen stays whole, so that it can be copied. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= width ? line : `${plain.slice(0, width - 1)}…`;
}
