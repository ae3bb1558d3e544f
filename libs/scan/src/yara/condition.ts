import { isSymbol, type RuleString } from './rule-source.ts';
import type { RuleToken } from './tokens.ts';

/**
 * What must be so where a condition holds; it may be so where the condition does not hold. `strings` are indices of the rule's
 * strings, of which so many must match.
 */
export type Need =
  | { readonly kind: 'always' | 'never' }
  | { readonly kind: 'strings'; readonly strings: readonly number[]; readonly least: number }
  | { readonly kind: 'start'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Need[] };

const always: Need = { kind: 'always' };
/** Deepest nesting of a condition that is followed. */
const maxDepth = 64;

/** What a condition needs. What is not understood is taken to hold always. */
export function conditionNeed(tokens: readonly RuleToken[], strings: readonly RuleString[], depth = 0): Need {
  if (depth > maxDepth || tokens.some(({ kind, text }) => kind === 'word' && (text === 'defined' || text === 'with'))) return always;
  const either = split(tokens, 'or');
  if (either.length > 1) return { kind: 'any', of: either.map((part) => conditionNeed(part, strings, depth + 1)) };
  const both = split(tokens, 'and');
  if (both.length > 1) return { kind: 'all', of: both.map((part) => conditionNeed(part, strings, depth + 1)) };
  const inner = withoutBrackets(tokens);
  return inner === undefined ? termNeed(tokens, strings) : conditionNeed(inner, strings, depth + 1);
}

/** The parts between words that stand in no bracket. */
function split(tokens: readonly RuleToken[], word: string): readonly (readonly RuleToken[])[] {
  const parts: RuleToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, '(') || isSymbol(token, '[')) depth += 1;
    if (isSymbol(token, ')') || isSymbol(token, ']')) depth -= 1;
    if (depth === 0 && token.kind === 'word' && token.text === word) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** What is in the brackets, where they enclose all. */
function withoutBrackets(tokens: readonly RuleToken[]): readonly RuleToken[] | undefined {
  if (!isSymbol(tokens[0], '(') || !isSymbol(tokens.at(-1), ')')) return undefined;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0 && at + 1 < tokens.length) return undefined;
  }
  return tokens.slice(1, -1);
}

function termNeed(tokens: readonly RuleToken[], strings: readonly RuleString[]): Need {
  const [first, second] = tokens;
  if (first === undefined) return always;
  if (first.kind === 'word' && first.text.startsWith('$')) return stringNeed(tokens, strings);
  if (first.kind === 'word' && first.text.startsWith('#')) return countNeed(tokens, strings);
  if (second?.kind === 'word' && second.text === 'of') return setNeed(tokens, strings);
  if (tokens.length === 1 && first.kind === 'word') return first.text === 'false' ? { kind: 'never' } : first.text === 'true' ? always : { kind: 'rule', name: first.text };
  return startNeed(tokens) ?? always;
}

/** `$a`, also at a place or in a range of them. */
function stringNeed([name, at]: readonly RuleToken[], strings: readonly RuleString[]): Need {
  if (at !== undefined && !(at.kind === 'word' && (at.text === 'at' || at.text === 'in'))) return always;
  return needOf(strings.flatMap((string, i) => (string.name === name?.text ? [i] : [])), 1);
}

/** `#a > 3` and its like: at least one. */
function countNeed(tokens: readonly RuleToken[], strings: readonly RuleString[]): Need {
  const [name, sign, value] = tokens;
  if (tokens.length !== 3 || value?.kind !== 'number' || !/^\d+$/.test(value.text)) return always;
  const least = isSymbol(sign, '>') ? 0 : isSymbol(sign, '>=') || isSymbol(sign, '==') ? 1 : undefined;
  if (least === undefined || Number(value.text) < least) return always;
  return needOf(strings.flatMap((string, i) => (string.name.slice(1) === name?.text.slice(1) ? [i] : [])), 1);
}

/** `2 of them`, `all of ($a*)`, `any of ($a, $b) in (0..100)`. */
function setNeed(tokens: readonly RuleToken[], strings: readonly RuleString[]): Need {
  const [count, , ...rest] = tokens;
  const chosen = chosenStrings(rest, strings);
  if (chosen === undefined || count === undefined) return always;
  if (count.kind === 'number' && /^\d+$/.test(count.text)) return needOf(chosen, Number(count.text));
  if (count.kind === 'word' && count.text === 'any') return needOf(chosen, 1);
  return count.kind === 'word' && count.text === 'all' ? needOf(chosen, chosen.length) : always;
}

function chosenStrings(tokens: readonly RuleToken[], strings: readonly RuleString[]): readonly number[] | undefined {
  const [first] = tokens;
  if (first?.kind === 'word' && first.text === 'them') return strings.map((_string, i) => i);
  if (!isSymbol(first, '(')) return undefined;
  // A string that is named twice counts twice.
  const chosen: number[] = [];
  for (let at = 1; at < tokens.length && !isSymbol(tokens[at], ')'); at++) {
    const token = tokens[at];
    if (token?.kind === 'word' && token.text.startsWith('$')) {
      const isPrefix = isSymbol(tokens[at + 1], '*');
      for (const [i, { name }] of strings.entries()) if (name === token.text || (isPrefix && name.startsWith(token.text))) chosen.push(i);
    } else if (!isSymbol(token, ',') && !isSymbol(token, '*')) return undefined;
  }
  return chosen;
}

/** Where strings are not found by their names, something is not understood. */
function needOf(strings: readonly number[], least: number): Need {
  return strings.length === 0 || least === 0 ? always : { kind: 'strings', strings, least };
}

/** `uint32(0) == 0x464c457f` and its like. */
function startNeed(tokens: readonly RuleToken[]): Need | undefined {
  const [name, open, offset, close, sign, value] = tokens;
  const type = /^u?int(8|16|32)(be)?$/.exec(name?.kind === 'word' ? name.text : '');
  if (tokens.length !== 6 || type === null || !isSymbol(open, '(') || !isSymbol(close, ')') || !isSymbol(sign, '==')) return undefined;
  if (offset?.kind !== 'number' || value?.kind !== 'number' || !/^(0x[0-9A-Fa-f]+|\d+)$/.test(value.text) || !/^\d{1,6}$/.test(offset.text)) return undefined;
  const bytes = Buffer.alloc(Number(type[1]) / 8);
  if (Number(value.text) >= 2 ** (8 * bytes.length)) return undefined;
  if (type[2] === undefined) bytes.writeUIntLE(Number(value.text), 0, bytes.length);
  else bytes.writeUIntBE(Number(value.text), 0, bytes.length);
  return { kind: 'start', offset: Number(offset.text), bytes };
}
