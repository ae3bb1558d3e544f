import { byteFrequency } from './byte-frequency.ts';

/** A pattern as the kernel compares it: a byte `b` of the buffer matches at `i` where `(b | folds[i]) === bytes[i]`. */
export interface Pattern {
  /** Where the caller listed it. */
  readonly index: number;
  readonly bytes: Uint8Array;
  /** 0x20 where the byte is an ASCII letter whose case is ignored, 0 elsewhere. */
  readonly folds: Uint8Array;
}

const caseBit = 0x20;

export function preparePattern(raw: Uint8Array, index: number, ignoreCase: boolean): Pattern {
  const bytes = new Uint8Array(raw);
  const folds = new Uint8Array(raw.length);
  for (const [i, byte] of ignoreCase ? bytes.entries() : []) {
    if (!isLetter(byte)) continue;
    bytes[i] = byte | caseBit;
    folds[i] = caseBit;
  }
  return { index, bytes, folds };
}

/** The values of a buffer's byte that match the pattern at `i`. */
export function valuesAt(pattern: Pattern, i: number): readonly number[] {
  const byte = pattern.bytes[i]!;
  return pattern.folds[i] === 0 ? [byte] : [byte, byte ^ caseBit];
}

/** How common a match of the pattern's byte at `i` is, on the scale of `byteFrequency`. */
export function frequencyAt(pattern: Pattern, i: number): number {
  const byte = pattern.bytes[i]!;
  return Math.max(byteFrequency[byte]!, byteFrequency[byte ^ pattern.folds[i]!]!);
}

/** True where `wide` is the UTF-16LE form of the characters U+0001 to U+00FF whose bytes are `narrow`. */
export function isWideForm(wide: Pattern, narrow: Pattern): boolean {
  if (wide.bytes.length !== 2 * narrow.bytes.length) return false;
  for (let i = 0; i < narrow.bytes.length; i++) {
    if (wide.bytes[2 * i] !== narrow.bytes[i] || wide.bytes[2 * i + 1] !== 0) return false;
  }
  return true;
}

function isLetter(byte: number): boolean {
  const lower = byte | caseBit;
  return lower >= 0x61 && lower <= 0x7a;
}
