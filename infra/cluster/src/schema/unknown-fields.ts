/**
 * Fields of a value that a validator never asked for, as paths. The validators of kubernetes-models look at each field that
 * the API's schema declares and let every other pass; what was not looked at is not in the schema. Where a validator asks
 * nothing of a mapping at all, its content is free, as in the schema's own `default`.
 */
export function unknownFields(value: unknown, validate: (watched: unknown) => boolean): readonly string[] {
  const seen = new Map<string, { readonly own: readonly string[]; readonly asked: Set<string>; all: boolean }>();
  validate(watch(value, '', seen));
  return [...seen].flatMap(([path, { own, asked, all }]) => (all || asked.size === 0 ? [] : own.filter((name) => !asked.has(name)).map((name) => `${path}/${name}`)));
}

type Seen = Map<string, { readonly own: readonly string[]; readonly asked: Set<string>; all: boolean }>;

function watch(value: unknown, path: string, seen: Seen): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each, i) => watch(each, `${path}/${i}`, seen));
  const note = { own: Object.keys(value), asked: new Set<string>(), all: false };
  seen.set(path, note);
  const fields = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, watch(each, `${path}/${name}`, seen)]));
  return new Proxy(fields, {
    get(target, name) {
      if (typeof name === 'string') note.asked.add(name);
      return typeof name === 'string' ? target[name] : undefined;
    },
    has(target, name) {
      if (typeof name === 'string') note.asked.add(name);
      return Object.hasOwn(target, name);
    },
    ownKeys(target) {
      note.all = true;
      return Reflect.ownKeys(target);
    },
  });
}
