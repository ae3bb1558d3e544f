import { type ByteSource, memorySource } from '@icecore/bytes';
import { canonicalBytes } from './canonical-json.ts';
import { isVaultError, VaultError } from './errors.ts';
import { type ContainedEntry, hashArchive, type HashedArchive } from './hash-archive.ts';
import { type Fingerprint, sha256Hex, sha256OfSource } from './hashing.ts';
import { captureKey, objectKeys } from './layout.ts';
import { appendEntry, type LedgerWriter, putOnce, readRecord } from './ledger.ts';
import type { CustodyAction, CustodyDraft, CustodySubject } from './ledger-entry.ts';
import { entriesRoot, type Manifest, parseManifest, rootKey } from './manifest.ts';
import type { Signer } from './signing.ts';
import type { TimestampAuthority } from './timestamp.ts';
import type { EvidenceVault, Lock } from './vault.ts';

/** What is known of a capture beside its bytes. */
export interface SealInput {
  readonly captureId: string;
  /** Read twice: to be hashed, and to be stored. A `HashingSource` that was hashed before is read once. */
  readonly archive: ByteSource;
  /** The archive's entries, where it can be opened: over a `HashingSource`, they are hashed by the same reads. */
  readonly entries: Iterable<ContainedEntry>;
  readonly gaps: Manifest['gaps'];
  /** Pod spec, events, logs: by name. */
  readonly side?: readonly { readonly name: string; readonly kind: string; readonly bytes: Uint8Array }[];
  readonly where: Manifest['where'];
  readonly why: Manifest['why'];
  readonly takenAt: Date;
  readonly timeSource: string;
  readonly clockOffsetMs: number | null;
  readonly by: string;
  readonly tools: Manifest['tools'];
  readonly lock: Lock;
  readonly timestampAuthority?: TimestampAuthority;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: 'hashing' | 'storing', doneBytes: number) => void;
}

/** A capture that is in the vault, whole. */
export interface SealedCapture {
  readonly captureKey: string;
  readonly manifest: Manifest;
  /** False where it was sealed before, by this or by another writer. */
  readonly fresh: boolean;
}

/**
 * Seals a capture: hashes it, stores the archive, what lies beside it and the manifest, and writes the ledger up to
 * `sealed`. Doing it again does nothing; doing it again after it was broken off does the rest. When it resolves, the
 * vault has every byte, and the copy on the node may go. Rejects with a `VaultError` (`mismatch`) where the vault holds other bytes under
 * this capture's key.
 */
export async function sealCapture(vault: EvidenceVault, signer: Signer, clock: () => Date, input: SealInput): Promise<SealedCapture> {
  const capture = captureKey({ account: input.where.account, cluster: input.where.cluster, takenAt: input.takenAt, captureId: input.captureId });
  const writer: LedgerWriter = { vault, signer, clock, lock: input.lock };
  const hashed = await hashArchive(input.archive, input.entries, (done) => input.onProgress?.('hashing', done));
  if (hashed.damage !== undefined) throw hashed.damage;
  await storeArchive(vault, objectKeys.archive(capture), hashed.whole, input);
  const side: Manifest['side'] = [];
  for (const each of input.side ?? []) side.push(await storeSide(vault, capture, each, input.lock));
  const manifest = await storeManifest(vault, capture, manifestOf(capture, hashed, side, input, clock()), input.lock);
  const fresh = await writeLedger(writer, capture, manifest, input);
  return { captureKey: capture, manifest, fresh };
}

async function storeArchive(vault: EvidenceVault, key: string, found: Fingerprint, { archive, lock, signal, onProgress }: SealInput): Promise<void> {
  try {
    const options = { lock, expected: { bytes: found.bytes, sha256: found.sha256 }, onProgress: (done: number) => onProgress?.('storing', done) };
    const stored = await vault.put(key, archive, signal === undefined ? options : { ...options, signal });
    if (stored.crc64nvme !== found.crc64nvme) throw new VaultError('mismatch', key, `was stored with the CRC64NVME ${stored.crc64nvme}, not ${found.crc64nvme}`);
  } catch (error) {
    if (!isVaultError(error) || error.code !== 'exists') throw error;
    const kept = (await vault.describe(key))?.sha256 ?? (await sha256OfSource(await vault.open(key)));
    if (kept !== found.sha256) throw new VaultError('mismatch', key, `the vault holds other bytes, of SHA-256 ${kept}`, { cause: error });
    await lockAtLeast(vault, key, lock);
  }
}

/** Whoever stored it may have been broken off before it was locked; a lock that it has is not shortened, a hold not released. */
async function lockAtLeast(vault: EvidenceVault, key: string, { retainUntil, held }: Lock): Promise<void> {
  const kept = (await vault.describe(key))?.lock;
  if (kept !== undefined) return;
  await vault.extend(key, retainUntil);
  if (held) await vault.hold(key, true);
}

async function storeSide(vault: EvidenceVault, capture: string, { name, kind, bytes }: { name: string; kind: string; bytes: Uint8Array }, lock: Lock): Promise<Manifest['side'][number]> {
  const key = objectKeys.side(capture, name);
  const fresh = await putOnce(vault, key, bytes, lock);
  // Logs and events grow between two tries: what was stored first is the evidence.
  const kept = fresh ? memorySource(bytes) : await vault.open(key);
  return { key, kind, bytes: kept.size, sha256: await sha256OfSource(kept) };
}

