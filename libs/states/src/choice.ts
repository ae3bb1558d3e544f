import { DefinitionError } from './errors.ts';
import type { ChoiceRule } from './definition.ts';
import type { Json } from './json.ts';
import { parsePath, type Path, requireAt, valueAt } from './path.ts';

/** A rule of a Choice, ready to be asked. */
export interface Rule {
  readonly next: string | undefined;
  holds(input: Json, context: Json): boolean;
}

/** Throws a `DefinitionError` for a rule without exactly one test, and for one at the top that leads nowhere. */
export function parseRule(rule: ChoiceRule, top: boolean): Rule {
  const { And: all, Or: any, Not: not, Variable: variable, Next: next, ...tests } = rule;
  if (top !== (next !== undefined)) throw new DefinitionError(top ? 'a rule needs Next' : 'a rule inside another has no Next');
  const given = Object.entries(tests).filter(([name, value]) => name !== 'Comment' && value !== undefined);
  const forms = [all, any, not].filter((form) => form !== undefined).length + given.length;
  if (forms !== 1) throw new DefinitionError('a rule has one of And, Or, Not or a comparison');
  if (all !== undefined) return joined(all, next, (rules, ask) => rules.every(ask));
  if (any !== undefined) return joined(any, next, (rules, ask) => rules.some(ask));
  if (not !== undefined) return joined([not], next, (rules, ask) => !rules.every(ask));
  const [name, operand] = given[0] ?? [];
  if (variable === undefined || name === undefined) throw new DefinitionError('a comparison needs Variable');
  return { next, holds: comparisonOf(parsePath(variable), name, operand) };
}

function joined(inner: readonly ChoiceRule[], next: string | undefined, join: (rules: readonly Rule[], ask: (rule: Rule) => boolean) => boolean): Rule {
  const rules = inner.map((each) => parseRule(each, false));
  return { next, holds: (input, context) => join(rules, (rule) => rule.holds(input, context)) };
}

function comparisonOf(variable: Path, name: string, operand: unknown): Rule['holds'] {
  const byPath = name.endsWith('Path');
  const test = tests[byPath ? name.slice(0, -4) : name];
  if (test === undefined) throw new DefinitionError(`${name} is no comparison that is run here`);
  const path = byPath ? parsePath(String(operand)) : undefined;
  return (input, context) => {
    const value = valueAt(variable, input, context);
    if (name !== 'IsPresent' && value === undefined) return requireAt(variable, input, context) !== undefined;
    return test(value, path === undefined ? operand : requireAt(path, input, context));
  };
}

type Test = (value: Json | undefined, operand: unknown) => boolean;
const strings = (compare: (a: string, b: string) => boolean): Test => (value, operand) => typeof value === 'string' && typeof operand === 'string' && compare(value, operand);
const numbers = (compare: (a: number, b: number) => boolean): Test => (value, operand) => typeof value === 'number' && typeof operand === 'number' && compare(value, operand);
const types = (is: (value: Json | undefined) => boolean): Test => (value, operand) => is(value) === operand;

const tests: Readonly<Record<string, Test>> = {
  StringEquals: strings((a, b) => a === b),
  StringLessThan: strings((a, b) => a < b),
  StringGreaterThan: strings((a, b) => a > b),
  StringLessThanEquals: strings((a, b) => a <= b),
  StringGreaterThanEquals: strings((a, b) => a >= b),
  StringMatches: strings(matches),
  NumericEquals: numbers((a, b) => a === b),
  NumericLessThan: numbers((a, b) => a < b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  IsPresent: types((value) => value !== undefined),
  IsNull: types((value) => value === null),
  IsNumeric: types((value) => typeof value === 'number'),
  IsString: types((value) => typeof value === 'string'),
  IsBoolean: types((value) => typeof value === 'boolean'),
};

/** `*` stands for any run of characters, `\*` for itself. */
function matches(value: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|[.*+?^${}()|[\]\\]/g, (found, escaped: string | undefined) =>
    escaped !== undefined ? `\\${escaped}` : found === '*' ? '[^]*' : `\\${found}`,
  );
  return new RegExp(`^${source}$`).test(value);
}
