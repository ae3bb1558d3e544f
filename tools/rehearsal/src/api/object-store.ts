import { randomUUID } from 'node:crypto';
import { ApiRefusal, builtIn, isObject, type JsonObject, mergePatch, type ObjectMetadata, type Resource, type Schema, type StoredObject } from './object.ts';
import { validate } from './validate.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** A change, as watches tell it. */
export interface Change {
  readonly version: number;
  readonly type: ChangeType;
  readonly resource: Resource;
  readonly object: StoredObject;
}

export interface WriteOptions {
  /** Refuses fields that the schema does not know; else they are dropped. */
  readonly strict?: boolean;
}

/** Keeps objects as an API server does: versions, conflicts, finalizers, schemas. */
export interface ObjectStore {
  resources(): readonly Resource[];
  resource(group: string, version: string, plural: string): Resource | undefined;
  get(resource: Resource, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: Resource, namespace: string | undefined): StoredObject[];
  create(resource: Resource, namespace: string | undefined, given: unknown, options?: WriteOptions): StoredObject;
  /** `part` is `status` for the path of the status alone. */
  patch(resource: Resource, namespace: string | undefined, name: string, patch: unknown, part: 'main' | 'status', options?: WriteOptions): StoredObject;
  delete(resource: Resource, namespace: string | undefined, name: string): StoredObject;
  /** The version of the last change. */
  version(): number;
  /** Changes after a version; undefined where they are no longer known. */
  since(version: number): readonly Change[] | undefined;
  /** Forgets all changes before now, as compaction does. */
  compact(): void;
  onChange(told: (change: Change) => void): () => void;
}

/** Changes that are remembered for watches that come back. */
const rememberedChanges = 5000;

