import { inOrder } from './fields.ts';

/** What was added to a list of things, removed from it, and what is another in it. */
export interface Changes<Item, Change> {
  readonly added: readonly Item[];
  readonly removed: readonly Item[];
  readonly changed: readonly Change[];
}

/** Names a thing within its list; undefined where it cannot be named this way. */
export type KeyOf<T> = (item: T) => string | undefined;

export interface Pairing<T> {
  readonly pairs: readonly (readonly [T, T])[];
  /** Things of `before` that have no partner, in their order. */
  readonly removed: readonly T[];
  /** Things of `after` that have no partner, in their order. */
  readonly added: readonly T[];
}

/**
 * Finds the things of two lists that are the same thing. Keys are tried one after the other, the most telling first;
 * of things with equal keys the first goes with the first. Pairs come in the order of the tries, then of the keys, so
 * that the order is the same whichever list is `before`.
 */
export function pairUp<T>(before: readonly T[], after: readonly T[], keys: readonly KeyOf<T>[]): Pairing<T> {
  const pairs: [T, T][] = [];
  let removed = before;
  let added = after;
  for (const keyOf of keys) {
    // By index, for equal texts are one value.
    const waiting = new Map<string, number[]>();
    for (let i = added.length - 1; i >= 0; i--) {
      const key = keyOf(added[i]!);
      if (key === undefined) continue;
      const same = waiting.get(key);
      if (same === undefined) waiting.set(key, [i]);
      else same.push(i);
    }
    const found = new Set<number>();
    const left: T[] = [];
    const paired: { key: string; pair: [T, T] }[] = [];
    for (const item of removed) {
      const key = keyOf(item);
      const partner = key === undefined ? undefined : waiting.get(key)?.pop();
      if (key === undefined || partner === undefined) left.push(item);
      else {
        found.add(partner);
        paired.push({ key, pair: [item, added[partner]!] });
      }
    }
    paired.sort((a, b) => inOrder(a.key, b.key));
    for (const { pair } of paired) pairs.push(pair);
    removed = left;
    added = added.filter((_, i) => !found.has(i));
  }
  return { pairs, removed, added };
}

/** The order of two texts that JSON makes of values: the same for the same values, whichever list they stand in. */
export function inTextOrder(a: unknown, b: unknown): number {
  return inOrder(JSON.stringify(a), JSON.stringify(b));
}
