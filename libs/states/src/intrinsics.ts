import { createHash } from 'node:crypto';
import { DefinitionError, StateError } from './errors.ts';
import { isList, isObject, type Json } from './json.ts';
import { parsePath, type Path, requireAt } from './path.ts';

/** An expression of a payload template: a path, a constant, or a call of an intrinsic function. */
export type Expression =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] };

/** Deepest nesting of calls (AWS Step Functions allows 10). */
const maxCallDepth = 10;

/** Parses the value of a field whose name ends in `.$`. Throws a `DefinitionError`. */
export function parseExpression(text: string): Expression {
  const reader = { text, at: 0 };
  const expression = readExpression(reader, 0);
  skipSpaces(reader);
  if (reader.at < text.length) throw refused(text, reader.at);
  return expression;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readExpression(reader: Reader, depth: number): Expression {
  if (depth > maxCallDepth) throw new DefinitionError(`${reader.text}: calls are nested deeper than ${maxCallDepth}`);
  skipSpaces(reader);
  const rest = reader.text.slice(reader.at);
  const call = /^(States\.[A-Za-z0-9]+)\(/.exec(rest);
  if (call !== null) return readCall(reader, call[1] ?? '', depth);
  const word = /^(?:\$[^\s,()]*(?:\['(?:[^'\\]|\\.)*'\][^\s,()]*)*|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/.exec(rest)?.[0];
  if (word === undefined) throw refused(reader.text, reader.at);
  reader.at += word.length;
  if (word.startsWith('$')) return { kind: 'path', path: parsePath(word) };
  if (word.startsWith("'")) return { kind: 'constant', value: word.slice(1, -1).replace(/\\(['{}\\])/g, (_, escaped: string) => (escaped === "'" ? "'" : `\\${escaped}`)) };
  return { kind: 'constant', value: constantOf(word) };
}

function constantOf(word: string): Json {
  return word === 'true' ? true : word === 'false' ? false : word === 'null' ? null : Number(word);
}

function readCall(reader: Reader, name: string, depth: number): Expression {
  if (!Object.hasOwn(functions, name)) throw new DefinitionError(`${name} is no function that is run here`);
  reader.at += name.length + 1;
  const given: Expression[] = [];
  skipSpaces(reader);
  while (reader.text[reader.at] !== ')') {
    given.push(readExpression(reader, depth + 1));
    skipSpaces(reader);
    if (reader.text[reader.at] === ',') reader.at += 1;
    else if (reader.text[reader.at] !== ')') throw refused(reader.text, reader.at);
  }
  reader.at += 1;
  return { kind: 'call', name, arguments: given };
}

function skipSpaces(reader: Reader): void {
  while (reader.text[reader.at] === ' ') reader.at += 1;
}

function refused(text: string, at: number): DefinitionError {
  return new DefinitionError(`${text}: ${JSON.stringify(text.slice(at, at + 20))} is not understood`);
}

/** Throws a `StateError`: `States.ParameterPathFailure` for a path that leads nowhere, `States.IntrinsicFailure` for a call that cannot be answered. */
export function evaluate(expression: Expression, input: Json, context: Json): Json {
  if (expression.kind === 'constant') return expression.value;
  if (expression.kind === 'path') return requireAt(expression.path, input, context);
  const call = functions[expression.name];
  const given = expression.arguments.map((each) => evaluate(each, input, context));
  const answer = call?.(...given);
  if (answer === undefined) throw new StateError('States.IntrinsicFailure', `${expression.name} does not take ${JSON.stringify(given).slice(0, 200)}`);
  return answer;
}

type Intrinsic = (...given: readonly Json[]) => Json | undefined;

/**
 * The functions that are run here. `States.UUID` and `States.MathRandom` are not among them: an execution that is
 * taken up again must come to what it came to before.
 */
const functions: Readonly<Record<string, Intrinsic>> = {
  'States.Format': format,
  'States.Array': (...elements) => elements,
  'States.ArrayLength': (list) => (isList(list) ? list.length : undefined),
  'States.ArrayGetItem': (list, index) => (isList(list) && typeof index === 'number' ? list[index] : undefined),
  'States.ArrayContains': (list, element) => (isList(list) && element !== undefined ? list.some((each) => equal(each, element)) : undefined),
  'States.ArrayUnique': (list) => (isList(list) ? list.filter((each, i) => list.findIndex((other) => equal(other, each)) === i) : undefined),
  'States.ArrayRange': range,
  'States.ArrayPartition': (list, size) =>
    isList(list) && typeof size === 'number' && size >= 1 ? Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size)) : undefined,
  'States.JsonToString': (value) => (value === undefined ? undefined : JSON.stringify(value)),
  'States.StringToJson': (text) => (typeof text === 'string' ? parsedJson(text) : undefined),
  'States.JsonMerge': (one, other, deep) => (isObject(one) && isObject(other) && deep === false ? { ...one, ...other } : undefined),
  'States.StringSplit': (text, separators) => (typeof text === 'string' && typeof separators === 'string' ? split(text, separators) : undefined),
  'States.MathAdd': (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.round(a) + Math.round(b) : undefined),
  'States.Base64Encode': (text) => (typeof text === 'string' ? Buffer.from(text, 'utf8').toString('base64') : undefined),
  'States.Base64Decode': (text) => (typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : undefined),
  'States.Hash': (value, algorithm) => (value === undefined || typeof algorithm !== 'string' ? undefined : hash(value, algorithm)),
};

function format(template?: Json, ...values: readonly Json[]): Json | undefined {
  if (typeof template !== 'string') return undefined;
  let next = 0;
  const text = template.replace(/\\([{}\\])|\{\}/g, (whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[next++];
    return value === undefined ? whole : typeof value === 'string' ? value : JSON.stringify(value);
  });
  return next === values.length ? text : undefined;
}

const maxRangeLength = 1000;

function range(first?: Json, last?: Json, step?: Json): Json | undefined {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number' || step === 0) return undefined;
  const count = Math.floor((last - first) / step) + 1;
  return count > maxRangeLength ? undefined : Array.from({ length: Math.max(0, count) }, (_, i) => first + i * step);
}

function split(text: string, separators: string): Json {
  const pattern = new RegExp(`[${separators.replace(/[\\\]^-]/g, '\\$&')}]`);
  return text.split(pattern).filter((part) => part !== '');
}

function hash(value: Json, algorithm: string): Json | undefined {
  const names: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
  const name = names[algorithm];
  return name === undefined ? undefined : createHash(name).update(typeof value === 'string' ? value : JSON.stringify(value)).digest('hex');
}

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function equal(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
