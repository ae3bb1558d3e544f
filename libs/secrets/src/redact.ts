import { isPlaceholder } from './entropy.ts';
import { findSecrets, secretGroups } from './match.ts';
import { isSecretName } from './secret-name.ts';
import type { SecretKey } from './secret.ts';

/** What stands in place of a secret: `‹secret:aws_access_key_id:1a2b3c4d›`, with the first digits of its HMAC. */
function mark(rule: string, value: string, key: SecretKey): string {
  return `‹secret:${rule}:${key.hmac(value).slice(0, 8)}›`;
}

const marks = /‹secret:[a-z0-9_]+:[0-9a-f]{8}›/g;

/** The text with every secret replaced by a mark. Doing it again changes nothing. */
export function redact(text: string, key: SecretKey): string {
  const groups = secretGroups(text);
  if (groups.length === 0) return text;
  let redacted = '';
  let end = 0;
  for (const { start, end: groupEnd, found } of groups) {
    redacted += text.slice(end, start) + mark(found.rule.id, found.value, key);
    end = groupEnd;
  }
  return redacted + text.slice(end);
}

/** A secret that a variable holds: its kind by the id of its rule, `named_secret` where the name alone tells. */
export interface NamedSecret {
  readonly type: string;
  readonly hmac: string;
}

/**
 * A variable's value as it may be shown, and the secret that it holds, if any. Where only the name tells that it is one,
 * nothing of the value is shown.
 */
export function redactVariable(name: string, value: string, key: SecretKey): { readonly value: string; readonly secret: NamedSecret | undefined } {
  const [found] = findSecrets(value);
  if (found !== undefined) return { value: redactedFully(name, value, key), secret: { type: found.rule.id, hmac: key.hmac(found.value) } };
  if (!isSecretName(name) || !canBeSecret(value)) return { value, secret: undefined };
  return { value: mark('named_secret', value, key), secret: { type: 'named_secret', hmac: key.hmac(value) } };
}

/** A value of which a part is a secret and whose name says that all of it is one shows nothing. */
function redactedFully(name: string, value: string, key: SecretKey): string {
  const redacted = redact(value, key);
  const rest = redacted.replace(marks, '');
  return isSecretName(name) && rest.length > 0 && !rest.includes('://') ? mark('named_secret', value, key) : redacted;
}

function canBeSecret(value: string): boolean {
  if (value.length < 4 || /^(?:true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(value) || value.includes('‹secret:')) return false;
  // A path is a place of a secret, not one; base64 may begin with a slash too, but holds no short words between them.
  if (/^(?:\/[\w.@+-]{1,32}){2,}\/?$/.test(value)) return false;
  return !(isPlaceholder(value) && /^(?:\$\{|\{\{|<)/.test(value));
}

/** A `NAME=value` string, redacted by name and by form; other text by form alone. */
export function redactAssignment(assignment: string, key: SecretKey): string {
  const equals = assignment.indexOf('=');
  if (equals <= 0) return redact(assignment, key);
  const name = assignment.slice(0, equals);
  return `${redact(name, key)}=${redactVariable(name, assignment.slice(equals + 1), key).value}`;
}

/** Options whose value is the next argument. */
const secretOption = /^--?(?:[\w-]*-)?(?:password|passwd|pass|passphrase|secret|token|api-?key|access-key|secret-key|private-key|auth-?token|credentials?)$/i;

/** The arguments of a command: by form, as assignments (`--token=…`, `TOKEN=…`), and behind options that take a secret. */
export function redactArguments(words: readonly string[], key: SecretKey): string[] {
  return words.map((word, i) => {
    const before = words[i - 1];
    if (before !== undefined && secretOption.test(before) && canBeSecret(word)) return mark('named_secret', word, key);
    const [, dashes = '', rest = word] = /^(-{1,2})([\w.-]+=[^]*)$/.exec(word) ?? [];
    return /^[\w.-]+=/.test(rest) ? dashes + redactAssignment(rest, key) : redact(word, key);
  });
}

/** Shortest value of a variable that is looked for in other texts: shorter ones are words of their own there. */
const minKnownLength = 8;

/** The values of variables (`NAME=value`) that are secrets by their name or form, the longest first: what to look for in other texts. */
export function knownSecrets(assignments: Iterable<string>): readonly string[] {
  const known = new Set<string>();
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const value = assignment.slice(equals + 1);
    for (const found of findSecrets(assignment)) if (found.value.length >= minKnownLength) known.add(found.value);
    if (equals > 0 && value.length >= minKnownLength && /[^a-z]/.test(value) && isSecretName(assignment.slice(0, equals)) && canBeSecret(value)) known.add(value);
  }
  return [...known].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** As `redact`, and the known values wherever they stand. */
export function redactKnown(text: string, known: readonly string[], key: SecretKey): string {
  return known.reduce((rest, value) => (rest.includes(value) ? rest.replaceAll(value, () => mark('known_secret', value, key)) : rest), redact(text, key));
}
