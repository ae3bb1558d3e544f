import { isDeepStrictEqual } from 'node:util';

/** Something that icecore tells otherwise than the truth does. */
export interface Difference {
  /** What it is about: `process 1 fd 3`. */
  readonly subject: string;
  readonly field: string;
  readonly truth: unknown;
  readonly icecore: unknown;
}

/** Facts that were held against each other. */
export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
  check(subject: string, field: string, truth: unknown, icecore: unknown): void;
}

export function comparison(): Comparison {
  const differences: Difference[] = [];
  let compared = 0;
  return {
    get compared() {
      return compared;
    },
    differences,
    check(subject, field, truth, icecore) {
      compared += 1;
      if (!isDeepStrictEqual(truth, icecore)) differences.push({ subject, field, truth, icecore });
    },
  };
}

/** Pairs the items of two lists by a key; those that one list alone has are paired with undefined. */
export function paired<T, I, K>(truth: readonly T[], truthKey: (item: T) => K, icecore: readonly I[], icecoreKey: (item: I) => K): [K, T | undefined, I | undefined][] {
  const found = new Map(icecore.map((item) => [icecoreKey(item), item]));
  const pairs: [K, T | undefined, I | undefined][] = truth.map((item) => [truthKey(item), item, found.get(truthKey(item))]);
  const known = new Set(truth.map(truthKey));
  for (const [key, item] of found) if (!known.has(key)) pairs.push([key, undefined, item]);
  return pairs;
}

/** A fact as JSON for a reader; bigints end in `n`. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each instanceof Map ? [...each] : each)) ?? 'undefined';
}
