/*
 * A schema is a value: `message('pagemap_head', { pages_id: required(1, 'uint32') })`. Types of decoded messages are
 * inferred from it, the codec walks it. Field names, numbers and types are those of CRIU's images.
 */

/** How CRIU's own tools print a field, where a plain number would not do. */
export type Show = 'hex' | 'address' | 'device' | 'user-device' | 'quoted' | `flags:${string}` | `name:${string}`;

interface ScalarValues {
  uint32: number;
  int32: number;
  sint32: number;
  fixed32: number;
  uint64: bigint;
  int64: bigint;
  sint64: bigint;
  fixed64: bigint;
  bool: boolean;
  string: string;
  bytes: Uint8Array;
}
export type Scalar = keyof ScalarValues;

/** A closed list of names for numbers. A number that has no name stays a number. */
export interface Enumeration<Names extends string = string> {
  readonly kind: 'enumeration';
  readonly name: string;
  readonly byName: ReadonlyMap<string, number>;
  readonly byNumber: ReadonlyMap<number, Names>;
}

export interface Message<Fields extends FieldMap = FieldMap> {
  readonly kind: 'message';
  readonly name: string;
  readonly fields: Fields;
  /** How the codec walks the message. Made when it is first asked for: a program uses few of the schemas it knows. */
  readonly plan: () => MessagePlan;
}

export interface MessagePlan {
  /** Fields by tag (number << 3 | wire type): one number may hold two forms that differ in wire type. */
  readonly byTag: ReadonlyMap<number, NamedField>;
  /** Fields in ascending order of their numbers, the order in which CRIU writes them. */
  readonly ordered: readonly NamedField[];
  /** Fields whose tag is below 128 (those with numbers up to 15), by tag: most of them, and a list is faster to look into. */
  readonly lowTags: readonly (NamedField | undefined)[];
  /** Names of lists, which are there even when empty. */
  readonly lists: readonly string[];
  readonly requiredCount: number;
}

/** What a field holds; `self` stands for the message that the field is part of. */
export type FieldType = Scalar | Enumeration | Message | 'self';
export type Rule = 'required' | 'optional' | 'repeated' | 'packed';

export interface Field<R extends Rule = Rule, T extends FieldType = FieldType> {
  readonly number: number;
  readonly rule: R;
  readonly type: T;
  readonly show: Show | undefined;
}
export type FieldMap = Readonly<Record<string, Field>>;
/** A field under its name, ready to be walked: `self` is resolved. */
export interface NamedField {
  readonly name: string;
  readonly number: number;
  readonly rule: Rule;
  readonly type: Exclude<FieldType, 'self'>;
  readonly show: Show | undefined;
}

/** A field that the schema does not know, kept as it stands on the wire, its tag included. */
export interface UnknownField {
  readonly number: number;
  readonly raw: Uint8Array;
}

type ValueOf<T> = T extends Scalar
  ? ScalarValues[T]
  : T extends Enumeration<infer Names>
    ? Names | number
    : T extends Message<infer Fields>
      ? MessageValue<Fields>
      : T extends 'self'
        ? AnyMessage
        : never;

type KeysOf<Fields extends FieldMap, R extends Rule> = {
  [K in keyof Fields]: Fields[K]['rule'] extends R ? K : never;
}[keyof Fields];

type MessageValue<Fields extends FieldMap> = {
  readonly [K in KeysOf<Fields, 'required'>]: ValueOf<Fields[K]['type']>;
} & {
  readonly [K in KeysOf<Fields, 'optional'>]?: ValueOf<Fields[K]['type']>;
} & {
  readonly [K in KeysOf<Fields, 'repeated' | 'packed'>]: readonly ValueOf<Fields[K]['type']>[];
} & { readonly $unknown?: readonly UnknownField[] };

/** The decoded form of a schema: required fields are there, optional ones may be, repeated ones are lists. */
export type MessageOf<M extends Message> = M extends Message<infer Fields> ? MessageValue<Fields> : never;

/** A decoded message of a schema that is only known at run time. */
export interface AnyMessage {
  readonly $unknown?: readonly UnknownField[];
  readonly [name: string]: unknown;
}

/** The fields of a message whose schema is not known to the caller. */
export function fieldsOf(value: AnyMessage): AnyMessage {
  return value;
}

function field<R extends Rule, T extends FieldType>(rule: R, number: number, type: T, show?: Show): Field<R, T> {
  return { number, rule, type, show };
}
export const required = <T extends FieldType>(number: number, type: T, show?: Show) => field('required', number, type, show);
export const optional = <T extends FieldType>(number: number, type: T, show?: Show) => field('optional', number, type, show);
export const repeated = <T extends FieldType>(number: number, type: T, show?: Show) => field('repeated', number, type, show);
export const packed = <T extends FieldType>(number: number, type: T, show?: Show) => field('packed', number, type, show);

export function enumeration<const Values extends Readonly<Record<string, number>>>(
  name: string,
  values: Values,
): Enumeration<keyof Values & string> {
  const byNumber = new Map<number, keyof Values & string>();
  for (const key in values) byNumber.set(values[key]!, key);
  return { kind: 'enumeration', name, byName: new Map(Object.entries(values)), byNumber };
}

export function message<const Fields extends FieldMap>(name: string, fields: Fields): Message<Fields> {
  let plan: MessagePlan | undefined;
  const schema: Message<Fields> = { kind: 'message', name, fields, plan: () => (plan ??= planOf(schema)) };
  return schema;
}

function planOf(schema: Message): MessagePlan {
  const ordered: NamedField[] = [];
  const byTag = new Map<number, NamedField>();
  for (const [name, { number, rule, type, show }] of Object.entries<Field>(schema.fields)) {
    ordered.push({ name, number, rule, type: type === 'self' ? schema : type, show });
  }
  ordered.sort((a, b) => a.number - b.number);
  for (const each of ordered) byTag.set(tagOf(each), each);
  // A list of scalars may be written packed or not, whatever the schema says: readers take both.
  for (const each of ordered) {
    const other = alternativeTag(each);
    if (other !== undefined && !byTag.has(other)) byTag.set(other, each);
  }
  const lowTags: NamedField[] = [];
  for (const [tag, each] of byTag) if (tag < 128) lowTags[tag] = each;
  return {
    byTag,
    ordered,
    lowTags,
    lists: ordered.filter(({ rule }) => rule === 'repeated' || rule === 'packed').map(({ name }) => name),
    requiredCount: ordered.filter(({ rule }) => rule === 'required').length,
  };
}

/** The tag under which CRIU writes a field. */
export function tagOf(each: NamedField): number {
  return (each.number << 3) | (each.rule === 'packed' ? 2 : wireTypeOf(each.type));
}

/** The wire type of one value. */
export function wireTypeOf(type: NamedField['type']): 0 | 1 | 2 | 5 {
  if (typeof type === 'object') return type.kind === 'message' ? 2 : 0;
  if (type === 'string' || type === 'bytes') return 2;
  if (type === 'fixed32') return 5;
  return type === 'fixed64' ? 1 : 0;
}

function alternativeTag(each: NamedField): number | undefined {
  const single = wireTypeOf(each.type);
  if (single === 2) return undefined;
  if (each.rule === 'packed') return (each.number << 3) | single;
  return each.rule === 'repeated' ? (each.number << 3) | 2 : undefined;
}
