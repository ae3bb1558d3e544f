import { isList, type Stored } from './stored-value.ts';

/**
 * Order of two stored values of one column, the order of `ORDER BY x NULLS LAST` in SQL: text by its UTF-8 bytes,
 * numbers by size with NaN last, false before true, lists and structs part by part.
 */
export function compareStored(left: Stored, right: Stored): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (isList(left) && isList(right)) return compareLists(left, right);
  if (typeof left === 'object' && typeof right === 'object') return compareLists(Object.values(left), Object.values(right));
  if (left < right) return -1;
  if (left > right) return 1;
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
}

function compareLists(left: readonly Stored[], right: readonly Stored[]): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const order = compareStored(left[i] ?? null, right[i] ?? null);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return utf8Rank(a) - utf8Rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for the characters above U+FFFF, so in UTF-8 they come after all other code units. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
