import type { ByteSource } from '@icecore/bytes';
import { hashEntries } from './archive-entries.ts';
import { fingerprint } from './hashing.ts';
import { entriesRoot, type Manifest } from './manifest.ts';
import { reasonOf, type Verification } from './verify.ts';

/** Checks the archive as a whole, then its entries. Gives the count of entries that hold. */
export async function verifyArchive(verification: Verification, { archive, entries, entriesRoot: root }: Manifest): Promise<number> {
  const { vault, fault } = verification;
  if (entriesRoot(entries) !== root) fault(`${verification.capture}manifest.json#entriesRoot`, 'is not the root of the entries that the manifest lists');
  let source: ByteSource;
  try {
    source = await vault.open(archive.key);
    const found = await fingerprint(source);
    if (found.bytes !== archive.bytes) fault(archive.key, `has ${found.bytes} bytes, and the manifest says ${archive.bytes}`);
    else if (found.sha256 !== archive.sha256) fault(archive.key, `has the SHA-256 ${found.sha256}, and the manifest says ${archive.sha256}`);
    else if (found.crc64nvme !== archive.crc64nvme) fault(`${verification.capture}manifest.json#archive.crc64nvme`, `is not the checksum of the archive, ${found.crc64nvme}`);
  } catch (error) {
    fault(archive.key, reasonOf(error));
    return 0;
  }
  return verifyEntries(verification, source, archive.key, entries);
}

async function verifyEntries({ options, fault, unchecked }: Verification, source: ByteSource, key: string, expected: Manifest['entries']): Promise<number> {
  if (options.openEntries === undefined) {
    unchecked('the entries of the archive one by one: nothing here can open it');
    return 0;
  }
  // An archive that could not be opened when it was sealed has no entries, and its manifest has a gap that says so.
  if (expected.length === 0) return 0;
  try {
    const found = await hashEntries(await options.openEntries(source));
    let held = 0;
    for (const [i, entry] of expected.entries()) {
      const other = found[i];
      if (other?.path === entry.path && other.type === entry.type && other.bytes === entry.bytes && other.sha256 === entry.sha256) held += 1;
      else fault(`${key}#${entry.path}`, other?.path === entry.path ? 'has other bytes than the manifest says' : `is not entry ${i} of the archive`);
    }
    if (found.length > expected.length) fault(key, `has ${found.length} entries, and the manifest lists ${expected.length}`);
    return held;
  } catch (error) {
    fault(key, `cannot be opened: ${reasonOf(error)}`);
    return 0;
  }
}

/** Checks what was sealed beside the archive. */
export async function verifySide({ vault, capture, fault }: Verification, { side }: Manifest): Promise<void> {
  for (const { key, bytes, sha256 } of side) {
    if (!key.startsWith(`${capture}side/`)) fault(`${capture}manifest.json#side`, `names what belongs to another capture, ${key}`);
    try {
      const found = await fingerprint(await vault.open(key));
      if (found.bytes !== bytes || found.sha256 !== sha256) fault(key, `has ${found.bytes} bytes of SHA-256 ${found.sha256}, and the manifest says ${bytes} of ${sha256}`);
    } catch (error) {
      fault(key, reasonOf(error));
    }
  }
}
