import { alternatives, group, type Reader } from './grammar.ts';
import { anyByte, exactly, type Line, oneOf, type Part, repeated } from './pattern.ts';

/** The lines of a regular expression, given without its slashes; undefined where it has what is not understood. */
export function expressionLines(text: string): readonly Line[] | undefined {
  // Of other characters it is not certain which bytes they stand for.
  if (!/^[\x20-\x7e]+$/.test(text)) return undefined;
  const reader = { at: 0, symbols: text };
  const lines = alternatives(reader, element);
  return reader.at === text.length ? lines : undefined;
}

interface ExpressionReader extends Reader {
  readonly symbols: string;
}

/** A character, class or group, and how often it stands. */
function element(reader: ExpressionReader): readonly Line[] | undefined {
  const lines = single(reader);
  return lines === undefined ? undefined : quantified(reader, lines);
}

const nothing: readonly Line[] = [[]];

/** One character, class or group. */
function single(reader: ExpressionReader): readonly Line[] | undefined {
  const character = reader.symbols[reader.at] ?? '';
  reader.at += 1;
  if (character === '(') {
    if (reader.symbols.startsWith('?:', reader.at)) reader.at += 2;
    else if (reader.symbols[reader.at] === '?') return undefined;
    return group(reader, element);
  }
  if (character === '^' || character === '$') return nothing;
  if (character === '.') return [[anyByte]];
  if (character === '[') return wrapped(characterClass(reader));
  if (character === '\\') {
    if (/[bB]/.test(reader.symbols[reader.at] ?? '')) {
      reader.at += 1;
      return nothing;
    }
    return wrapped(escaped(reader, 'alone'));
  }
  return /[*+?{}\]]/.test(character) ? undefined : [[exactly(character.charCodeAt(0))]];
}

function wrapped(byte: Part | undefined): readonly Line[] | undefined {
  return byte === undefined ? undefined : [[byte]];
}

const counts = /([*+?]|\{(\d*)(,?)(\d*)\})\??/y;

function quantified(reader: ExpressionReader, lines: readonly Line[]): readonly Line[] | undefined {
  counts.lastIndex = reader.at;
  const found = counts.exec(reader.symbols);
  if (found === null) return lines;
  reader.at = counts.lastIndex;
  const [, sign = '', least = '', comma = '', most = ''] = found;
  if (/[*+?]/.test(reader.symbols[reader.at] ?? '')) return undefined;
  if (sign === '?') return repeated(lines, 0, 1);
  if (sign === '*' || sign === '+') return repeated(lines, sign === '*' ? 0 : 1, Infinity);
  if (least === '' && most === '') return undefined;
  const from = Number(least === '' ? '0' : least);
  return repeated(lines, from, comma === '' ? from : most === '' ? Infinity : Number(most));
}

const named: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };
const digits = [...'0123456789'].map((character) => character.charCodeAt(0));

const spaces = [0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d];

/** What stands behind a backslash. In a class what stands for many characters makes it any byte. */
function escaped(reader: ExpressionReader, where: 'alone' | 'class'): Part | undefined {
  const character = reader.symbols[reader.at] ?? '';
  reader.at += 1;
  if (character === 'x') {
    const hex = reader.symbols.slice(reader.at, reader.at + 2);
    reader.at += 2;
    return /^[0-9A-Fa-f]{2}$/.test(hex) ? exactly(Number.parseInt(hex, 16)) : undefined;
  }
  if (where === 'alone' && character === 'd') return oneOf(digits);
  if (where === 'alone' && character === 's') return oneOf(spaces);
  if (/[dwWsSD]/.test(character)) return anyByte;
  const byte = named[character];
  if (byte !== undefined) return exactly(byte);
  // \< and \> are borders of words in some engines.
  return character === '' || /[A-Za-z0-9<>]/.test(character) ? undefined : exactly(character.charCodeAt(0));
}

function characterClass(reader: ExpressionReader): Part | undefined {
  const { symbols: text } = reader;
  const negated = text[reader.at] === '^';
  if (negated) reader.at += 1;
  const values: number[] = [];
  let wild = negated;
  for (let first = true; first || text[reader.at] !== ']'; first = false) {
    const low = classMember(reader);
    if (low === undefined) return undefined;
    if (low.mask !== 0xff) {
      wild = true;
      continue;
    }
    if (text[reader.at] !== '-' || text[reader.at + 1] === ']') {
      values.push(low.value);
      continue;
    }
    reader.at += 1;
    const high = classMember(reader);
    if (high === undefined || high.mask !== 0xff || high.value < low.value) return undefined;
    for (let value = low.value; value <= high.value; value++) values.push(value);
  }
  reader.at += 1;
  return wild ? anyByte : oneOf(values);
}

function classMember(reader: ExpressionReader): Part | undefined {
  const character = reader.symbols[reader.at];
  if (character === undefined || character === '[' || /^(?:&&|--|~~)/.test(reader.symbols.slice(reader.at))) return undefined;
  reader.at += 1;
  return character === '\\' ? escaped(reader, 'class') : exactly(character.charCodeAt(0));
}
