import { crypto } from './crypto.ts';
import type { SecretKey } from './secret.ts';

/** Fewest bytes that a key must have. */
export const minSecretKeyBytes = 16;

/** A key from its bytes. Its id is told with each HMAC and gives nothing of the key away. Throws a `RangeError` for too short a key. */
export function secretKey(bytes: Uint8Array): SecretKey {
  if (bytes.length < minSecretKeyBytes) throw new RangeError(`a key of ${bytes.length} bytes, needs ${minSecretKeyBytes}`);
  const known = new Map<string, string>();
  return {
    id: crypto().createHash('sha256').update('icecore secret key id').update(bytes).digest('hex').slice(0, 16),
    hmac(value) {
      const before = known.get(value);
      if (before !== undefined) return before;
      const hmac = crypto().createHmac('sha256', bytes).update(value, 'utf8').digest('hex');
      // One secret is met many times in memory; the values are kept no longer than the key is.
      if (known.size < 4096) known.set(value, hmac);
      return hmac;
    },
  };
}
