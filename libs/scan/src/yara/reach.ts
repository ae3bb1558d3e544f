import type { Literal } from './literals.ts';
import type { Line } from './pattern.ts';
import { isSymbol, type SourceRule } from './rule-source.ts';
import type { RuleToken } from './tokens.ts';

/** How far a match may reach around the anchor of a literal, in bytes. */
export interface LiteralReach {
  /** Number of the literal. */
  readonly literal: number;
  readonly before: number;
  readonly behind: number;
}

/** A part of bytes. */
export interface ByteWindow {
  readonly start: number;
  readonly end: number;
}

/** Bytes on either side of a match that decide about it: whether it is a whole word. */
const contextBytes = 16;

const words = new Set(['and', 'or', 'not', 'any', 'all', 'none', 'of', 'them']);

/**
 * Whether a rule asks for nothing but which of its strings are there, and each of these is told by its own bytes: then it gives the
 * same matches in any part of bytes that holds all places of its strings.
 */
export function isLocal({ condition, strings }: Pick<SourceRule, 'condition' | 'strings'>): boolean {
  return strings.every(({ isAnchored, lines }) => !isAnchored && lines !== undefined) && condition.every((token, i) => isLocalToken(token, condition[i + 1]));
}

function isLocalToken(token: RuleToken, next: RuleToken | undefined): boolean {
  if (token.kind === 'number') return next?.kind === 'word' && next.text === 'of';
  if (token.kind === 'word') return words.has(token.text) || token.text.startsWith('$');
  return ['(', ')', ',', '*'].some((symbol) => isSymbol(token, symbol));
}

/** How far matches reach around the anchors of literals; undefined where there is no limit. */
export function reachesOf(literals: readonly Literal[], first: number): readonly LiteralReach[] | undefined {
  const reaches = literals.map(({ anchor, value, before, after }, i) => ({ literal: first + i, before: anchor + most(before), behind: value.length - anchor + most(after) }));
  return reaches.every(({ before, behind }) => Number.isFinite(before + behind)) ? reaches : undefined;
}

function most(line: Line): number {
  return line.reduce((sum, part) => sum + part.most, 0);
}

/** The part of `length` bytes that holds all places at which a match may be; `span` gives undefined for a literal that is nowhere. */
export function windowOf(reaches: readonly LiteralReach[], length: number, span: (literal: number) => readonly [first: number, last: number] | undefined): ByteWindow {
  let [start, end] = [length, 0];
  for (const { literal, before, behind } of reaches) {
    const [first, last] = span(literal) ?? [];
    if (first === undefined || last === undefined) continue;
    start = Math.min(start, first - before - contextBytes);
    end = Math.max(end, last + behind + contextBytes);
  }
  return end === 0 ? { start: 0, end: length } : { start: Math.max(0, start), end: Math.min(length, end) };
}
