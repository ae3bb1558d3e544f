import { inTurn, type Line } from './pattern.ts';

/** A pattern as it is read, symbol by symbol: the characters of an expression, or the tokens of a hex string. */
export interface Reader {
  at: number;
  readonly symbols: ArrayLike<string>;
}

/** Reads one element of a pattern; undefined where it is not understood. */
export type ReadElement<R extends Reader> = (reader: R) => readonly Line[] | undefined;

/** What regular expressions and hex strings have in common: elements that follow each other, alternatives by `|`. */
export function alternatives<R extends Reader>(reader: R, element: ReadElement<R>): readonly Line[] | undefined {
  const found: Line[] = [];
  for (;;) {
    const lines = sequence(reader, element);
    if (lines === undefined) return undefined;
    found.push(...lines);
    if (reader.symbols[reader.at] !== '|') return found;
    reader.at += 1;
  }
}

/** The alternatives of a group, whose parenthesis was read, up to the one that ends it. */
export function group<R extends Reader>(reader: R, element: ReadElement<R>): readonly Line[] | undefined {
  const inner = alternatives(reader, element);
  if (inner === undefined || reader.symbols[reader.at] !== ')') return undefined;
  reader.at += 1;
  return inner;
}

function sequence<R extends Reader>(reader: R, element: ReadElement<R>): readonly Line[] | undefined {
  const parts: (readonly Line[])[] = [];
  for (;;) {
    const next = reader.symbols[reader.at];
    if (next === undefined || next === '|' || next === ')') return inTurn(parts);
    const lines = element(reader);
    if (lines === undefined) return undefined;
    parts.push(lines);
  }
}
