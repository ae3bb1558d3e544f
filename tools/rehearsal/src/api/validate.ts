import { isObject, type Schema } from './object.ts';

/** What a schema finds wrong with a value, as the API server says it; and the value without the fields that it does not know. */
export interface Checked {
  readonly value: unknown;
  readonly problems: readonly string[];
  /** Paths of fields that the schema does not know. */
  readonly unknown: readonly string[];
}

/** Checks a value against a structural schema. `before` is what it replaces, for rules about changes. */
export function validate(schema: Schema, given: unknown, before: unknown, path = ''): Checked {
  const problems: string[] = [];
  const unknown: string[] = [];
  const value = check(schema, given, before, path, problems, unknown);
  return { value, problems, unknown };
}

function check(schema: Schema, value: unknown, before: unknown, path: string, problems: string[], unknown: string[]): unknown {
  const wrong = (words: string): void => void problems.push(`${path}: ${words}`);
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    wrong(`Invalid value: ${JSON.stringify(value)}: ${path} in body must be of type ${schema.type}`);
    return value;
  }
  if (schema.enum?.includes(value) === false) wrong(`Unsupported value: ${JSON.stringify(value)}: supported values: ${schema.enum.map((each) => JSON.stringify(each)).join(', ')}`);
  if (typeof value === 'string') checkText(schema, value, wrong);
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) wrong(`Invalid value: ${value}: must be greater than or equal to ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) wrong(`Invalid value: ${value}: must be less than or equal to ${schema.maximum}`);
  }
  for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) {
    if (rule !== 'self == oldSelf') throw new Error(`this stand-in does not know the rule ${rule}`);
    if (before !== undefined && JSON.stringify(sorted(value)) !== JSON.stringify(sorted(before))) wrong(`Invalid value: ${message ?? rule}`);
  }
  if (Array.isArray(value)) {
    if (schema.maxItems !== undefined && value.length > schema.maxItems) wrong(`Too many: ${value.length}: must have at most ${schema.maxItems} items`);
    return value.map((each, i) => (schema.items === undefined ? each : check(schema.items, each, undefined, `${path}[${i}]`, problems, unknown)));
  }
  if (!isObject(value) || (schema.properties === undefined && schema.additionalProperties === undefined)) return value;
  const result: Record<string, unknown> = {};
  for (const name of schema.required ?? []) if (!(name in value)) problems.push(`${join(path, name)}: Required value`);
  for (const [name, inner] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known === undefined) unknown.push(join(path, name));
    else result[name] = check(known, inner, isObject(before) ? before[name] : undefined, join(path, name), problems, unknown);
  }
  return result;
}

function checkText(schema: Schema, value: string, wrong: (words: string) => void): void {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) wrong(`Too long: may not be more than ${schema.maxLength} bytes`);
  if (schema.minLength !== undefined && value.length < schema.minLength) wrong(`Invalid value: ${JSON.stringify(value)}: should be at least ${schema.minLength} chars long`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) wrong(`Invalid value: ${JSON.stringify(value)}: should match '${schema.pattern}'`);
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) wrong(`Invalid value: ${JSON.stringify(value)}: must be a valid date-time`);
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : value;
}
