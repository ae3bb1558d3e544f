import { secretAnchors, secretRules } from '@icecore/secrets';
import { keywords } from './recognisers/keywords.ts';

/** What to look at where an anchor stands. */
export interface AnchorRole {
  readonly anchor: string;
  readonly secret: boolean;
  /** Lists of keywords that the anchor is a word of; empty for others. */
  readonly lists: readonly string[];
  readonly url: boolean;
  /** An indicator of the user's list, as it is spelt there. */
  readonly watch: string | undefined;
  /** Characters before and behind the anchor that its recognisers look at. */
  readonly before: number;
  readonly after: number;
}

/** How far a pair of AWS keys may be apart, in characters. */
const pairDistance = 560;

/** The anchors of the kernel, in the order of their ids. Words of the user's come last. */
export function anchorRoles(watched: readonly string[]): readonly AnchorRole[] {
  const secrets = new Set(secretAnchors);
  const watches = new Set(watched);
  const all = new Set([...secretAnchors, '://', ...keywords.keys(), ...watched]);
  return [...all].sort().map((anchor) => {
    const rules = secretRules.filter(({ anchors }) => anchors.includes(anchor));
    const paired = rules.some(({ id }) => id === 'aws_access_key_id');
    const url = anchor === '://';
    return {
      anchor,
      secret: secrets.has(anchor),
      lists: keywords.get(anchor) ?? [],
      url,
      watch: watches.has(anchor) ? anchor : undefined,
      before: Math.max(1, paired ? pairDistance : 0, ...rules.map(({ reach = 0 }) => reach + 1), url ? 100 : 0),
      after: Math.max(1, ...rules.map(({ maxLength }) => maxLength + 1 + (paired ? pairDistance : 0)), url ? 2100 : 0),
    };
  });
}
