/** Deepest step that is drawn as a step; what is deeper stands below it. */
export const maxDrawnDepth = 16;

/** Lines that show which process started which, as tree(1) draws them; empty for a root. Given depths in tree order. */
export function treeGuides(depths: readonly number[]): readonly string[] {
  const guides: string[] = new Array<string>(depths.length).fill('');
  // From the end: whether a later line still belongs to the branch at a depth.
  let open: boolean[] = [];
  for (let i = depths.length - 1; i >= 0; i--) {
    const depth = Math.min(depths[i] ?? 0, maxDrawnDepth);
    const parts = Array.from({ length: depth }, (_, level) => (level === depth - 1 ? (open[level] === true ? '├─ ' : '└─ ') : open[level] === true ? '│  ' : '   '));
    guides[i] = parts.join('');
    open = open.slice(0, depth);
    if (depth > 0) open[depth - 1] = true;
  }
  return guides;
}

/** How many boundaries a line of a tree lies behind, given in tree order where each line is and whether it crosses one. */
export function boundariesBehind(lines: readonly { readonly depth: number; readonly crosses: boolean }[]): readonly number[] {
  const crossed: number[] = [];
  return lines.map(({ depth, crosses }) => {
    while ((crossed.at(-1) ?? -1) >= depth) crossed.pop();
    if (crosses) crossed.push(depth);
    return crossed.length;
  });
}