function manifestOf(capture: string, { whole, entries }: HashedArchive, side: Manifest['side'], input: SealInput, now: Date): Manifest {
  return {
    version: 1,
    captureId: input.captureId,
    where: input.where,
    why: input.why,
    when: { takenAt: input.takenAt.toISOString(), source: input.timeSource, clockOffsetMs: input.clockOffsetMs, sealedAt: now.toISOString() },
    by: input.by,
    tools: input.tools,
    archive: { key: objectKeys.archive(capture), ...whole },
    entries: [...entries],
    entriesRoot: entriesRoot(entries),
    side,
    gaps: input.gaps,
  };
}

/** Stores the manifest, or takes the one that an earlier try stored: it must be about the same bytes. */
async function storeManifest(vault: EvidenceVault, capture: string, manifest: Manifest, lock: Lock): Promise<Manifest> {
  const key = objectKeys.manifest(capture);
  const bytes = canonicalBytes(manifest);
  parseManifest(bytes);
  if (await putOnce(vault, key, bytes, lock)) return manifest;
  const kept = parseManifest((await readRecord(vault, key)) ?? bytes);
  if (kept.archive.sha256 !== manifest.archive.sha256) throw new VaultError('mismatch', key, 'the manifest in the vault is about another archive');
  return kept;
}

async function writeLedger(writer: LedgerWriter, capture: string, manifest: Manifest, input: SealInput): Promise<boolean> {
  const archive: CustodySubject = { key: manifest.archive.key, sha256: manifest.archive.sha256 };
  const manifestSubject: CustodySubject = { key: objectKeys.manifest(capture), sha256: sha256Hex(canonicalBytes(manifest)) };
  const side = manifest.side.map(({ key, sha256 }) => ({ key, sha256 }));
  const tool = input.tools[0] ?? { name: 'icecore', version: 'unknown' };
  const step = (action: CustodyAction, reason: string, subjects: CustodySubject[], parents: CustodySubject[] = []): CustodyDraft => ({
    action, actor: { type: 'program', id: input.by }, tool, subjects, parents, reason,
  });
  const steps = [
    step('captured', manifest.why.reason ?? 'a checkpoint was taken', [archive]),
    step('hashed', 'every byte and every entry, before it left the node', [archive, { key: rootKey(capture, manifest.entries.length), sha256: manifest.entriesRoot }]),
    step('uploaded', `to ${writer.vault.location}`, [archive, ...side]),
  ];
  for (const each of steps) await once(writer, capture, each);
  const stamp = await stampManifest(writer, capture, manifestSubject.sha256, input.timestampAuthority);
  return (await once(writer, capture, step('sealed', 'whole and locked', [manifestSubject, ...stamp], [archive, ...side]))) !== undefined;
}

function once(writer: LedgerWriter, capture: string, draft: CustodyDraft): ReturnType<typeof appendEntry> {
  return appendEntry(writer, capture, (ledger) => (ledger.some(({ action }) => action === draft.action) ? undefined : draft));
}

async function stampManifest({ vault, lock }: LedgerWriter, capture: string, sha256: string, authority: TimestampAuthority | undefined): Promise<CustodySubject[]> {
  const key = objectKeys.timestamp(capture);
  const kept = await readRecord(vault, key);
  if (kept !== undefined) return [{ key, sha256: sha256Hex(kept) }];
  if (authority === undefined) return [];
  const response = await authority.stamp(Buffer.from(sha256, 'hex'));
  await putOnce(vault, key, response, lock);
  return [{ key, sha256: sha256Hex((await readRecord(vault, key)) ?? response) }];
}

/** A file that was made from evidence. */
export interface Derivation {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly parents: readonly CustodySubject[];
  /** The program that made it, in the version that made it. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly actor: CustodyDraft['actor'];
  readonly reason: string;
}

/** Stores a derived file beside its capture and writes down what it was made from. The same file again is no new entry. */
export async function recordDerivation(writer: LedgerWriter, capture: string, { name, bytes, parents, tool, actor, reason }: Derivation): Promise<CustodySubject> {
  const subject = { key: objectKeys.derived(capture, name), sha256: sha256Hex(bytes) };
  try {
    await writer.vault.put(subject.key, memorySource(bytes), { lock: writer.lock });
  } catch (error) {
    if (!isVaultError(error) || error.code !== 'exists') throw error;
    if ((await sha256OfSource(await writer.vault.open(subject.key))) !== subject.sha256) throw new VaultError('mismatch', subject.key, 'another file was derived under this name', { cause: error });
  }
  await recordDerived(writer, capture, { subjects: [subject], parents, tool, actor, reason });
  return subject;
}

/** What was made of evidence, or found of it, and lies elsewhere (parts of the lake): by names and hashes. */
export interface DerivedRecord extends Omit<Derivation, 'name' | 'bytes'> {
  /** `derived` where it is not given. */
  readonly action?: 'verified' | 'decoded' | 'derived';
  readonly subjects: readonly CustodySubject[];
}

/**
 * Writes it down in one entry. Subjects whose last entry of the same action has the same hash are not named again (a part of
 * the lake may be written anew, and anew as it was before: the last word on it counts); where none is left there is no new entry.
 */
export async function recordDerived(writer: LedgerWriter, capture: string, { action = 'derived', subjects, ...draft }: DerivedRecord): Promise<void> {
  await appendEntry(writer, capture, (ledger) => {
    const last = new Map(ledger.flatMap((entry) => (entry.action === action ? entry.subjects.map(({ key, sha256 }) => [key, sha256] as const) : [])));
    const fresh = subjects.filter(({ key, sha256 }) => last.get(key) !== sha256);
    return fresh.length === 0 ? undefined : { action, ...draft, subjects: fresh };
  });
}
