import { sha256Hex } from './hashing.ts';
import { captureIdOfKey, objectKeys } from './layout.ts';
import { readRecord } from './ledger.ts';
import { type CustodyEntry, type LedgerHead, maxLedgerEntries, parseEntry, parseHead, signedBytes } from './ledger-entry.ts';
import { signatureFault } from './signing.ts';
import { reasonOf, type Verification } from './verify.ts';

/** Checks every entry, the chain they form and the signed words on its length. Gives the entries that can be read. */
export async function verifyLedger(verification: Verification): Promise<CustodyEntry[]> {
  const { capture, fault } = verification;
  const entries = new Map<number, CustodyEntry>();
  const seqs = await numbers(verification, 'ledger/');
  const last = seqs.at(-1) ?? 0;
  if (last === 0) fault(`${capture}ledger/`, 'is empty');
  let previous: CustodyEntry | undefined;
  for (let seq = 1; seq <= last; seq += 1) {
    const key = objectKeys.entry(capture, seq);
    const entry = await readEntry(verification, key);
    if (entry !== undefined) {
      entries.set(seq, entry);
      for (const reason of entryFaults(verification, entry, seq, previous)) fault(key, reason);
    }
    previous = entry;
  }
  for (const seq of await numbers(verification, 'heads/')) await verifyHead(verification, seq, entries);
  const found = [...entries.values()];
  for (const expected of verification.options.expectedHeads ?? []) expectHead(verification, found, expected);
  return found;
}

/** A ledger only grows: an end that it had once is still in it. */
function expectHead({ capture, fault }: Verification, entries: readonly CustodyEntry[], { seq, head }: { readonly seq?: number; readonly head: string }): void {
  const kept = entries.find(({ hash }) => hash === head);
  if (kept !== undefined && (seq === undefined || kept.seq === seq)) return;
  const last = entries.at(-1)?.seq ?? 0;
  if (seq === undefined) fault(`${capture}ledger/`, `has no entry with the hash ${head} that is known of it: it was cut, or is another ledger`);
  else fault(objectKeys.entry(capture, seq), seq > last ? `is missing: the ledger ends with entry ${last}, and was known to have this one, of hash ${head}` : `does not have the hash ${head} that is known of it`);
}

/** The numbers of the objects below a folder of the capture, ascending; other names are faults. */
async function numbers({ vault, capture, fault }: Verification, folder: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { key } of vault.list(capture + folder)) {
    const digits = /^(\d{8})\.json$/.exec(key.slice(capture.length + folder.length))?.[1];
    const seq = Number(digits);
    if (digits === undefined || seq < 1 || seq > maxLedgerEntries) fault(key, 'does not belong there');
    else found.push(seq);
  }
  return found;
}

async function readEntry({ vault, fault }: Verification, key: string): Promise<CustodyEntry | undefined> {
  try {
    const bytes = await readRecord(vault, key);
    if (bytes !== undefined) return parseEntry(bytes);
    fault(key, 'is missing');
  } catch (error) {
    fault(key, reasonOf(error));
  }
  return undefined;
}

function* entryFaults({ capture, trust }: Verification, entry: CustodyEntry, seq: number, previous: CustodyEntry | undefined): Generator<string> {
  if (entry.captureId !== captureIdOfKey(capture)) yield `is of the capture ${entry.captureId}`;
  if (entry.seq !== seq) yield `is entry ${entry.seq}, in the place of entry ${seq}`;
  const bytes = signedBytes(entry);
  if (sha256Hex(bytes) !== entry.hash) yield 'has a hash that is not the hash of what it says';
  const signature = signatureFault(trust, entry, bytes, Buffer.from(entry.signature, 'base64'));
  if (signature !== undefined) yield signature;
  if (seq === 1 && entry.previous !== null) yield 'is the first and names an entry before it';
  if (seq > 1 && previous !== undefined && entry.previous !== previous.hash) yield 'does not follow the entry before it';
  if (seq > 1 && entry.previous === null) yield 'names no entry before it';
}

async function verifyHead({ vault, capture, trust, fault }: Verification, seq: number, entries: ReadonlyMap<number, CustodyEntry>): Promise<void> {
  const key = objectKeys.head(capture, seq);
  let head: LedgerHead;
  try {
    const bytes = await readRecord(vault, key);
    if (bytes === undefined) return;
    head = parseHead(bytes);
  } catch (error) {
    fault(key, reasonOf(error));
    return;
  }
  const signature = signatureFault(trust, head, signedBytes(head), Buffer.from(head.signature, 'base64'));
  if (signature !== undefined) fault(key, signature);
  if (head.captureId !== captureIdOfKey(capture)) fault(key, `is of the capture ${head.captureId}`);
  if (head.seq !== seq) fault(key, `is about entry ${head.seq}, in the place of entry ${seq}`);
  const entry = entries.get(seq);
  if (entry === undefined) fault(objectKeys.entry(capture, seq), 'is missing: the ledger was longer once');
  else if (entry.hash !== head.head) fault(objectKeys.entry(capture, seq), 'is not the entry that the ledger ended with once');
}
