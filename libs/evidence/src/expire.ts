import { VaultError } from './errors.ts';
import { type CustodyContext, liveLock } from './hold.ts';
import { objectKeys } from './layout.ts';
import { appendEntry, readLedger, readRecord } from './ledger.ts';
import type { CustodyEntry, CustodySubject } from './ledger-entry.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { mayExpire } from './retention.ts';
import type { EvidenceVault } from './vault.ts';

/** What an entry says is gone: hash by key, and which entry says so. */
export type Expired = ReadonlyMap<string, { readonly sha256: string; readonly seq: number; readonly at: string }>;

/** What a ledger says has expired. */
export function expiredIn(ledger: readonly CustodyEntry[]): Expired {
  const entries = ledger.filter(({ action }) => action === 'expired');
  return new Map(entries.flatMap(({ subjects, seq, at }) => subjects.map(({ key, sha256 }) => [key, { sha256, seq, at }])));
}

/**
 * Lets the archive of a capture go, what was sealed beside it, and what was derived into the vault, once no lock and no hold is
 * on any of them. Manifest, ledger and time stamp stay, and tell that it was there. The ledger is told first, with the hashes
 * of what goes; a vault whose store expires objects by a rule of its own leaves the rest to that. Done again after it was
 * broken off it does the rest. Gives the keys of what has expired. Rejects with a `VaultError`: `locked`, or `missing` for
 * what is gone and was not told to go.
 */
export async function expireCapture(vault: EvidenceVault, capture: string, { signer, clock, actor, tool, reason }: CustodyContext): Promise<string[]> {
  const ledger = await readLedger(vault, capture);
  const manifest = await readRecord(vault, objectKeys.manifest(capture));
  if (manifest === undefined || !ledger.some(({ action }) => action === 'sealed')) throw new VaultError('incomplete', capture, 'was not sealed to its end; sealing it again does the rest');
  const going = contentsOf(parseManifest(manifest), ledger, capture);
  const told = expiredIn(ledger);
  for (const { key } of going) await requireExpirable(vault, key, clock(), told.has(key));
  const writer = { vault, signer, clock, lock: liveLock(undefined, clock()) };
  await appendEntry(writer, capture, (now) => {
    const fresh = going.filter(({ key, sha256 }) => expiredIn(now).get(key)?.sha256 !== sha256);
    return fresh.length === 0 ? undefined : { action: 'expired', actor, tool, subjects: fresh, reason };
  });
  for (const { key } of going) if ((await vault.describe(key)) !== undefined) await vault.expire?.(key);
  return going.map(({ key }) => key);
}

/** The objects of a capture that are evidence themselves, by the last hash that is known of each. */
function contentsOf({ archive, side }: Manifest, ledger: readonly CustodyEntry[], capture: string): CustodySubject[] {
  const derived = ledger.filter(({ action }) => action === 'derived' || action === 'decoded').flatMap(({ subjects }) => subjects);
  const inVault = derived.filter(({ key }) => key.startsWith(`${capture}derived/`));
  const all = [archive, ...side, ...inVault].map(({ key, sha256 }) => [key, { key, sha256 }] as const);
  return [...new Map(all).values()];
}

async function requireExpirable(vault: EvidenceVault, key: string, now: Date, told: boolean): Promise<void> {
  const found = await vault.describe(key);
  if (found === undefined && !told) throw new VaultError('missing', key, 'is gone, and nothing says that it expired');
  if (found !== undefined) requireExpired(key, found.lock, now);
}

/** Refuses to let an object go that its lock keeps, for an adapter to call. One whose lock is not known stays. */
export function requireExpired(key: string, lock: Parameters<typeof mayExpire>[0], now: Date): void {
  if (mayExpire(lock, now)) return;
  throw new VaultError('locked', key, lock === undefined ? 'has a lock that is not known' : lock.held ? 'is held' : `is locked until ${lock.retainUntil.toISOString()}`);
}
