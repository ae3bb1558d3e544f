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
  const folds = raw.map((byte) => (ignoreCase && isLetter(byte) ? caseBit : 0));
  return { index, bytes: raw.map((byte, i) => byte | folds[i]!), folds };
}

/** The values of a buffer's byte that match the pattern at `i`. */
export function valuesAt(pattern: Pattern, i: number): readonly number[] {
  const byte = pattern.bytes[i]!;
  return pattern.folds[i] === 0 ? [byte] : [byte, byte ^ caseBit];
}

/** How common a match of the pattern's byte at `i` is, on the scale of `byteFrequency`. */
export function frequencyAt(pattern: Pattern, i: number): number {
  return Math.max(...valuesAt(pattern, i).map((value) => byteFrequency[value]!));
}

/** True where `wide` is the UTF-16LE form of the characters U+0001 to U+00FF whose bytes are `narrow`. */
export function isWideForm(wide: Pattern, narrow: Pattern): boolean {
  return (
    wide.bytes.length === 2 * narrow.bytes.length &&
    wide.bytes.every((byte, i) => byte === (i % 2 === 0 ? narrow.bytes[i / 2] : 0))
  );
}

function isLetter(byte: number): boolean {
  const lower = byte | caseBit;
  return lower >= 0x61 && lower <= 0x7a;
}
