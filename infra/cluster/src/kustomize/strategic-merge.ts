import { isMapping, KustomizeError, type Mapping, type Value } from './object.ts';

/** Lists whose elements are told apart by a field (`x-kubernetes-patch-merge-key` of the API); the others that our patches give are refused or replaced. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
};

/** The same fields of other kinds are plain lists, for which the API declares no key: they are replaced as a whole. */
const replaced = new Set(['rules', 'subjects', 'tolerations', 'ingress', 'egress', 'sources']);

/** Merges a patch as the API does: mappings field by field, `null` takes a field away, lists by their key. `undefined`: the patch deletes the whole. */
export function strategicMerge(body: Mapping, patch: Mapping, file: string): Mapping | undefined {
  const directive = patch['$patch'];
  if (directive === 'delete') return undefined;
  if (directive !== undefined) throw new KustomizeError(`${file}: $patch: ${JSON.stringify(directive)} is not followed`);
  const merged: Record<string, Value> = { ...body };
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete merged[name];
    else merged[name] = mergeValue(name, merged[name], change, file);
  }
  return merged;
}

function mergeValue(name: string, value: Value | undefined, change: Value, file: string): Value {
  if (isMapping(change)) {
    const merged = strategicMerge(isMapping(value) ? value : {}, change, file);
    if (merged === undefined) throw new KustomizeError(`${file}: ${name}: $patch: delete is followed for objects and elements of lists`);
    return merged;
  }
  if (!Array.isArray(change) || !change.some((each) => isMapping(each)) || replaced.has(name)) return change;
  const key = mergeKeys[name];
  if (key === undefined) throw new KustomizeError(`${file}: ${name} is a list whose merge is not known`);
  return mergeList(Array.isArray(value) ? value : [], change, key, `${file}: ${name}`);
}

/** What is new comes before what was there, as kustomize has it. */
function mergeList(list: readonly Value[], changes: readonly Value[], key: string, place: string): Value {
  let merged = [...list];
  const added: Value[] = [];
  for (const change of changes) {
    const id = isMapping(change) ? change[key] : undefined;
    if (!isMapping(change) || id === undefined) throw new KustomizeError(`${place}: an element without ${key}`);
    const index = merged.findIndex((each) => isMapping(each) && each[key] === id);
    const before = merged[index];
    const after = strategicMerge(isMapping(before) ? before : {}, change, place);
    if (after === undefined) merged = merged.filter((_, i) => i !== index);
    else if (index === -1) added.push(after);
    else merged[index] = after;
  }
  return [...added, ...merged];
}