export function objectStore(): ObjectStore {
  const resources: Resource[] = [...builtIn];
  const objects = new Map<string, { resource: Resource; object: StoredObject }>();
  const listeners = new Set<(change: Change) => void>();
  let changes: Change[] = [];
  let forgotten = 0;
  let version = 100;

  const keyOf = ({ group, plural }: Resource, namespace: string | undefined, name: string): string => `${group}/${plural}/${namespace ?? ''}/${name}`;
  const tell = (type: ChangeType, resource: Resource, object: StoredObject): void => {
    const change = { version, type, resource, object };
    changes.push(change);
    if (changes.length > rememberedChanges) forgotten = changes.splice(0, changes.length - rememberedChanges).at(-1)?.version ?? forgotten;
    for (const told of listeners) told(change);
  };
  const put = (type: ChangeType, resource: Resource, fields: JsonObject, metadata: ObjectMetadata): StoredObject => {
    version += 1;
    const object: StoredObject = { ...fields, apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`, kind: resource.kind, metadata: { ...metadata, resourceVersion: String(version) } };
    const key = keyOf(resource, metadata.namespace, metadata.name);
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, { resource, object });
    tell(type, resource, object);
    return object;
  };
  const existing = (resource: Resource, namespace: string | undefined, name: string): StoredObject => {
    const found = objects.get(keyOf(resource, namespace, name));
    if (found === undefined) throw new ApiRefusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`);
    return found.object;
  };
  const checked = (resource: Resource, name: string, given: JsonObject, before: JsonObject | undefined, { strict = false }: WriteOptions): JsonObject => {
    if (resource.schema === undefined) return given;
    // Metadata has a schema of its own.
    const { metadata, ...body } = given;
    const { value, problems, unknown } = validate(resource.schema, { ...body, metadata: {} }, before);
    if (strict && unknown.length > 0) throw new ApiRefusal(400, 'BadRequest', `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(', ')}`);
    if (problems.length > 0) throw new ApiRefusal(422, 'Invalid', `${resource.kind}.${resource.group} "${name}" is invalid: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}`);
    return { ...(isObject(value) ? value : {}), metadata };
  };

  return {
    resources: () => resources,
    resource: (group, ofVersion, plural) => resources.find((each) => each.group === group && each.version === ofVersion && each.plural === plural),
    get: (resource, namespace, name) => objects.get(keyOf(resource, namespace, name))?.object,
    list: (resource, namespace) =>
      [...objects.values()].filter((each) => each.resource === resource && (namespace === undefined || each.object.metadata.namespace === namespace)).map(({ object }) => object).sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
    create(resource, namespace, given, options = {}) {
      if (!isObject(given) || !isObject(given['metadata'])) throw new ApiRefusal(400, 'BadRequest', 'the body has no metadata');
      const wanted = given['metadata'];
      const name = typeof wanted['name'] === 'string' ? wanted['name'] : '';
      if (!/^[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/.test(name)) throw new ApiRefusal(422, 'Invalid', `${resource.kind} "${name}" is invalid: metadata.name: Invalid value`);
      if (objects.has(keyOf(resource, namespace, name))) throw new ApiRefusal(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`);
      const { status, ...body } = given;
      const fields = checked(resource, name, resource.statusPath && resource.schema !== undefined ? body : given, undefined, options);
      void status;
      const metadata: ObjectMetadata = { ...wanted, name, ...(namespace === undefined ? {} : { namespace }), uid: typeof wanted['uid'] === 'string' ? wanted['uid'] : randomUUID(), resourceVersion: '', generation: 1, creationTimestamp: seconds(new Date()) };
      if (resource.kind === 'CustomResourceDefinition') resources.push(resourceOf(given));
      return put('ADDED', resource, fields, metadata);
    },
    patch(resource, namespace, name, patch, part, options = {}) {
      const before = existing(resource, namespace, name);
      if (!isObject(patch)) throw new ApiRefusal(400, 'BadRequest', 'the patch is no object');
      const wanted = isObject(patch['metadata']) ? patch['metadata'] : {};
      const demanded = wanted['resourceVersion'];
      if (typeof demanded === 'string' && demanded !== before.metadata.resourceVersion) {
        throw new ApiRefusal(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`);
      }
      if (typeof wanted['uid'] === 'string' && wanted['uid'] !== before.metadata.uid) throw new ApiRefusal(409, 'Conflict', `Precondition failed: UID in precondition: ${wanted['uid']}, UID in object meta: ${before.metadata.uid}`);
      const merged = mergePatch(before, part === 'status' ? { status: patch['status'] } : patch);
      if (!isObject(merged)) throw new ApiRefusal(400, 'BadRequest', 'the patch leaves no object');
      const kept = part === 'main' && resource.statusPath && resource.kind !== 'Pod' && resource.kind !== 'Node' ? { ...merged, status: before['status'] } : merged;
      const fields = checked(resource, name, stripUndefined(kept), before, options);
      const metadata: ObjectMetadata = part === 'status' ? before.metadata : { ...before.metadata, ...pickMetadata(merged['metadata']) };
      const changedSpec = JSON.stringify(fields['spec']) !== JSON.stringify(before['spec']);
      const next = { ...metadata, generation: metadata.generation + (changedSpec ? 1 : 0) };
      if (next.deletionTimestamp !== undefined && (next.finalizers ?? []).length === 0) return put('DELETED', resource, fields, next);
      return put('MODIFIED', resource, fields, next);
    },
    delete(resource, namespace, name) {
      const before = existing(resource, namespace, name);
      const metadata = before.metadata;
      if ((metadata.finalizers ?? []).length === 0) return put('DELETED', resource, before, metadata);
      if (metadata.deletionTimestamp !== undefined) return before;
      return put('MODIFIED', resource, before, { ...metadata, deletionTimestamp: seconds(new Date()) });
    },
    version: () => version,
    since: (from) => (from < forgotten ? undefined : changes.filter((change) => change.version > from)),
    compact() {
      forgotten = version;
      changes = [];
    },
    onChange(told) {
      listeners.add(told);
      return () => void listeners.delete(told);
    },
  };
}

function pickMetadata(value: unknown): Partial<ObjectMetadata> {
  if (!isObject(value)) return {};
  const texts = (given: unknown): Record<string, string> | undefined => (isObject(given) ? Object.fromEntries(Object.entries(given).map(([key, each]) => [key, String(each)])) : undefined);
  const [labels, annotations] = [texts(value['labels']), texts(value['annotations'])];
  const finalizers = Array.isArray(value['finalizers']) ? value['finalizers'].map(String) : [];
  return { ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }), finalizers };
}

/** The resource that a CustomResourceDefinition defines. */
function resourceOf(definition: JsonObject): Resource {
  const spec = at(definition, 'spec');
  const [version] = Array.isArray(spec['versions']) ? spec['versions'].filter(isObject) : [];
  const names = at(spec, 'names');
  if (version === undefined) throw new ApiRefusal(422, 'Invalid', 'CustomResourceDefinition is invalid: spec.versions: Required value');
  const schema: Schema = at(at(version, 'schema'), 'openAPIV3Schema');
  return { group: String(spec['group']), version: String(version['name']), plural: String(names['plural']), kind: String(names['kind']), namespaced: spec['scope'] === 'Namespaced', statusPath: isObject(at(version, 'subresources')['status']), schema };
}

function at(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

function stripUndefined(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

export function qualified({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function sortKey({ metadata }: StoredObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Times of metadata have whole seconds. */
function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
