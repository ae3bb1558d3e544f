import { secretAnchors } from './rules.ts';

/** Where anchors may begin, by their first two characters: one look passes over most of a text. */
const pairs = new Uint8Array(1 << 14);
const anchorsByPair = new Map<number, string[]>();
for (const anchor of secretAnchors) {
  const pair = (anchor.charCodeAt(0) << 7) | anchor.charCodeAt(1);
  pairs[pair] = 1;
  const known = anchorsByPair.get(pair);
  if (known === undefined) anchorsByPair.set(pair, [anchor]);
  else known.push(anchor);
}

/** Where the next anchor stands in a text, at `from` or behind it, and which ones do; undefined where there is none. */
export function nextAnchors(text: string, from: number): { readonly at: number; readonly anchors: readonly string[] } | undefined {
  let first = text.charCodeAt(from);
  for (let at = from; at + 1 < text.length; at++) {
    const second = text.charCodeAt(at + 1);
    // Anchors are ASCII; what is beyond it must not be folded into it.
    if (first < 128 && second < 128 && pairs[(first << 7) | second] === 1) {
      const anchors = anchorsByPair.get((first << 7) | second)?.filter((anchor) => text.startsWith(anchor, at)) ?? [];
      if (anchors.length > 0) return { at, anchors };
    }
    first = second;
  }
  return undefined;
}

/** True where a text may hold a secret: most texts do not, which one look tells. */
export function holdsAnchor(text: string): boolean {
  return nextAnchors(text, 0) !== undefined;
}
