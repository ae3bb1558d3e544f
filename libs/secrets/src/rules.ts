import type { SecretRule } from './rule.ts';
import { awsRules } from './rules/aws.ts';
import { connectionRules } from './rules/connections.ts';
import { jwtRules } from './rules/jwt.ts';
import { keyRules } from './rules/keys.ts';
import { tokenRules } from './rules/tokens.ts';

/** Every rule. Where two match the same text, the one that stands first here wins. */
export const secretRules: readonly SecretRule[] = [...awsRules, ...keyRules, ...jwtRules, ...tokenRules, ...connectionRules];

/** Texts at which a secret may begin (or begin up to `reach` characters before), ascending and each once. */
export const secretAnchors: readonly string[] = [...new Set(secretRules.flatMap(({ anchors }) => anchors))].sort();

/** Longest secret that is found whole, and farthest that one begins before its anchor, in characters. */
export const maxSecretLength = Math.max(...secretRules.map(({ maxLength }) => maxLength));
export const maxSecretReach = Math.max(...secretRules.map(({ reach = 0 }) => reach));

const byAnchor = new Map(secretAnchors.map((anchor) => [anchor, secretRules.filter(({ anchors }) => anchors.includes(anchor))]));

export function rulesAt(anchor: string): readonly SecretRule[] {
  return byAnchor.get(anchor) ?? [];
}
