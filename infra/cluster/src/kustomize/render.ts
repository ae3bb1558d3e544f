import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { jsonPatch } from './json-patch.ts';
import { type Kustomization, parseKustomization, type PatchTarget } from './kustomization.ts';
import { isMapping, type KubernetesObject, kubernetesObject, KustomizeError, type Mapping, mappingOf, objectKey, type Value } from './object.ts';
import { strategicMerge } from './strategic-merge.ts';

/**
 * Renders a kustomization to the objects that `kustomize build` gives, for the part of kustomize that our manifests use.
 * What is beyond that part is refused, as is a file outside of `root`. Throws a `KustomizeError`.
 */
export function render(folder: string, root: string): readonly KubernetesObject[] {
  const objects = build(resolve(folder), [], resolve(root), []);
  const keys = objects.map(objectKey);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw new KustomizeError(`${folder}: ${twice} is there twice`);
  return objects;
}

function build(folder: string, given: readonly KubernetesObject[], root: string, within: readonly string[]): readonly KubernetesObject[] {
  const file = join(folder, 'kustomization.yaml');
  if (within.includes(folder)) throw new KustomizeError(`${file}: includes itself`);
  const kustomization = parseKustomization(parse(read(file, root)), file);
  const include = (paths: readonly string[], objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
    paths.reduce((sum, path) => includeOne(resolve(folder, path), sum, kustomization, root, [...within, folder]), objects);
  let objects = include(kustomization.resources, given);
  for (const { name, namespace, files } of kustomization.configMapGenerator) objects = [...objects, configMap(name, namespace, files, folder, root)];
  objects = include(kustomization.components, objects);
  for (const { path, target } of kustomization.patches) objects = applyPatch(objects, join(folder, path), target, root);
  return objects.map((each) => ({ ...each, body: mappingOf(withImages(each.body, kustomization.images), file) }));
}

/** A component works on the objects so far; a folder of resources stands by itself, and its objects are added. */
function includeOne(path: string, objects: readonly KubernetesObject[], { components }: Kustomization, root: string, within: readonly string[]): readonly KubernetesObject[] {
  inside(path, root);
  if (!statSync(path).isDirectory()) return [...objects, ...objectsIn(path, root)];
  const isComponent = components.some((each) => resolve(within.at(-1) ?? '', each) === path);
  return isComponent ? build(path, objects, root, within) : [...objects, ...build(path, [], root, within)];
}

function objectsIn(file: string, root: string): readonly KubernetesObject[] {
  const documents = parseAllDocuments(read(file, root));
  return [...documents].flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw new KustomizeError(`${file}: ${problem.message}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [kubernetesObject(value, file)];
  });
}

function configMap(name: string, namespace: string | undefined, files: readonly string[], folder: string, root: string): KubernetesObject {
  const data = Object.fromEntries(
    files.map((entry) => {
      const [key, path] = entry.includes('=') ? [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] : [basename(entry), entry];
      return [key, read(join(folder, path), root)];
    }),
  );
  return kubernetesObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, data }, folder);
}

function applyPatch(objects: readonly KubernetesObject[], file: string, target: PatchTarget | undefined, root: string): readonly KubernetesObject[] {
  const parsed: unknown = parse(read(file, root));
  if (Array.isArray(parsed) && target === undefined) throw new KustomizeError(`${file}: a JSON patch needs a target`);
  const wanted = target ?? targetOf(kubernetesObject(parsed, file));
  let found = 0;
  const changed = objects.flatMap((object) => {
    if (!isTarget(object, wanted)) return [object];
    found += 1;
    const body = Array.isArray(parsed) ? jsonPatch(object.body, parsed, file) : strategicMerge(object.body, mappingOf(parsed, file), file);
    return body === undefined ? [] : [kubernetesObject(body, file)];
  });
  if (found === 0) throw new KustomizeError(`${file}: there is nothing that it patches`);
  return changed;
}

function targetOf({ apiVersion, kind, name, namespace }: KubernetesObject): PatchTarget {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function isTarget(object: KubernetesObject, target: PatchTarget): boolean {
  const own = targetOf(object);
  return (['group', 'version', 'kind', 'name', 'namespace'] as const).every((field) => target[field] === undefined || target[field] === own[field]);
}

function withImages(value: Value, images: Kustomization['images']): Value {
  if (Array.isArray(value)) return value.map((each) => withImages(each, images));
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, /^(?:initC|c)ontainers$/.test(name) && Array.isArray(each) ? each.map((container) => withImage(container, images)) : withImages(each, images)]));
}

function withImage(container: Value, images: Kustomization['images']): Value {
  if (!isMapping(container) || typeof container['image'] !== 'string') return container;
  const [name = ''] = container['image'].split('@');
  const found = images.find((each) => each.name === name);
  const changed: Mapping = found === undefined ? container : { ...container, image: `${found.newName ?? name}@${found.digest}` };
  return changed;
}

function read(file: string, root: string): string {
  inside(file, root);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KustomizeError(`${file} in ${dirname(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function inside(path: string, root: string): void {
  const within = relative(root, path);
  if (within.startsWith('..') || /^[a-z]+:\/\//i.test(path)) throw new KustomizeError(`${path} is outside of ${root}`);
}
