import type { RequestContext } from './context.ts';
import { filled, filledText } from './variables.ts';
import { fits } from './wildcard.ts';

/** Compares a value of the request with one of the policy; undefined stands for a variable that the request lacks. */
type Comparison = (actual: string, wanted: string, context: RequestContext) => boolean;

const equal: Comparison = (actual, wanted, context) => filledText(wanted, context) === actual;
const like: Comparison = (actual, wanted, context) => {
  const pattern = filled(wanted, context);
  return pattern !== undefined && fits(pattern, actual);
};
/** The six parts of an ARN are compared one by one: a wildcard does not reach over a colon but in the last. */
const arnLike: Comparison = (actual, wanted, context) => {
  const parts = arnParts(actual);
  const patterns = arnParts(wanted);
  if (parts === undefined || patterns === undefined) return false;
  return patterns.every((pattern, at) => like(parts[at] ?? '', pattern, context));
};
const numeric = (holds: (actual: number, wanted: number) => boolean): Comparison => (actual, wanted) => holds(number(actual), number(wanted));
const bool: Comparison = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();

/** Operators, and whether one holds where any value fits or, being a denial, where none does. */
const operators: Readonly<Record<string, { readonly compare: Comparison; readonly negated: boolean }>> = {
  StringEquals: { compare: equal, negated: false },
  StringNotEquals: { compare: equal, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: arnLike, negated: false },
  ArnLike: { compare: arnLike, negated: false },
  ArnNotEquals: { compare: arnLike, negated: true },
  ArnNotLike: { compare: arnLike, negated: true },
  NumericEquals: { compare: numeric((actual, wanted) => actual === wanted), negated: false },
  NumericLessThan: { compare: numeric((actual, wanted) => actual < wanted), negated: false },
  NumericLessThanEquals: { compare: numeric((actual, wanted) => actual <= wanted), negated: false },
  NumericGreaterThan: { compare: numeric((actual, wanted) => actual > wanted), negated: false },
  NumericGreaterThanEquals: { compare: numeric((actual, wanted) => actual >= wanted), negated: false },
  Bool: { compare: bool, negated: false },
};

/** True where every condition holds. Throws for an operator that is not simulated. */
export function holds(conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>, context: RequestContext): boolean {
  // All are looked at, so that what is not simulated is found even behind a condition that does not hold.
  return Object.entries(conditions)
    .flatMap(([operator, wanted]) => Object.entries(wanted).map(([key, values]) => holdsOne(operator, context.get(key), values, context)))
    .every(Boolean);
}

function holdsOne(operator: string, actual: string | undefined, wanted: readonly string[], context: RequestContext): boolean {
  if (operator === 'Null') return wanted.some((each) => bool(String(actual === undefined), each, context));
  const ifExists = operator.endsWith('IfExists');
  const known = operators[ifExists ? operator.slice(0, -'IfExists'.length) : operator];
  if (known === undefined) throw new Error(`the operator ${operator} is not simulated`);
  // A key that is not there fits nothing, and so whatever says "not".
  if (actual === undefined) return ifExists || known.negated;
  const any = wanted.map((each) => known.compare(actual, each, context)).some(Boolean);
  return known.negated ? !any : any;
}

function arnParts(arn: string): readonly string[] | undefined {
  const [prefix, partition, service, region, account, ...resource] = arn.split(':');
  if (prefix === undefined || partition === undefined || service === undefined || region === undefined || account === undefined || resource.length === 0) return undefined;
  return [prefix, partition, service, region, account, resource.join(':')];
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new Error(`${JSON.stringify(text)} is compared as a number and is none`);
  return value;
}
