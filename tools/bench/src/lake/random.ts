import { mulberry32 } from '@icecore/hostile';

/** Numbers by chance that are the same for the same seed. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  /** So many lower-case hex digits. */
  hex(digits: number): string;
}

export function randomOf(seed: number): Random {
  const next = mulberry32(seed);
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick(from) {
      const picked = from[between(0, from.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    hex: (digits) => Array.from({ length: Math.ceil(digits / 8) }, () => between(0, 0xffff_ffff).toString(16).padStart(8, '0')).join('').slice(0, digits),
  };
}
