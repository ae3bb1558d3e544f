/** Bytes of a pattern that are alike: each is so that `(byte & mask) === value`; a mask of 0 takes any. There are `least` to `most` of them. */
export interface Part {
  readonly value: number;
  readonly mask: number;
  readonly least: 0 | 1;
  /** 1 where `least` is 1; Infinity for no limit. */
  readonly most: number;
}

/** What matches a pattern, simplified: whatever matches the pattern matches one of its lines; a line may match more. */
export type Line = readonly Part[];

/** Most lines that one pattern is taken apart into, and most parts of a line; what would be more may be anything. */
const maxLines = 32;
const maxLineParts = 512;

export const anyByte: Part = { value: 0, mask: 0, least: 1, most: 1 };
const anything: Part = { value: 0, mask: 0, least: 0, most: Infinity };

export const exactly = (value: number): Part => ({ value, mask: 0xff, least: 1, most: 1 });
export const masked = (value: number, mask: number): Part => ({ value: value & mask, mask, least: 1, most: 1 });

/** A byte that takes all of `values`, and perhaps more. */
export function oneOf(values: readonly number[]): Part {
  return values.map(exactly).reduce(either);
}

/** What takes all that both take, and perhaps more. */
function either(one: Part, other: Part): Part {
  const mask = one.mask & other.mask & ~(one.value ^ other.value);
  return { ...one, value: one.value & mask, mask };
}

/** The lines of patterns that follow each other. */
export function inTurn(parts: readonly (readonly Line[])[]): readonly Line[] {
  let lines: readonly Line[] = [[]];
  for (const part of parts) {
    const next = part.length * lines.length > maxLines ? [[spanOf(part, 1)]] : part;
    lines = lines.flatMap((line) => next.map((end) => joined(line, end)));
  }
  return lines;
}

function joined(line: Line, end: Line): Line {
  return line.length + end.length > maxLineParts ? [...line.slice(0, maxLineParts), anything] : [...line, ...end];
}

/** The lines of a pattern that stands at least `least` times, at most `most`; Infinity for no limit. */
export function repeated(lines: readonly Line[], least: number, most: number): readonly Line[] {
  const first = Math.min(least, 32);
  const times = Array.from({ length: first }, () => lines);
  return inTurn(most === first ? times : [...times, [[spanOf(lines, most - first)]]]);
}

/** Any of the bytes that lines have, as many as they have when they stand up to `times` times. */
function spanOf(lines: readonly Line[], times: number): Part {
  const parts = lines.flat();
  const most = Math.max(0, ...lines.map((line) => line.reduce((sum, part) => sum + part.most, 0)));
  if (parts.length === 0) return { ...anything, most: 0 };
  return { ...parts.reduce(either), least: 0, most: most === 0 ? 0 : most * times };
}

/** A line whose letters may be of either case. */
export function withoutCase(line: Line): Line {
  return line.map((part) => (part.mask === 0xff && !isLetter(part.value) ? part : { ...part, value: part.value & 0xdf, mask: part.mask & 0xdf }));
}

/** A line in UTF-16LE. What is not one certain character may be anything. */
export function widened(line: Line): Line {
  return line.flatMap((part): Line => (part.least === 1 && (part.mask === 0xff || part.mask === 0xdf) ? [part, exactly(0)] : [anything]));
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}
