import { expressionLines } from './expression-pattern.ts';
import { hexLines } from './hex-pattern.ts';
import { exactly, type Line, widened, withoutCase } from './pattern.ts';
import { type RuleToken, ruleTokens } from './tokens.ts';

/** A string of a rule. */
export interface RuleString {
  /** `$a`; `$` for one without a name. */
  readonly name: string;
  /** Undefined where its bytes are not known, as with `xor` and `base64`. */
  readonly lines: readonly Line[] | undefined;
  /** It may match by where all bytes begin or end: it has a `^` or a `$`. */
  readonly isAnchored: boolean;
}

export interface SourceRule {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isGlobal: boolean;
  /** As it is written. */
  readonly text: string;
  readonly strings: readonly RuleString[];
  readonly condition: readonly RuleToken[];
}

/** A file of rules. */
export interface RuleFile {
  /** The statements that import modules. */
  readonly imports: string;
  readonly rules: readonly SourceRule[];
}

/** The rules of a file, as far as is needed to tell what they look for; undefined where the file is not understood. */
export function ruleFile(source: string): RuleFile | undefined {
  const tokens = ruleTokens(source);
  if (tokens === undefined) return undefined;
  const reader = { at: 0, tokens };
  const rules: SourceRule[] = [];
  let imports = '';
  while (reader.at < tokens.length) {
    const start = tokens[reader.at - 1]?.end ?? 0;
    if (isWord(reader, 'import')) {
      reader.at += 2;
      imports += source.slice(start, tokens[reader.at - 1]?.end);
      continue;
    }
    const rule = oneRule(reader);
    if (rule === undefined) return undefined;
    rules.push({ ...rule, text: source.slice(start, tokens[reader.at - 1]?.end) });
  }
  return { imports, rules };
}

interface Reader {
  at: number;
  readonly tokens: readonly RuleToken[];
}

function oneRule(reader: Reader): Omit<SourceRule, 'text'> | undefined {
  let isPrivate = false;
  let isGlobal = false;
  while (isWord(reader, 'private') || isWord(reader, 'global')) {
    isPrivate ||= isWord(reader, 'private');
    isGlobal ||= isWord(reader, 'global');
    reader.at += 1;
  }
  if (!isWord(reader, 'rule')) return undefined;
  const name = reader.tokens[reader.at + 1]?.text ?? '';
  reader.at += 2;
  if (!skipTo(reader, '{')) return undefined;
  const hasStrings = skipToSection(reader);
  if (hasStrings === undefined) return undefined;
  const strings = hasStrings ? ruleStrings(reader) : [];
  if (strings === undefined) return undefined;
  const start = reader.at;
  if (!skipTo(reader, '}')) return undefined;
  return { name, isPrivate, isGlobal, strings, condition: reader.tokens.slice(start, reader.at - 1) };
}

/** Behind the head of the strings (true) or of the condition (false), whichever comes first. */
function skipToSection(reader: Reader): boolean | undefined {
  for (; reader.at + 1 < reader.tokens.length; reader.at++) {
    const section = isWord(reader, 'strings') ? true : isWord(reader, 'condition') ? false : undefined;
    if (section === undefined || !isSymbol(reader.tokens[reader.at + 1], ':')) continue;
    reader.at += 2;
    return section;
  }
  return undefined;
}

function ruleStrings(reader: Reader): readonly RuleString[] | undefined {
  const strings: RuleString[] = [];
  while (!isWord(reader, 'condition')) {
    const [name, equals, pattern] = reader.tokens.slice(reader.at, reader.at + 3);
    if (name?.kind !== 'word' || !name.text.startsWith('$') || !isSymbol(equals, '=') || pattern === undefined) return undefined;
    reader.at += 3;
    const modifiers = new Set<string>();
    for (let next = reader.tokens[reader.at]; next?.kind === 'word' && !next.text.startsWith('$') && next.text !== 'condition'; next = reader.tokens[reader.at]) {
      modifiers.add(next.text);
      reader.at += 1;
      if (isSymbol(reader.tokens[reader.at], '(') && !skipTo(reader, ')')) return undefined;
    }
    strings.push({ name: name.text, lines: linesOf(pattern, modifiers), isAnchored: pattern.kind === 'expression' && /(?<!\[)\^|\$/.test(pattern.text.replace(/\\./g, '')) });
  }
  reader.at += 1;
  return skipTo(reader, ':') ? strings : undefined;
}

const known = new Set(['ascii', 'wide', 'nocase', 'fullword', 'private']);

function linesOf(pattern: RuleToken, modifiers: ReadonlySet<string>): readonly Line[] | undefined {
  if ([...modifiers].some((modifier) => !known.has(modifier))) return undefined;
  const plain = plainLines(pattern);
  const hasCase = !modifiers.has('nocase') && !(pattern.kind === 'expression' && pattern.flags.includes('i'));
  const lines = hasCase ? plain : plain?.map(withoutCase);
  if (lines === undefined || !modifiers.has('wide')) return lines;
  return [...(modifiers.has('ascii') ? lines : []), ...lines.map(widened)];
}

function plainLines(pattern: RuleToken): readonly Line[] | undefined {
  if (pattern.kind === 'text') return [[...pattern.bytes].map(exactly)];
  if (pattern.kind === 'hex') return hexLines(pattern.text);
  return pattern.kind === 'expression' ? expressionLines(pattern.text) : undefined;
}

function skipTo(reader: Reader, symbol: string): boolean {
  for (; reader.at < reader.tokens.length; reader.at++) {
    if (!isSymbol(reader.tokens[reader.at], symbol)) continue;
    reader.at += 1;
    return true;
  }
  return false;
}

function isWord(reader: Reader, text: string): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === 'word' && token.text === text;
}

export function isSymbol(token: RuleToken | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}
