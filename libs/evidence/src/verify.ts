import type { ByteSource } from '@icecore/bytes';
import type { ContainedEntry } from './hash-archive.ts';
import { isVaultError } from './errors.ts';
import { type Expired, expiredIn } from './expire.ts';
import { sha256Hex } from './hashing.ts';
import { captureIdOfKey, objectKeys } from './layout.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import type { Trust } from './signing.ts';
import { readRecord } from './ledger.ts';
import type { CustodyEntry } from './ledger-entry.ts';
import type { EvidenceVault } from './vault.ts';
import { verifyActs } from './verify-acts.ts';
import { verifyArchive, verifySide } from './verify-archive.ts';
import { verifyDerived, verifyStrangers } from './verify-derived.ts';
import { verifyLedger } from './verify-ledger.ts';
import { verifyTimestamp } from './verify-timestamp.ts';

/** Something that does not hold, and where: the key of an object, or a part of it after a `#`. */
export interface Fault {
  readonly place: string;
  readonly reason: string;
}

/** What was counted while everything was checked. */
export interface Verified {
  readonly entries: number;
  readonly ledgerEntries: number;
  readonly side: number;
  readonly derived: number;
  /** What time stamp authorities said, ISO 8601. */
  readonly timestamps: readonly string[];
  /** What was not looked at, and why. */
  readonly unchecked: readonly string[];
}

/** The answer on a capture. `place` and `reason` are of the first thing that does not hold, `more` are the others. */
export type VerifyReport =
  | { readonly holds: true; readonly captureKey: string; readonly checked: Verified }
  | { readonly holds: false; readonly captureKey: string; readonly place: string; readonly reason: string; readonly more: readonly Fault[]; readonly checked: Verified };

export interface VerifyOptions {
  /** Opens an archive and lists its entries; without it the entries stay unchecked, and the report says so. */
  readonly openEntries?: (archive: ByteSource) => Promise<Iterable<ContainedEntry>>;
  /**
   * Opens a derived file that lies outside of the vault (a part of the lake), by the key that the ledger gives it: undefined
   * where this verifier cannot look there; a `VaultError` (`missing`) where it can, and the file is gone.
   */
  readonly openDerived?: (key: string) => Promise<ByteSource | undefined>;
  /** Ends of the ledger as a verifier knows them from elsewhere (a report, an earlier export): the hash of an entry, and its number where it is known. */
  readonly expectedHeads?: readonly { readonly seq?: number; readonly head: string }[];
}

/** What the checks share: where they look, and where they write what they find. */
export interface Verification {
  /** What the ledger says is gone, as it may be. */
  readonly expired: Expired;
  readonly vault: EvidenceVault;
  readonly capture: string;
  readonly trust: Trust;
  readonly options: VerifyOptions;
  fault(place: string, reason: string): void;
  unchecked(what: string): void;
}

/** Most faults that are listed. */
export const maxFaults = 1000;

/**
 * Checks all that a capture is made of, with no network: archive, entries, what lies beside, manifest, ledger, signatures,
 * time stamps, derived files. Never rejects for what it finds, only where the vault does not answer.
 */
export async function verifyCapture(vault: EvidenceVault, capture: string, trust: Trust, options: VerifyOptions = {}): Promise<VerifyReport> {
  captureIdOfKey(capture);
  const faults: Fault[] = [];
  const unchecked: string[] = [];
  const ledgerFaults: Fault[] = [];
  const looking: Verification = {
    vault, capture, trust, options, expired: new Map(),
    fault: (place, reason) => void (faults.length < maxFaults && faults.push({ place, reason })),
    unchecked: (what) => void unchecked.push(what),
  };
  const read = await readManifest(looking);
  // What has expired is known from the ledger; of what does not hold there is told in its turn.
  const ledger = await verifyLedger({ ...looking, fault: (place, reason) => void ledgerFaults.push({ place, reason }) });
  const verification = { ...looking, expired: expiredIn(ledger) };
  const entries = read === undefined ? 0 : await verifyArchive(verification, read.manifest);
  if (read !== undefined) await verifySide(verification, read.manifest);
  for (const { place, reason } of ledgerFaults) verification.fault(place, reason);
  if (read !== undefined) verifyMeaning(verification, read.manifest, sha256Hex(read.bytes), ledger);
  await verifyActs(verification, ledger, read?.manifest);
  const timestamps = await verifyTimestamp(verification, ledger, read);
  const derived = await verifyDerived(verification, ledger, read?.manifest);
  await verifyStrangers(verification, ledger, read?.manifest);
  const checked = { entries, ledgerEntries: ledger.length, side: read?.manifest.side.length ?? 0, derived, timestamps, unchecked };
  const [first, ...more] = faults;
  return first === undefined ? { holds: true, captureKey: capture, checked } : { holds: false, captureKey: capture, ...first, more, checked };
}

/** The error's words where it is about the evidence; errors of the world are thrown on. */
export function reasonOf(error: unknown): string {
  if (isVaultError(error) && error.code === 'unavailable') throw error;
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'ZodError') return `is not of the form it must have: ${error.message.replaceAll(/\s+/g, ' ').slice(0, 300)}`;
  return error.message.slice(0, 300);
}

async function readManifest({ vault, capture, fault }: Verification): Promise<{ manifest: Manifest; bytes: Uint8Array } | undefined> {
  const key = objectKeys.manifest(capture);
  try {
    const bytes = await readRecord(vault, key);
    if (bytes === undefined) fault(key, 'is missing');
    else {
      const manifest = parseManifest(bytes);
      if (manifest.captureId !== captureIdOfKey(capture)) fault(`${key}#captureId`, `is of the capture ${manifest.captureId}`);
      if (manifest.archive.key !== objectKeys.archive(capture)) fault(`${key}#archive.key`, `names the archive of another capture, ${manifest.archive.key}`);
      return { manifest, bytes };
    }
  } catch (error) {
    fault(key, reasonOf(error));
  }
  return undefined;
}

/** The ledger must speak of this archive and this manifest. */
function verifyMeaning({ capture, fault }: Verification, manifest: Manifest, manifestSha256: string, ledger: readonly CustodyEntry[]): void {
  const said = (action: CustodyEntry['action']): CustodyEntry | undefined => ledger.find((entry) => entry.action === action);
  for (const action of ['captured', 'hashed', 'uploaded'] as const) {
    const entry = said(action);
    const subject = entry?.subjects.find(({ key }) => key === manifest.archive.key);
    if (entry === undefined) fault(`${capture}ledger/#${action}`, `nothing says that it was ${action}`);
    else if (subject?.sha256 !== manifest.archive.sha256) fault(objectKeys.entry(capture, entry.seq), `was ${action} with another SHA-256 than the manifest gives`);
  }
  const sealed = said('sealed');
  const subject = sealed?.subjects.find(({ key }) => key === objectKeys.manifest(capture));
  if (sealed === undefined) fault(`${capture}ledger/#sealed`, 'nothing says that it was sealed');
  else if (subject?.sha256 !== manifestSha256) fault(objectKeys.manifest(capture), `is not the manifest that was sealed: its SHA-256 is ${manifestSha256}`);
}
