import { isVaultError } from './errors.ts';
import { type ContainedEntry, type HashedArchive, type HashingSource, hashingSource } from './hash-archive.ts';
import { sha256OfSource } from './hashing.ts';
import { entriesRoot, type Manifest } from './manifest.ts';
import { reasonOf, type Verification } from './verify.ts';

/** Checks the archive as a whole and its entries, in one pass where it is plain. Gives the count of entries that hold. */
export async function verifyArchive(verification: Verification, { archive, entries, entriesRoot: root }: Manifest): Promise<number> {
  const { vault, fault } = verification;
  if (entriesRoot(entries) !== root) fault(`${verification.capture}manifest.json#entriesRoot`, 'is not the root of the entries that the manifest lists');
  let hashed: HashedArchive;
  let opened: OpenedEntries;
  try {
    const source = hashingSource(await vault.open(archive.key));
    opened = await openEntries(verification, source, entries.length);
    hashed = await source.hash(opened.entries);
  } catch (error) {
    if (!hasExpired(verification, archive, error)) fault(archive.key, reasonOf(error));
    return 0;
  }
  const { whole } = hashed;
  if (whole.bytes !== archive.bytes) fault(archive.key, `has ${whole.bytes} bytes, and the manifest says ${archive.bytes}`);
  else if (whole.sha256 !== archive.sha256) fault(archive.key, `has the SHA-256 ${whole.sha256}, and the manifest says ${archive.sha256}`);
  else if (whole.crc64nvme !== archive.crc64nvme) fault(`${verification.capture}manifest.json#archive.crc64nvme`, `is not the checksum of the archive, ${whole.crc64nvme}`);
  const damage = opened.damage ?? hashed.damage;
  if (damage !== undefined) fault(archive.key, `cannot be opened: ${reasonOf(damage)}`);
  return opened.damage === undefined && opened.checked ? compareEntries(verification, archive.key, hashed, entries) : 0;
}

interface OpenedEntries {
  readonly entries: Iterable<ContainedEntry>;
  /** False where they are not compared. */
  readonly checked: boolean;
  /** What opening the archive threw. */
  readonly damage: unknown;
}

async function openEntries({ options, unchecked }: Verification, source: HashingSource, expected: number): Promise<OpenedEntries> {
  if (options.openEntries === undefined) {
    unchecked('the entries of the archive one by one: nothing here can open it');
    return { entries: [], checked: false, damage: undefined };
  }
  // An archive that could not be opened when it was sealed has no entries, and its manifest has a gap that says so.
  if (expected === 0) return { entries: [], checked: false, damage: undefined };
  try {
    return { entries: await options.openEntries(source), checked: true, damage: undefined };
  } catch (error) {
    return { entries: [], checked: true, damage: error };
  }
}

function compareEntries({ fault }: Verification, key: string, { entries: found, damage }: HashedArchive, expected: Manifest['entries']): number {
  let held = 0;
  for (const [i, entry] of expected.entries()) {
    const other = found[i];
    if (other?.path === entry.path && other.type === entry.type && other.bytes === entry.bytes && other.sha256 === entry.sha256) held += 1;
    else if (other !== undefined || damage === undefined) fault(`${key}#${entry.path}`, other?.path === entry.path ? 'has other bytes than the manifest says' : `is not entry ${i} of the archive`);
  }
  if (found.length > expected.length) fault(key, `has ${found.length} entries, and the manifest lists ${expected.length}`);
  return held;
}

/** Checks what was sealed beside the archive. */
export async function verifySide(verification: Verification, { side }: Manifest): Promise<void> {
  const { vault, capture, fault } = verification;
  for (const { key, bytes, sha256 } of side) {
    if (!key.startsWith(`${capture}side/`)) fault(`${capture}manifest.json#side`, `names what belongs to another capture, ${key}`);
    try {
      const source = await vault.open(key);
      const found = await sha256OfSource(source);
      if (source.size !== bytes || found !== sha256) fault(key, `has ${source.size} bytes of SHA-256 ${found}, and the manifest says ${bytes} of ${sha256}`);
    } catch (error) {
      if (!hasExpired(verification, { key, sha256 }, error)) fault(key, reasonOf(error));
    }
  }
}

/** True for an object that is gone, and of which the ledger says that it expired, with this hash. */
export function hasExpired({ expired, unchecked }: Verification, { key, sha256 }: { readonly key: string; readonly sha256: string }, error: unknown): boolean {
  const told = expired.get(key);
  if (told?.sha256 !== sha256 || !isVaultError(error) || error.code !== 'missing') return false;
  unchecked(`${key}: expired ${told.at}, says entry ${told.seq}`);
  return true;
}
