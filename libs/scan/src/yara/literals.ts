import { type SetShare, setShare, shareOf } from './byte-shares.ts';
import { anyByte, type Line, type Part } from './pattern.ts';

/** A line of a pattern, taken apart around bytes of it whose number is certain. */
export interface Literal {
  /** Those bytes, under their masks. */
  readonly value: Uint8Array;
  readonly mask: Uint8Array;
  /** How many they are; where they are too few for an anchor, a byte of any value fills them up. */
  readonly size: number;
  /** Where in them the anchor is: `anchorBytes` bytes that are looked for first, in a fold where bytes that differ in 0x20 are one. */
  readonly anchor: number;
  /** What of the line stands before them, the nearest first, and behind them. */
  readonly before: Line;
  readonly after: Line;
}

export const anchorBytes = 4;
/** Bytes that are compared at once, at most. */
const maxLiteralBytes = 64;
/** Different folded values that an anchor may have, and how common it may be: a share of all places. */
const maxAnchorValues = 512;
const maxShare = 2e-5;

/** One literal of each line; undefined where a line has no anchor that is rare enough. */
export function literalsOf(lines: readonly Line[]): readonly Literal[] | undefined {
  const literals: Literal[] = [];
  for (const line of lines) {
    const literal = literalOf(line);
    if (literal === undefined) return undefined;
    literals.push(literal);
  }
  return literals;
}

/** A part of a line without gaps. */
interface Run {
  readonly start: number;
  readonly size: number;
  readonly parts: readonly Part[];
}

function literalOf(line: Line): Literal | undefined {
  let best: { readonly share: number; readonly run: Run; readonly at: number } | undefined;
  for (const run of runsOf(line)) {
    const shares = run.parts.map(shareOfPart);
    const counts = run.parts.map(foldedCount);
    for (let at = 0; at + anchorBytes <= run.parts.length; at++) {
      const values = counts.slice(at, at + anchorBytes).reduce((product, count) => product * count, 1);
      const share = shareOf(shares.slice(at, at + anchorBytes));
      if (values <= maxAnchorValues && share <= maxShare && (best === undefined || share < best.share)) best = { share, run, at };
    }
  }
  if (best === undefined) return undefined;
  const { run, at } = best;
  const from = Math.max(0, at - maxLiteralBytes / 2);
  const parts = run.parts.slice(from, from + maxLiteralBytes);
  const size = Math.min(parts.length, run.size - from);
  return {
    value: Uint8Array.from(parts, ({ value }) => value),
    mask: Uint8Array.from(parts, ({ mask }) => mask),
    size,
    anchor: at - from,
    before: line.slice(0, run.start + from).reverse(),
    after: line.slice(run.start + from + size),
  };
}

/** The runs of a line; a short one is filled up with a byte of any value, for what follows is not looked at with it. */
function runsOf(line: Line): readonly Run[] {
  const runs: { readonly start: number; readonly parts: Part[] }[] = [{ start: 0, parts: [] }];
  for (const [at, part] of line.entries()) {
    if (part.least === 0) runs.push({ start: at + 1, parts: [] });
    else runs.at(-1)?.parts.push(part);
  }
  return runs.map(({ start, parts }) => ({ start, size: parts.length, parts: parts.length === anchorBytes - 1 ? [...parts, anyByte] : parts }));
}

function foldedCount(part: Part): number {
  const values = valuesOf(part);
  return (part.mask & 0x20) === 0 ? values.length / 2 : values.length;
}

const bytes = Array.from({ length: 256 }, (_none, byte) => byte);
const known = new Map<number, readonly number[]>();

/** The bytes that a part takes. */
export function valuesOf({ value, mask }: Pick<Part, 'value' | 'mask'>): readonly number[] {
  const key = value | (mask << 8);
  const values = known.get(key) ?? bytes.filter((byte) => (byte & mask) === value);
  known.set(key, values);
  return values;
}

const shares = new Map<number, SetShare>();

function shareOfPart(part: Part): SetShare {
  const key = part.value | (part.mask << 8);
  const share = shares.get(key) ?? setShare(valuesOf(part));
  shares.set(key, share);
  return share;
}
