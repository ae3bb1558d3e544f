import { VaultError } from './errors.ts';
import type { Lock } from './vault.ts';

/** Refuses a lock that locks nothing, for an adapter to call before it begins a put. */
export function requireLiveLock(key: string, lock: Lock, now: Date): void {
  const until = lock.retainUntil.getTime();
  if (Number.isNaN(until) || until <= now.getTime()) throw new VaultError('refused', key, 'the lock would have ended before it began');
}

/** Refuses a lock that would end earlier than it does. The same moment is no change, and allowed. */
export function requireLater(key: string, lock: Lock | undefined, retainUntil: Date): void {
  if (Number.isNaN(retainUntil.getTime())) throw new VaultError('refused', key, 'the end of the lock is no moment');
  if (lock !== undefined && retainUntil.getTime() < lock.retainUntil.getTime()) {
    throw new VaultError('locked', key, `is locked until ${lock.retainUntil.toISOString()}, and a lock is never shortened`);
  }
}

/** Refuses bytes that are not those which the caller promised. */
export function requireExpected(key: string, found: { readonly bytes: number; readonly sha256: string }, expected: { readonly bytes?: number; readonly sha256?: string } | undefined): void {
  if (expected?.bytes !== undefined && expected.bytes !== found.bytes) throw new VaultError('mismatch', key, `has ${found.bytes} bytes, not ${expected.bytes}`);
  if (expected?.sha256 !== undefined && expected.sha256 !== found.sha256) throw new VaultError('mismatch', key, `has the SHA-256 ${found.sha256}, not ${expected.sha256}`);
}
