/** A word of a rule file, and the offset behind it. */
export type RuleToken = Word & { readonly end: number };

/** Text is as it is written; `bytes` of a text string are what it stands for. */
type Word =
  | { readonly kind: 'word' | 'symbol' | 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: 'hex'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string; readonly flags: string };

const spaces = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const words = /[$#@!]?[A-Za-z_][A-Za-z0-9_]*|[$#@!]/y;
const numbers = /0x[0-9A-Fa-f]+|0o[0-7]+|\d+(?:\.\d+)?(?:KB|MB)?/y;
const texts = /"((?:[^"\\\n]|\\.)*)"/y;
const expressions = /\/((?:[^/\\\n]|\\.)+)\/([a-z]*)/y;
const hexes = /\{((?:[^{}/]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*)\}/y;
const symbols = /\.\.|==|!=|<=|>=|<<|>>|[-(){}[\]:,=<>+*%&|^~.\\]/y;

/** The words of a rule file; undefined where one is of a kind that is not known. In a condition `/` begins an expression: division is `\`. */
export function ruleTokens(source: string): readonly RuleToken[] | undefined {
  const tokens: RuleToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };
  while (at < source.length) {
    if (take(spaces) !== undefined) continue;
    const token = nextToken(take, tokens.at(-1));
    if (token === undefined) return undefined;
    tokens.push({ ...token, end: at });
  }
  return tokens;
}

function nextToken(take: (pattern: RegExp) => RegExpExecArray | undefined, before: RuleToken | undefined): Word | undefined {
  if (before?.kind === 'symbol' && before.text === '=') {
    const hex = take(hexes);
    if (hex !== undefined) return { kind: 'hex', text: (hex[1] ?? '').replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ') };
  }
  const word = take(words) ?? take(numbers);
  if (word !== undefined) return { kind: /^\d/.test(word[0]) ? 'number' : 'word', text: word[0] };
  const text = take(texts);
  if (text !== undefined) {
    const bytes = unescaped(text[1] ?? '');
    return bytes === undefined ? undefined : { kind: 'text', text: text[1] ?? '', bytes };
  }
  const expression = take(expressions);
  if (expression !== undefined) return { kind: 'expression', text: expression[1] ?? '', flags: expression[2] ?? '' };
  const symbol = take(symbols);
  return symbol === undefined ? undefined : { kind: 'symbol', text: symbol[0] };
}

const escapes: Readonly<Record<string, number>> = { '"': 0x22, '\\': 0x5c, n: 0x0a, t: 0x09, r: 0x0d };

/** The bytes of a text: UTF-8, and what stands behind backslashes; undefined for an escape that is not known. */
function unescaped(text: string): Uint8Array | undefined {
  const parts: Buffer[] = [];
  for (const [part] of text.matchAll(/\\x[0-9A-Fa-f]{2}|\\.|[^\\]+/g)) {
    if (!part.startsWith('\\')) parts.push(Buffer.from(part, 'utf8'));
    else if (part.length === 4) parts.push(Buffer.of(Number.parseInt(part.slice(2), 16)));
    else {
      const byte = escapes[part.slice(1)];
      if (byte === undefined) return undefined;
      parts.push(Buffer.of(byte));
    }
  }
  return Buffer.concat(parts);
}
