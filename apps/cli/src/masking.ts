import { knownSecretKey } from '@icecore/local';
import { redact, redactAssignment, secretAnchors, type SecretKey } from '@icecore/secrets';

/** Where the tenant's key is, unless ICECORE_SECRET_KEY_FILE names another file. */
export function secretKeyPath(option?: string): string {
  return option ?? process.env['ICECORE_SECRET_KEY_FILE'] ?? '.icecore/secret-key';
}

let key: SecretKey | undefined;
let anchors: RegExp | undefined;

/** The key by which marks on the screen are made: that of the tables, where there is one. */
function screenKey(): SecretKey {
  key ??= knownSecretKey(secretKeyPath());
  return key;
}

/** The text with a mark in place of each secret. Most texts hold none, which one look tells. */
export function masked(text: string): string {
  anchors ??= new RegExp(secretAnchors.map((anchor) => anchor.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
  return text.length < 6 || !anchors.test(text) ? text : redact(text, screenKey());
}

/** A variable of an environment, `NAME=value`: its name may tell that its value is a secret. */
export function maskedVariable(assignment: string): string {
  return redactAssignment(assignment, screenKey());
}
