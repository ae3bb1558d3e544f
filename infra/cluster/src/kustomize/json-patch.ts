import { z } from 'zod';
import { isMapping, KustomizeError, type Mapping, mappingOf, type Value } from './object.ts';

const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), path: z.string().startsWith('/'), value: z.unknown() }),
  z.strictObject({ op: z.literal('replace'), path: z.string().startsWith('/'), value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path: z.string().startsWith('/') }),
]);
type Operation = z.infer<typeof operation>;

/** Applies a JSON patch (RFC 6902): `add`, `replace` and `remove`. Throws a `KustomizeError` for a place that is not there. */
export function jsonPatch(body: Mapping, patch: readonly unknown[], file: string): Mapping {
  let changed = body;
  for (const each of patch) {
    const read = operation.safeParse(each);
    if (!read.success) throw new KustomizeError(`${file}: not an operation of a JSON patch that is followed: ${JSON.stringify(each)}`);
    const names = read.data.path.slice(1).split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    changed = mappingOf(apply(changed, names, read.data, file), file);
  }
  return changed;
}

function apply(value: Value, [name = '', ...rest]: readonly string[], change: Operation, file: string): Value {
  if (Array.isArray(value)) return applyToList(value, name, rest, change, file);
  if (!isMapping(value)) throw new KustomizeError(`${file}: ${change.path}: nothing there to change`);
  if (rest.length > 0) return { ...value, [name]: apply(present(value[name], change, file), rest, change, file) };
  if (change.op !== 'add') present(value[name], change, file);
  const { [name]: _, ...others } = value;
  return change.op === 'remove' ? others : { ...value, [name]: newValue(change, file) };
}

function applyToList(list: readonly Value[], name: string, rest: readonly string[], change: Operation, file: string): Value {
  const index = name === '-' ? list.length : Number(name);
  const last = change.op === 'add' && rest.length === 0 ? list.length : list.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) throw new KustomizeError(`${file}: ${change.path}: the list has no place ${name}`);
  if (rest.length > 0) return list.with(index, apply(present(list[index], change, file), rest, change, file));
  if (change.op === 'remove') return list.toSpliced(index, 1);
  return list.toSpliced(index, change.op === 'add' ? 0 : 1, newValue(change, file));
}

function present(value: Value | undefined, { path }: Operation, file: string): Value {
  if (value === undefined) throw new KustomizeError(`${file}: ${path}: nothing there to change`);
  return value;
}

function newValue(change: Extract<Operation, { op: 'add' | 'replace' }>, file: string): Value {
  return present(mappingOf({ value: change.value }, file)['value'], change, file);
}
