import { DefinitionError, StateError } from './errors.ts';
import { isList, isObject, type Json } from './json.ts';

/** A step into a value: a field by name, an element by index, or every element. */
type Step = string | number | '*all*';

/**
 * A path as a definition writes it: `$`, `$.a.b`, `$.a[0]`, `$['a b']`, `$.a[*]`, and with `$$` the context object.
 * That is the profile that icecore's definitions use; a path beyond it is refused when the definition is read.
 */
export interface Path {
  readonly text: string;
  readonly context: boolean;
  readonly steps: readonly Step[];
}

const stepPattern = /\.([A-Za-z_][\w-]*)|\['((?:[^'\\]|\\.)*)'\]|\[(\d{1,9})\]|(\[\*\])/y;

/** Throws a `DefinitionError` for what is no path of the profile. */
export function parsePath(text: string): Path {
  const context = text.startsWith('$$');
  if (!text.startsWith('$')) throw new DefinitionError(`${JSON.stringify(text)} is no path: it does not begin with $`);
  const steps: Step[] = [];
  stepPattern.lastIndex = context ? 2 : 1;
  while (stepPattern.lastIndex < text.length) {
    const at = stepPattern.lastIndex;
    const match = stepPattern.exec(text);
    if (match === null) throw new DefinitionError(`${JSON.stringify(text)} is a path with ${JSON.stringify(text.slice(at))}, which is not run here`);
    const [, name, quotedName, index, all] = match;
    if (all !== undefined) steps.push('*all*');
    else steps.push(index === undefined ? (name ?? (quotedName ?? '').replace(/\\(.)/g, '$1')) : Number(index));
  }
  return { text, context, steps };
}

/** The value at a path; undefined where there is none. With `[*]`, the list of all that it meets. */
export function valueAt(path: Path, input: Json, context: Json): Json | undefined {
  return follow(path.context ? context : input, path.steps);
}

function follow(value: Json, steps: readonly Step[]): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step === '*all*') {
    const elements = isList(value) ? value : isObject(value) ? Object.values(value) : undefined;
    return elements?.flatMap((each) => {
      const found = follow(each, rest);
      if (found === undefined) return [];
      return rest.includes('*all*') && isList(found) ? found : [found];
    });
  }
  const next = typeof step === 'number' ? (isList(value) ? value[step] : undefined) : isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return next === undefined ? undefined : follow(next, rest);
}

/** The value at a path. Throws `States.ParameterPathFailure` where there is none. */
export function requireAt(path: Path, input: Json, context: Json): Json {
  const value = valueAt(path, input, context);
  if (value === undefined) throw new StateError('States.ParameterPathFailure', `the path ${path.text} leads to nothing`);
  return value;
}

/** The input with a value put at a path of plain names. Throws `States.ResultPathMatchFailure` where it cannot be put there. */
export function withValueAt(path: Path, input: Json, value: Json): Json {
  return put(path, input, path.steps, value);
}

function put(path: Path, into: Json | undefined, steps: readonly Step[], value: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!isList(into) || step > into.length) throw new StateError('States.ResultPathMatchFailure', `${path.text} does not fit the input`);
    return [...into.slice(0, step), put(path, into[step], rest, value), ...into.slice(step + 1)];
  }
  if (into !== undefined && !isObject(into)) throw new StateError('States.ResultPathMatchFailure', `${path.text} does not fit the input`);
  return { ...into, [step]: put(path, into !== undefined && Object.hasOwn(into, step) ? into[step] : undefined, rest, value) };
}

/** A path that names one place to write to. Throws a `DefinitionError`. */
export function parseReferencePath(text: string): Path {
  const path = parsePath(text);
  if (path.context || path.steps.includes('*all*')) throw new DefinitionError(`${JSON.stringify(text)} does not name one place in the state's input`);
  return path;
}
