import { type ByteSource, memorySource, readAll } from '@icecore/bytes';
import { canonicalBytes } from './canonical-json.ts';
import { isVaultError, VaultError } from './errors.ts';
import { captureIdOfKey, objectKeys } from './layout.ts';
import { type CustodyDraft, type CustodyEntry, maxLedgerEntries, parseEntry, signEntry, signHead } from './ledger-entry.ts';
import type { Signer } from './signing.ts';
import type { EvidenceVault, Lock } from './vault.ts';

/** Largest ledger entry, manifest or time stamp that is read whole, in bytes. */
export const maxRecordBytes = 256 * 2 ** 20;
/** How often a writer tries again where others write the same ledger. */
const maxRaces = 100;

/** What writes to a ledger. */
export interface LedgerWriter {
  readonly vault: EvidenceVault;
  readonly signer: Signer;
  readonly clock: () => Date;
  readonly lock: Lock;
}

/** Reads the entries of a ledger in their order. Rejects where one cannot be read; `verifyCapture` says more. */
export async function readLedger(vault: EvidenceVault, capture: string): Promise<CustodyEntry[]> {
  const entries: CustodyEntry[] = [];
  for (let seq = 1; seq <= maxLedgerEntries; seq += 1) {
    const bytes = await readRecord(vault, objectKeys.entry(capture, seq));
    if (bytes === undefined) break;
    entries.push(parseEntry(bytes));
  }
  return entries;
}

/** A small object as a whole; undefined where there is none. */
export async function readRecord(vault: EvidenceVault, key: string): Promise<Uint8Array | undefined> {
  let source: ByteSource;
  try {
    source = await vault.open(key);
  } catch (error) {
    if (isVaultError(error) && error.code === 'missing') return undefined;
    throw error;
  }
  if (source.size > maxRecordBytes) throw new VaultError('refused', key, `is larger than ${maxRecordBytes} bytes`);
  return readAll(source);
}

/**
 * Appends what `draft` makes of the ledger as it is; nothing where it makes nothing. Where another writer takes the place,
 * the ledger is read anew and `draft` asked again, so that no entry is lost and none is written twice.
 */
export async function appendEntry(writer: LedgerWriter, capture: string, draft: (ledger: readonly CustodyEntry[]) => CustodyDraft | undefined): Promise<CustodyEntry | undefined> {
  const { vault, signer, clock, lock } = writer;
  const captureId = captureIdOfKey(capture);
  for (let race = 0; race < maxRaces; race += 1) {
    const ledger = await readLedger(vault, capture);
    await finishHead(writer, capture, ledger.at(-1));
    const wanted = draft(ledger);
    if (wanted === undefined) return undefined;
    const seq = ledger.length + 1;
    const entry = await signEntry(wanted, { captureId, seq, previous: ledger.at(-1)?.hash ?? null, at: clock() }, signer);
    if (!(await putOnce(vault, objectKeys.entry(capture, seq), canonicalBytes(entry), lock))) continue;
    await finishHead(writer, capture, entry);
    return entry;
  }
  throw new VaultError('unavailable', capture, `others were first at its ledger ${maxRaces} times`);
}

/** Signs how long the ledger is, where nobody did: also for a writer who was broken off between an entry and its head. */
async function finishHead({ vault, signer, clock, lock }: LedgerWriter, capture: string, last: CustodyEntry | undefined): Promise<void> {
  if (last === undefined) return;
  const key = objectKeys.head(capture, last.seq);
  if ((await vault.describe(key)) === undefined) await putOnce(vault, key, canonicalBytes(await signHead(last, clock(), signer)), lock);
}

/** Puts a small object; false where there is one of that key already. */
export async function putOnce(vault: EvidenceVault, key: string, bytes: Uint8Array, lock: Lock): Promise<boolean> {
  try {
    await vault.put(key, memorySource(bytes), { lock });
    return true;
  } catch (error) {
    if (isVaultError(error) && error.code === 'exists') return false;
    throw error;
  }
}
