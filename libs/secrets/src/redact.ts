import { isPlaceholder } from './entropy.ts';
import { findSecrets } from './match.ts';
import type { SecretKey } from './secret.ts';

/** What stands in place of a secret: `‹secret:aws_access_key_id:1a2b3c4d›`, with the first digits of its HMAC. */
function mark(rule: string, value: string, key: SecretKey): string {
  return `‹secret:${rule}:${key.hmac(value).slice(0, 8)}›`;
}

/** The text with every secret replaced by a mark. Doing it again changes nothing. */
export function redact(text: string, key: SecretKey): string {
  const found = findSecrets(text);
  if (found.length === 0) return text;
  let redacted = '';
  let end = 0;
  for (const each of found) {
    redacted += text.slice(end, each.start) + mark(each.rule.id, each.value, key);
    end = each.end;
  }
  return redacted + text.slice(end);
}

/** Names of environment variables and settings whose value is a secret, whatever it looks like. */
const secretName = /(?:^|[_.-])(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET|SECRETS|TOKEN|API_?KEY|APIKEY|PRIVATE_?KEY|ACCESS_?KEY|AUTH|CREDENTIALS?|ENCRYPTION_?KEY|SIGNING_?KEY|MASTER_?KEY|SESSION_?KEY|CONNECTION_?STRING|KEY|SALT|COOKIE|LICENSE|DSN)(?:$|[_.-](?:\d+|BASE64|VALUE|JSON|PEM|SECRET|ID|DEFAULT))/i;
/** Such names that hold no secret: paths, switches, names of things. */
const publicName = /(?:FILE|PATH|DIR|URL_PATH|NAME|HOST|PORT|USER|SOCK|SOCKET|ENABLED|DISABLED|REQUIRED|TIMEOUT|EXPIR\w*|TTL|LENGTH|SIZE|TYPE|ALGORITHM|GPG_KEY|PUBLIC_KEY|PUB_KEY|KEY_ID|OLDPWD|XAUTHORITY|SSH_AUTH_SOCK|KEYMAP|KEYBOARD)$|^(?:PWD|OLDPWD|GPG_KEY|PYTHON_SHA256|XDG_\w+)$/i;

/** A secret that a variable's name gives away. */
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
  const rest = redacted.replace(/‹secret:[a-z0-9_]+:[0-9a-f]{8}›/g, '');
  return isSecretName(name) && rest.length > 0 && !rest.includes('://') ? mark('named_secret', value, key) : redacted;
}

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !publicName.test(name);
}

function canBeSecret(value: string): boolean {
  if (value.length < 4 || /^(?:true|false|yes|no|on|off|none|null|\d{1,4})$/i.test(value) || value.startsWith('/') || value.includes('‹secret:')) return false;
  return !(isPlaceholder(value) && /^(?:\$\{|\{\{|<)/.test(value));
}

/** `NAME=value` strings and texts that hold such assignments, redacted by name and by form. */
export function redactAssignment(assignment: string, key: SecretKey): string {
  const equals = assignment.indexOf('=');
  if (equals <= 0) return redact(assignment, key);
  const name = assignment.slice(0, equals);
  return `${name}=${redactVariable(name, assignment.slice(equals + 1), key).value}`;
}
