import { createLiteralKernel } from './search-kernel.ts';
import type { SearchPattern } from './search.ts';

export interface Match {
  readonly offset: number;
  readonly length: number;
  readonly encoding: 'utf-8' | 'utf-16le' | 'bytes';
}

/** Finds a pattern in a buffer that the caller fills. */
export interface Finder {
  readonly buffer: Uint8Array;
  /** Bytes that are searched at once; `buffer` takes what follows them too. */
  readonly windowBytes: number;
  /** Length of the longest match, in bytes. */
  readonly maxLength: number;
  /** The finder can be let loose on spans that only lie next to each other in the file. */
  readonly acrossSpans: boolean;
  /** Matches may overlap; else the search goes on behind the last one. */
  readonly overlapping: boolean;
  /** Matches that begin in [from, scanLength), in order; they may reach up to `availableLength`. */
  find(scanLength: number, availableLength: number, from: number): Iterable<Match>;
}

export function literalFinder(pattern: Exclude<SearchPattern, { kind: 'regex' }>, windowBytes: number): Finder {
  const forms: { bytes: Uint8Array; encoding: Match['encoding'] }[] =
    pattern.kind === 'bytes'
      ? [{ bytes: pattern.bytes, encoding: 'bytes' }]
      : [
          { bytes: new Uint8Array(Buffer.from(pattern.text, 'utf8')), encoding: 'utf-8' },
          { bytes: new Uint8Array(Buffer.from(pattern.text, 'utf16le')), encoding: 'utf-16le' },
        ];
  const maxLength = Math.max(...forms.map(({ bytes }) => bytes.length));
  const ignoreCase = pattern.kind === 'literal' && pattern.ignoreCase;
  const kernel = createLiteralKernel(
    forms.map(({ bytes }) => bytes),
    { bufferBytes: windowBytes + 2 * maxLength, ignoreCase },
  );
  return {
    buffer: kernel.buffer,
    windowBytes,
    maxLength,
    acrossSpans: true,
    overlapping: true,
    find: (scanLength, availableLength) =>
      kernel.find(scanLength, availableLength).map(({ offset, pattern: index }) => {
        const { bytes, encoding } = forms[index]!;
        return { offset, length: bytes.length, encoding };
      }),
  };
}

/** Longest match of a regular expression that is found whole. */
export const maxRegexMatchBytes = 4096;

export function regexFinder(expression: RegExp, windowBytes: number): Finder {
  const flags = [...new Set([...expression.flags.replace(/[yu]/g, ''), 'g'])].join('');
  const global = new RegExp(expression.source, flags);
  const buffer = Buffer.alloc(windowBytes + 2 * maxRegexMatchBytes);
  return {
    buffer,
    windowBytes,
    maxLength: maxRegexMatchBytes,
    acrossSpans: false,
    overlapping: false,
    *find(scanLength, availableLength, from) {
      const text = buffer.toString('latin1', 0, availableLength);
      const matches: Match[] = [];
      for (const { index, length } of matchesOf(global, text, from, scanLength)) matches.push({ offset: index, length, encoding: 'utf-8' });
      for (const run of text.matchAll(wideRun)) {
        const narrow = run[0].replaceAll('\0', '');
        for (const { index, length } of matchesOf(global, narrow, 0, narrow.length)) {
          const offset = run.index + 2 * index;
          if (offset >= from && offset < scanLength) matches.push({ offset, length: 2 * length, encoding: 'utf-16le' });
        }
      }
      yield* matches.sort((a, b) => a.offset - b.offset);
    },
  };
}

/** Printable characters, each followed by a zero byte: UTF-16LE text in the Latin range. */
const wideRun = /(?:[\t\n\r\x20-\x7e\xa0-\xff]\0){3,}/g;

function* matchesOf(expression: RegExp, text: string, from: number, until: number): Generator<{ index: number; length: number }> {
  expression.lastIndex = from;
  for (let found = expression.exec(text); found !== null && found.index < until; found = expression.exec(text)) {
    const { length } = found[0];
    if (length === 0) expression.lastIndex += 1;
    else if (length <= maxRegexMatchBytes) yield { index: found.index, length };
  }
}
