import { sha256Hex } from './hashing.ts';
import { canonicalBytes } from './canonical-json.ts';
import { objectKeys } from './layout.ts';
import type { CustodyAction, CustodyEntry } from './ledger-entry.ts';
import { type Manifest, rootKey } from './manifest.ts';
import type { Verification } from './verify.ts';

/** What is done to a capture that was sealed, and to no other. */
const afterSealing: readonly CustodyAction[] = ['accessed', 'exported', 'held', 'released', 'replicated', 'expired'];

/** Checks that the acts of the ledger agree with each other, with the manifest, and with what the vault knows of the archive. */
export async function verifyActs({ vault, capture, fault }: Verification, ledger: readonly CustodyEntry[], manifest: Manifest | undefined): Promise<void> {
  const sealed = ledger.find(({ action }) => action === 'sealed')?.seq ?? Number.POSITIVE_INFINITY;
  const known = manifest === undefined ? new Map<string, string>() : hashesOf(manifest, capture);
  let held: CustodyEntry | undefined;
  for (const entry of ledger) {
    const { action, seq, subjects, parents } = entry;
    const place = objectKeys.entry(capture, seq);
    if (afterSealing.includes(action) && seq < sealed) fault(place, `says that it was ${action} before it was sealed`);
    const other = manifest === undefined ? undefined : [...subjects, ...parents].find(({ key, sha256 }) => (known.get(key) ?? (key.includes('#') ? undefined : sha256)) !== sha256);
    if (other !== undefined) fault(place, `is about ${other.key} with the SHA-256 ${other.sha256}, and the manifest says ${known.get(other.key) ?? 'nothing of it'}`);
    if (action === 'expired' && held !== undefined) fault(place, `says that it expired while it was held, by entry ${held.seq}`);
    if (action === 'held') held = entry;
    if (action === 'released') held = undefined;
  }
  if (held === undefined) return;
  const lock = (await vault.describe(objectKeys.archive(capture)))?.lock;
  if (lock?.held === false) fault(objectKeys.archive(capture), `is not held, and entry ${held.seq} of its ledger says that it is`);
}

/** Hashes that the manifest gives, and its own. */
function hashesOf(manifest: Manifest, capture: string): ReadonlyMap<string, string> {
  const { archive, side, entries, entriesRoot } = manifest;
  const files = [archive, ...side].map(({ key, sha256 }) => [key, sha256] as const);
  return new Map([...files, [rootKey(capture, entries.length), entriesRoot], [objectKeys.manifest(capture), sha256Hex(canonicalBytes(manifest))]]);
}
