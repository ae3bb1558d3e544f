import { conditionNeed, type Need } from './condition.ts';
import { type Literal, literalsOf } from './literals.ts';
import { isLocal, type LiteralReach, reachesOf } from './reach.ts';
import { type RuleFile, ruleFile, type SourceRule } from './rule-source.ts';

/** A rule that is reported where it matches. */
export interface FilteredRule {
  readonly name: string;
  /** Index of its file. */
  readonly file: number;
  /** A text that gives the same matches of it as its whole file does; undefined where there is none shorter. */
  readonly alone: string | undefined;
  /** Around which literals its matches are, where that is all that it asks for: it may be applied to the part of the bytes that holds them. */
  readonly reaches: readonly LiteralReach[] | undefined;
}

/**
 * Tells which YARA rules may match somewhere, by the literals that their strings hold. It never leaves one out that would match;
 * of what it does not understand it says that it may.
 */
export interface RuleFilter {
  /** Each belongs to the string with the number of the same index in `owners`; a string is there where one of its literals is. */
  readonly literals: readonly Literal[];
  readonly owners: readonly number[];
  readonly stringCount: number;
  readonly rules: readonly FilteredRule[];
  /** Indices, ascending, of the rules that may match in bytes that hold the `strings`, each given once, and begin as `bytes` do. */
  candidates(strings: readonly number[], bytes: Uint8Array): readonly number[];
}

/** More literals than these are not looked for. */
const maxLiterals = 4096;

/** What the rules of files need; undefined where a file is not understood, or a rule may match anywhere. */
export function ruleFilter(sources: readonly string[]): RuleFilter | undefined {
  const literals: Literal[] = [];
  const owners: number[] = [];
  const needs: Need[] = [];
  const rules: FilteredRule[] = [];
  let stringCount = 0;
  for (const [file, source] of sources.entries()) {
    const parsed = ruleFile(source);
    if (parsed === undefined) return undefined;
    const named = new Map<string, Need>();
    for (const [at, rule] of parsed.rules.entries()) {
      const found = rule.strings.map(({ lines }) => (lines === undefined ? undefined : literalsOf(lines)));
      const need = resolved(conditionNeed(rule.condition, rule.strings), named, found, stringCount);
      const reaches: (readonly LiteralReach[] | undefined)[] = [];
      for (const [i, each] of found.entries()) {
        reaches.push(each === undefined ? undefined : reachesOf(each, literals.length));
        literals.push(...(each ?? []));
        owners.push(...(each ?? []).map(() => stringCount + i));
      }
      stringCount += rule.strings.length;
      named.set(rule.name, need);
      if (rule.isPrivate) continue;
      needs.push(need);
      const limited = reaches.filter((each) => each !== undefined);
      rules.push({ name: rule.name, file, alone: needsStrings(need) ? textAlone(parsed, at) : undefined, reaches: isLocal(rule) && limited.length === reaches.length ? limited.flat() : undefined });
    }
  }
  if (literals.length > maxLiterals || needs.some(({ kind }) => kind === 'always')) return undefined;
  return { literals, owners, stringCount, rules, candidates: candidatesOf(needs, stringCount) };
}

/** Looks at those rules alone that one of the strings is of, and at those that may match without any: most bytes hold few strings. */
function candidatesOf(needs: readonly Need[], stringCount: number): RuleFilter['candidates'] {
  const always = needs.flatMap((need, rule) => (needsStrings(need) ? [] : [rule]));
  const rulesOf: number[][] = Array.from({ length: stringCount }, () => []);
  for (const [rule, need] of needs.entries()) if (needsStrings(need)) for (const string of new Set(stringsOf(need))) rulesOf[string]?.push(rule);
  return (strings, bytes) => {
    const present = new Set(strings);
    const asked = new Set(always);
    for (const string of strings) for (const rule of rulesOf[string] ?? []) asked.add(rule);
    return [...asked].filter((rule) => holds(needs[rule] ?? { kind: 'always' }, (string) => present.has(string), bytes)).sort((a, b) => a - b);
  };
}

function stringsOf(need: Need): readonly number[] {
  if (need.kind === 'all' || need.kind === 'any') return need.of.flatMap(stringsOf);
  return need.kind === 'strings' ? need.strings : [];
}

/**
 * Whether nothing but strings can make a need hold. Of a rule that holds without them the library tells the places of its strings
 * only where other rules made it look for strings.
 */
function needsStrings(need: Need): boolean {
  if (need.kind === 'all') return need.of.some(needsStrings);
  if (need.kind === 'any') return need.of.every(needsStrings);
  return need.kind === 'strings' || need.kind === 'never';
}

/** A rule with the rules that it names. A global rule decides about all others, and a set of rules may be any. */
function textAlone({ imports, rules }: RuleFile, at: number): string | undefined {
  if (rules.length === 1 || rules.some(({ isGlobal }) => isGlobal)) return undefined;
  const taken = new Set<SourceRule>();
  const take = (rule: SourceRule): boolean => {
    taken.add(rule);
    return rule.condition.every(({ kind, text }, i) => {
      if (kind === 'word' && !text.startsWith('$') && rule.condition[i + 1]?.text === '*') return false;
      const other = rules.find(({ name }) => kind === 'word' && name === text);
      return other === undefined || taken.has(other) || take(other);
    });
  };
  const [rule] = rules.slice(at);
  if (rule === undefined || !take(rule)) return undefined;
  return imports + rules.filter((each) => taken.has(each)).map(({ text }) => text).join('');
}

/** A need with the numbers of strings in all files, the rules it names put in, and what always or never holds taken out. */
function resolved(need: Need, named: ReadonlyMap<string, Need>, found: readonly (readonly Literal[] | undefined)[], first: number): Need {
  switch (need.kind) {
    case 'rule':
      return named.get(need.name) ?? { kind: 'always' };
    case 'strings': {
      const told = need.strings.filter((string) => found[string] !== undefined);
      const least = need.least - (need.strings.length - told.length);
      return least <= 0 ? { kind: 'always' } : { kind: 'strings', strings: told.map((string) => first + string), least };
    }
    case 'all':
      return allOf(need.of.map((each) => resolved(each, named, found, first)));
    case 'any':
      return anyOf(need.of.map((each) => resolved(each, named, found, first)));
    default:
      return need;
  }
}

function allOf(needs: readonly Need[]): Need {
  if (needs.some(({ kind }) => kind === 'never')) return { kind: 'never' };
  const of = needs.filter(({ kind }) => kind !== 'always');
  return of.length === 0 ? { kind: 'always' } : { kind: 'all', of };
}

function anyOf(needs: readonly Need[]): Need {
  if (needs.some(({ kind }) => kind === 'always')) return { kind: 'always' };
  const of = needs.filter(({ kind }) => kind !== 'never');
  return of.length === 0 ? { kind: 'never' } : { kind: 'any', of };
}

function holds(need: Need, has: (string: number) => boolean, bytes: Uint8Array): boolean {
  switch (need.kind) {
    case 'strings': {
      let count = 0;
      for (const string of need.strings) if (has(string)) count += 1;
      return count >= need.least;
    }
    case 'start':
      return need.bytes.every((byte, i) => bytes[need.offset + i] === byte);
    case 'all':
      return need.of.every((each) => holds(each, has, bytes));
    case 'any':
      return need.of.some((each) => holds(each, has, bytes));
    default:
      return need.kind !== 'never';
  }
}
