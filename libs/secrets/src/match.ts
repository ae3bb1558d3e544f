import { nextAnchors } from './anchors.ts';
import { entropyOf } from './entropy.ts';
import type { Judgement, SecretRule } from './rule.ts';
import { rulesAt, secretRules } from './rules.ts';
import type { Secret, SecretKey, SecretMatch } from './secret.ts';

/** A secret with its value, which must not leave whoever asked for it. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly rule: SecretRule;
  readonly value: string;
  readonly judgement: Judgement;
}

/** Characters of tokens: one beside a match makes it a part of something longer. */
const tokenCharacter = /[A-Za-z0-9_]/;

/** The secrets that an anchor at `at` in `text` leads to. Latin-1 text is what binary content should be read as. */
export function secretsAt(text: string, anchor: string, at: number): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const rule of rulesAt(anchor)) {
    const match = rule.reach === undefined ? matchFrom(rule, text, at) : matchAround(rule, text, at, anchor.length);
    if (match !== undefined && !found.some(({ start, end }) => start < match.end && match.start < end)) found.push(match);
  }
  return found;
}

function matchAround(rule: SecretRule, text: string, at: number, anchorLength: number): FoundSecret | undefined {
  for (let start = Math.max(0, at - (rule.reach ?? 0)); start <= at; start++) {
    const match = matchFrom(rule, text, start);
    if (match !== undefined && match.end >= at + anchorLength) return match;
  }
  return undefined;
}

function matchFrom(rule: SecretRule, text: string, from: number): FoundSecret | undefined {
  const { expression, boundary = tokenCharacter } = rule;
  if (boundary !== 'none' && from > 0 && boundary.test(text[from - 1] ?? '')) return undefined;
  expression.lastIndex = from;
  const match = expression.exec(text);
  if (match === null) return undefined;
  const value = match.groups?.['value'] ?? match[0];
  const [start, end] = match.indices?.groups?.['value'] ?? [from, from + match[0].length];
  if (boundary !== 'none' && match.groups === undefined && boundary.test(text[end] ?? '')) return undefined;
  const judgement = rule.judge(value, { text, start: from, end: from + match[0].length });
  return judgement === undefined ? undefined : { start, end, rule, value, judgement };
}

/** Every secret of a text, ascending, none within another: of those that overlap the most particular. */
export function findSecrets(text: string): readonly FoundSecret[] {
  return secretGroups(text).map(({ found }) => found);
}

/** Secrets that overlap: the range that they cover together, and the most particular of them. */
export interface SecretGroup {
  readonly start: number;
  readonly end: number;
  readonly found: FoundSecret;
}

/** The groups of secrets of a text, ascending. No two touch the same character. */
export function secretGroups(text: string): readonly SecretGroup[] {
  const all: FoundSecret[] = [];
  for (let next = nextAnchors(text, 0); next !== undefined; next = nextAnchors(text, next.at + 1)) {
    for (const anchor of next.anchors) all.push(...secretsAt(text, anchor, next.at));
  }
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  const groups: SecretGroup[] = [];
  for (const found of all) {
    const last = groups.at(-1);
    if (last === undefined || last.end <= found.start) groups.push({ start: found.start, end: found.end, found });
    else groups[groups.length - 1] = { start: last.start, end: Math.max(last.end, found.end), found: rankOf(found) < rankOf(last.found) ? found : last.found };
  }
  return groups;
}

const ranks = new Map(secretRules.map((rule, rank) => [rule, rule.lowEntropy === true || rule.id.startsWith('authorization_') ? rank + secretRules.length : rank]));

/** Less for what is more particular: values as people choose them and headers come behind tokens of a known form. */
function rankOf({ rule }: FoundSecret): number {
  return ranks.get(rule) ?? 0;
}

/** What may be told of a secret that was found. */
export function describeSecret({ rule, value, judgement }: FoundSecret, key: SecretKey): Secret {
  return {
    rule: rule.id,
    type: rule.type,
    masked: maskedValue(value, rule),
    hmac: key.hmac(normalised(value, rule)),
    hmacKeyId: key.id,
    length: value.length,
    entropy: Math.round(entropyOf(value) * 100) / 100,
    validity: judgement.validity,
    check: judgement.check,
    principal: judgement.principal,
    expiresAt: judgement.expiresAt,
  };
}

/** One key is one secret, however its lines are broken and escaped. */
function normalised(value: string, rule: SecretRule): string {
  return rule.id.startsWith('private_key') ? value.replace(/\\[nr]|\s/g, '') : value;
}

function maskedValue(value: string, rule: SecretRule): string {
  if (rule.lowEntropy === true || rule.id.startsWith('authorization_')) return '';
  if (rule.id.startsWith('private_key')) return '-----BEGIN…';
  if (value.length >= 20) return `${value.slice(0, 4)}…${value.slice(-2)}`;
  const prefix = rule.anchors.find((anchor) => value.startsWith(anchor)) ?? '';
  return prefix === '' ? '' : `${prefix}…`;
}

/** The secrets of a text without their values. */
export function matchSecrets(text: string, key: SecretKey): readonly SecretMatch[] {
  return findSecrets(text).map((found) => ({ start: found.start, end: found.end, secret: describeSecret(found, key) }));
}
