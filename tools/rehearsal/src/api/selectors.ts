import { ApiRefusal, isObject, type StoredObject } from './object.ts';

/** Objects that a label selector and a field selector let through: equality, inequality, sets and existence, as the API has them. */
export function selecting(labelSelector: string | undefined, fieldSelector: string | undefined): (object: StoredObject) => boolean {
  const byLabel = requirements(labelSelector, labelRequirement);
  const byField = requirements(fieldSelector, fieldRequirement);
  return (object) => [...byLabel, ...byField].every((holds) => holds(object));
}

type Requirement = (object: StoredObject) => boolean;

function requirements(selector: string | undefined, parse: (text: string) => Requirement): Requirement[] {
  if (selector === undefined || selector === '') return [];
  // Commas within the brackets of a set do not part.
  return (selector.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map(parse);
}

function labelRequirement(text: string): Requirement {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(text.trim());
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((each) => each.trim());
    return (object) => values.includes(object.metadata.labels?.[set[1] ?? ''] ?? '') === (set[2] === 'in');
  }
  const equal = /^([^=!]+)(!=|==?)([^=]*)$/.exec(text.trim());
  if (equal !== null) return (object) => (object.metadata.labels?.[equal[1] ?? ''] === equal[3]) === (equal[2] !== '!=');
  const absent = text.trim().startsWith('!');
  const name = text.trim().replace(/^!/, '');
  return (object) => Object.hasOwn(object.metadata.labels ?? {}, name) !== absent;
}

function fieldRequirement(text: string): Requirement {
  const [, path = '', operator = '', value = ''] = /^([^=!]+)(!=|==?)(.*)$/.exec(text.trim()) ?? [];
  if (path === '') throw new ApiRefusal(400, 'BadRequest', `unable to parse field selector ${text}`);
  return (object) => {
    let found: unknown = object;
    for (const part of path.split('.')) found = isObject(found) ? found[part] : undefined;
    return (String(found ?? '') === value) === (operator !== '!=');
  };
}
