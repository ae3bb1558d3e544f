import type { FileDescription } from '@icecore/snapshot';

/** A value as JSON has it. `null`: there is none, or the dump does not say. */
export type FieldValue = string | number | boolean | null | readonly (string | number)[];

/** Named values of a thing. A value that is undefined could not be read, and so is not compared. */
export type Fields = Readonly<Record<string, FieldValue | undefined>>;

/** A field whose value is another one. */
export interface FieldChange {
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** The fields that differ, in the order in which `before` names them, then those that only `after` has. */
export function compareFields(before: Fields, after: Fields): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field) => {
    const was = before[field];
    const is = after[field];
    if (was === undefined || is === undefined || JSON.stringify(was) === JSON.stringify(is)) return [];
    return [{ field, before: was, after: is }];
  });
}

/** Orders by code units, the same on every machine. */
export function inOrder<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The name of a file as `/proc` shows it. */
export function fileName(file: FileDescription | undefined): string | null {
  if (file === undefined) return null;
  return file.deleted && !file.name.endsWith(' (deleted)') ? `${file.name} (deleted)` : file.name;
}

/** A 64-bit count for JSON: exact up to 2^53. */
export function countOf(value: bigint | undefined): number | null {
  return value === undefined ? null : Number(value);
}
