import type { RequestContext } from './context.ts';
import { patternOf, type PatternPiece } from './wildcard.ts';

/**
 * A pattern with its variables filled in: `${aws:PrincipalTag/team}`, and `${*}`, `${?}`, `${$}` for the characters. What
 * comes out of a variable is text, never a wildcard. Undefined where the request lacks one: then nothing fits.
 */
export function filled(pattern: string, context: RequestContext): readonly PatternPiece[] | undefined {
  const pieces: PatternPiece[] = [];
  for (const [at, part] of pattern.split(/\$\{([^}]*)\}/).entries()) {
    if (at % 2 === 0) {
      pieces.push(...patternOf(part));
      continue;
    }
    const value = part === '*' || part === '?' || part === '$' ? part : context.get(part);
    if (value === undefined) return undefined;
    pieces.push({ text: value });
  }
  return pieces;
}

/** A value without wildcards, with its variables filled in; undefined where the request lacks one. */
export function filledText(value: string, context: RequestContext): string | undefined {
  const pieces = filled(value, context);
  return pieces?.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
}
