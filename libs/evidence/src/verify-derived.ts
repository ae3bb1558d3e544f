import type { ByteSource } from '@icecore/bytes';
import { isVaultError } from './errors.ts';
import { sha256OfSource } from './hashing.ts';
import { objectKeys } from './layout.ts';
import type { CustodyEntry } from './ledger-entry.ts';
import type { Manifest } from './manifest.ts';
import { reasonOf, type Verification } from './verify.ts';
import { hasExpired } from './verify-archive.ts';

/**
 * Checks every derived file that the ledger names: that it is what was derived, and from this evidence. A file outside of the
 * vault may be derived anew; the last entry on it counts. Gives the count of those that hold.
 */
export async function verifyDerived(verification: Verification, ledger: readonly CustodyEntry[], manifest: Manifest | undefined): Promise<number> {
  const { capture, fault } = verification;
  const known = new Map<string, Set<string>>();
  const know = (key: string, sha256: string): unknown => known.set(key, (known.get(key) ?? new Set()).add(sha256));
  if (manifest !== undefined) for (const each of [manifest.archive, ...manifest.side]) know(each.key, each.sha256);
  for (const { action, subjects } of ledger) if (action === 'sealed') for (const each of subjects) know(each.key, each.sha256);
  const files = new Map<string, { readonly entry: CustodyEntry; readonly sha256: string }>();
  let held = 0;
  for (const entry of ledger.filter(({ action }) => action === 'derived' || action === 'decoded')) {
    if (entry.parents.length === 0) fault(objectKeys.entry(capture, entry.seq), 'names no parent of what was derived');
    const orphan = entry.parents.find(({ key, sha256 }) => known.get(key)?.has(sha256) !== true);
    if (orphan !== undefined && manifest !== undefined) fault(objectKeys.entry(capture, entry.seq), `derives from ${orphan.key} with the SHA-256 ${orphan.sha256}, which is not of this capture`);
    for (const { key, sha256 } of entry.subjects) {
      know(key, sha256);
      const inVault = key.startsWith(`${capture}derived/`);
      if (inVault && (await holds(verification, key, sha256, entry))) held += 1;
      else if (!inVault) files.set(key, { entry, sha256 });
    }
  }
  for (const [key, { entry, sha256 }] of files) if (await holds(verification, key, sha256, entry)) held += 1;
  return held;
}

/** True where the file is what was derived; false where it is not, or cannot be looked at, which is said. */
async function holds(verification: Verification, key: string, sha256: string, entry: CustodyEntry): Promise<boolean> {
  const { fault, unchecked } = verification;
  try {
    const source = await openDerived(verification, key);
    if (source === undefined) unchecked(`${key}: lies outside of the vault (${originOf(entry)})`);
    else if ((await sha256OfSource(source)) === sha256) return true;
    else fault(key, `is not what was derived: it has another SHA-256 than ${sha256} (${originOf(entry)})`);
  } catch (error) {
    if (hasExpired(verification, { key, sha256 }, error)) return false;
    fault(key, isVaultError(error) && error.code === 'missing' ? `is missing, and the ledger says it was derived (${originOf(entry)})` : reasonOf(error));
  }
  return false;
}

/** What a file was made from, and by which program: where to make it anew from. */
function originOf({ seq, tool, parents }: CustodyEntry): string {
  const from = parents.map(({ key, sha256 }) => `${key} with the SHA-256 ${sha256}`).join(', ');
  return `entry ${seq}: by ${tool.name} ${tool.version}${from === '' ? '' : ` from ${from}`}`;
}

async function openDerived({ vault, capture, options }: Verification, key: string): Promise<ByteSource | undefined> {
  return key.startsWith(`${capture}derived/`) ? vault.open(key) : options.openDerived?.(key);
}

/** Objects below the capture that neither the manifest nor the ledger speaks of. */
export async function verifyStrangers({ vault, capture, fault }: Verification, ledger: readonly CustodyEntry[], manifest: Manifest | undefined): Promise<void> {
  const known = new Set([objectKeys.archive(capture), objectKeys.manifest(capture), ...(manifest?.side ?? []).map(({ key }) => key)]);
  for (const { subjects } of ledger) for (const { key } of subjects) known.add(key);
  if (manifest === undefined) return;
  for await (const { key } of vault.list(capture)) {
    const checkedElsewhere = key.startsWith(`${capture}ledger/`) || key.startsWith(`${capture}heads/`);
    if (!checkedElsewhere && !known.has(key)) fault(key, 'is in the vault, and nothing says where it comes from');
  }
}
