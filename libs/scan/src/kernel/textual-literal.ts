import type { Literal } from '../yara/literals.ts';
import { pairRarity } from './tables.ts';

/** A literal that the text kernel meets, as its bytes hold a pair in text that is long enough to be looked at. */
export interface TextualLiteral {
  /** Address of its entry. */
  readonly entry: number;
  /** How far the pair is behind the anchor; negative where it is before. */
  readonly behindAnchor: number;
  /** What the pair may be, as bytes: more than one where letters may be of either case. */
  readonly pairs: readonly (readonly [first: number, second: number])[];
}

/** Characters of text that the kernel looks at, at least. */
const leastRun = 6;

/** The rarest pair in the text of a literal; undefined where it has too little that is certain to be text. */
export function textPair(literal: Literal): { readonly at: number; readonly pairs: TextualLiteral['pairs'] } | undefined {
  const characters = Array.from({ length: literal.size }, (_none, i) => charactersAt(literal, i));
  let best: { readonly at: number; readonly rarity: number } | undefined;
  for (let start = 0; start < characters.length; start++) {
    let end = start;
    while ((characters[end] ?? []).length > 0) end += 1;
    for (let at = start; end - start >= leastRun && at + 1 < end; at++) {
      const rarity = Math.min(...pairsOf(characters, at).map(([first, second]) => pairRarity(first, second)));
      if (best === undefined || rarity > best.rarity) best = { at, rarity };
    }
    start = end;
  }
  return best === undefined ? undefined : { at: best.at, pairs: pairsOf(characters, best.at) };
}

/** The characters that a byte of a literal may be; none where it may be something that is no text, or too much. */
function charactersAt({ value, mask }: Literal, at: number): readonly number[] {
  const byte = value[at] ?? 0;
  const isLetter = byte >= 0x41 && byte <= 0x5a;
  if (mask[at] === 0xff) return (byte >= 0x20 && byte <= 0x7e) || byte === 9 ? [byte] : [];
  return mask[at] === 0xdf && isLetter ? [byte, byte | 0x20] : [];
}

function pairsOf(characters: readonly (readonly number[])[], at: number): TextualLiteral['pairs'] {
  return (characters[at] ?? []).flatMap((first) => (characters[at + 1] ?? []).map((second) => [first, second] as const));
}
