/** A value that JSON can hold. A bigint is written as a JSON number with all its digits. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The TypeScript type of a value, by the kind of its column. */
export interface ValueOfKind {
  /** Any text. A lone surrogate is stored as U+FFFD, for UTF-8 has no form for it. */
  text: string;
  /** Signed, 32 bits. */
  integer: number;
  /** Signed, 64 bits. */
  bigint: bigint;
  double: number;
  boolean: boolean;
  /** A moment, in whole milliseconds, between the years 1 and 9999. */
  timestamp: Date;
  /** Stored as JSON text with sorted keys, so that equal values are equal text. */
  json: JsonValue;
  text_list: readonly string[];
}

/** A kind of column whose values need no further description. */
export type PlainKind = keyof ValueOfKind;

/** A column of one of the plain kinds. */
export interface PlainColumn<Kind extends PlainKind = PlainKind, Nullable extends boolean = boolean> {
  readonly kind: Kind;
  readonly nullable: Nullable;
  /** One sentence: what a value means, its unit, and what NULL means where NULL is allowed. */
  readonly description: string;
}

/** A column whose value is a list of structs with the same fields. */
export interface StructListColumn<Fields extends Columns = Columns, Nullable extends boolean = boolean> {
  readonly kind: 'struct_list';
  readonly fields: Fields;
  readonly nullable: Nullable;
  readonly description: string;
}

export type Column = PlainColumn | StructListColumn;

/** Columns by name, in the order in which they are stored. */
export interface Columns {
  readonly [name: string]: Column;
}

/** The TypeScript type of a column's values. */
export type ValueOf<C extends Column> = C extends { readonly nullable: false } ? PresentValueOf<C> : PresentValueOf<C> | null;

type PresentValueOf<C extends Column> =
  C extends StructListColumn<infer Fields>
    ? readonly ValuesOf<Fields>[]
    : C extends PlainColumn<infer Kind>
      ? ValueOfKind[Kind]
      : never;

/** One value for each column. */
export type ValuesOf<C extends Columns> = { readonly [Name in keyof C]: ValueOf<C[Name]> };

function plain<Kind extends PlainKind>(kind: Kind): (description: string) => PlainColumn<Kind, false> {
  return (description) => ({ kind, nullable: false, description });
}

/** Text; `varchar`. */
export const text = plain('text');
/** A signed number of 32 bits; `integer`. */
export const integer = plain('integer');
/** A signed number of 64 bits; `bigint`. For unsigned evidence see `signedOrNull` and `address`. */
export const bigint = plain('bigint');
/** A floating point number of 64 bits; `double`. */
export const double = plain('double');
/** True or false; `boolean`. */
export const boolean = plain('boolean');
/** A moment in UTC, to the millisecond; `timestamp(3)`. */
export const timestamp = plain('timestamp');
/** JSON as text; `varchar`. For attributes that differ from row to row. */
export const json = plain('json');
/** A list of text; `array(varchar)`. The empty list is not NULL. */
export const textList = plain('text_list');

/** A list of structs; `array(row(…))`. The empty list is not NULL. */
export function structList<const Fields extends Columns>(fields: Fields, description: string): StructListColumn<Fields, false> {
  return { kind: 'struct_list', fields, nullable: false, description };
}

/** The same column, with NULL allowed. NULL means not known, or not applicable; the description says which. */
export function nullable<C extends Column>(column: C): Omit<C, 'nullable'> & { readonly nullable: true } {
  return { ...column, nullable: true };
}
