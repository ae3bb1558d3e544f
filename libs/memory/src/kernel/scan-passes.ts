import { frequencyAt, isWideForm, type Pattern, valuesAt } from './pattern.ts';

/** A pattern that a pass looks for, and how far after the pattern's start the place lies at which the pass notices it. */
export interface PassMatch {
  readonly pattern: Pattern;
  readonly back: number;
}

/**
 * Looks for a byte that is rare in memory and, at one of two steps after it, for another: a pattern and its
 * UTF-16LE form in one pass, or one pattern, whose steps are equal.
 */
export interface PairPass {
  readonly kind: 'pair';
  readonly first: RareByte;
  readonly second: RareByte;
  readonly nearStep: number;
  readonly farStep: number;
  readonly matches: readonly PassMatch[];
}

export interface RareByte {
  readonly byte: number;
  readonly fold: number;
}

/**
 * Looks for three consecutive bytes of up to 32 patterns in eight buckets, by the tables of what a bucket allows
 * for the low and for the high nibble of each byte (the Teddy algorithm).
 */
export interface NibblePass {
  readonly kind: 'nibbles';
  /** For each of the three bytes 16 values for the low and 16 for the high nibble; bit `n` stands for bucket `n`. */
  readonly tables: readonly { readonly low: Uint8Array; readonly high: Uint8Array }[];
  readonly buckets: readonly (readonly PassMatch[])[];
}

export type ScanPass = PairPass | NibblePass;

/** Above this many pair passes nibble passes are the faster ones. */
const maxPairPassCount = 3;
const bucketCount = 8;
const maxNibblePatternCount = 4 * bucketCount;
const windowBytes = 3;

/** The passes over the buffer that find all patterns. */
export function scanPasses(patterns: readonly Pattern[]): readonly ScanPass[] {
  const groups = pairWideForms(patterns);
  if (groups.length <= maxPairPassCount) return groups.map(pairPass);
  const anchored = patterns.map((pattern) => ({ pattern, window: rarestWindow(pattern) }));
  anchored.sort((a, b) => compareWindows(a.pattern, a.window, b.pattern, b.window));
  const passCount = Math.ceil(anchored.length / maxNibblePatternCount);
  return split(anchored, passCount).map(nibblePass);
}

/** Lists every pattern once, with its UTF-16LE form where that is a pattern too. */
function pairWideForms(patterns: readonly Pattern[]): readonly (readonly [Pattern, Pattern?])[] {
  const taken = new Set<Pattern>();
  const groups: [Pattern, Pattern?][] = [];
  for (const narrow of [...patterns].sort((a, b) => a.bytes.length - b.bytes.length)) {
    if (taken.has(narrow)) continue;
    const wide = patterns.find((other) => other !== narrow && !taken.has(other) && isWideForm(other, narrow));
    taken.add(narrow);
    if (wide !== undefined) taken.add(wide);
    groups.push([narrow, wide]);
  }
  return groups;
}

function pairPass([narrow, wide]: readonly [Pattern, Pattern?]): PairPass {
  const [early, late] = rarestPair(narrow);
  const nearStep = late - early;
  const matches = [{ pattern: narrow, back: early }];
  if (wide !== undefined) matches.push({ pattern: wide, back: 2 * early });
  return {
    kind: 'pair',
    first: { byte: narrow.bytes[early]!, fold: narrow.folds[early]! },
    second: { byte: narrow.bytes[late]!, fold: narrow.folds[late]! },
    nearStep,
    farStep: wide === undefined ? nearStep : 2 * nearStep,
    matches,
  };
}

/** Offsets of the two rarest bytes, in order; of different values where there are different values. */
function rarestPair(pattern: Pattern): readonly [number, number] {
  const offsets = [...pattern.bytes.keys()].sort((a, b) => frequencyAt(pattern, a) - frequencyAt(pattern, b) || a - b);
  const rarest = offsets[0] ?? 0;
  const other = offsets.find((offset) => pattern.bytes[offset] !== pattern.bytes[rarest]) ?? offsets[1] ?? rarest;
  return [Math.min(rarest, other), Math.max(rarest, other)];
}

/** Offset of the three consecutive bytes that are rarest together; 0 for a pattern of fewer. */
function rarestWindow(pattern: Pattern): number {
  let best = 0;
  let lowest = Infinity;
  for (let start = 0; start + windowBytes <= pattern.bytes.length; start++) {
    const sum = frequencyAt(pattern, start) + frequencyAt(pattern, start + 1) + frequencyAt(pattern, start + 2);
    if (sum < lowest) [best, lowest] = [start, sum];
  }
  return best;
}

/** Orders like windows, and all windows with room in them, next to each other: what shares a bucket adds up. */
function compareWindows(a: Pattern, startA: number, b: Pattern, startB: number): number {
  const lengths = Math.min(a.bytes.length, windowBytes) - Math.min(b.bytes.length, windowBytes);
  if (lengths !== 0) return lengths;
  for (let i = 0; i < windowBytes; i++) {
    const difference = (a.bytes[startA + i] ?? 0) - (b.bytes[startB + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.index - b.index;
}

function nibblePass(members: readonly { readonly pattern: Pattern; readonly window: number }[]): NibblePass {
  const tables = Array.from({ length: windowBytes }, () => ({ low: new Uint8Array(16), high: new Uint8Array(16) }));
  const buckets = split(members, bucketCount);
  for (const [number, bucket] of buckets.entries()) {
    const bit = 1 << number;
    for (const { pattern, window } of bucket) {
      for (const [i, { low, high }] of tables.entries()) {
        for (const value of window + i < pattern.bytes.length ? valuesAt(pattern, window + i) : anyNibble) {
          low[value & 0x0f]! |= bit;
          high[value >> 4]! |= bit;
        }
      }
    }
  }
  const noticed = windowBytes - 1;
  return {
    kind: 'nibbles',
    tables,
    buckets: buckets.map((bucket) => bucket.map(({ pattern, window }) => ({ pattern, back: window + noticed }))),
  };
}

/** Values that have every low and every high nibble between them. */
const anyNibble: readonly number[] = Array.from({ length: 16 }, (_, nibble) => nibble * 0x11);

/** `count` runs of the list, of equal length as far as they can be. */
function split<T>(list: readonly T[], count: number): readonly (readonly T[])[] {
  return Array.from({ length: count }, (_, i) =>
    list.slice(Math.floor((i * list.length) / count), Math.floor(((i + 1) * list.length) / count)),
  );
}
