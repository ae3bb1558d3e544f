import { z } from 'zod';
import type { JsonValue } from './canonical-json.ts';
import { VaultError } from './errors.ts';
import { sha256Hex } from './hashing.ts';
import { captureIdOfKey, objectKeys } from './layout.ts';
import { readLedger, readRecord } from './ledger.ts';
import { entrySchema, signedBytes } from './ledger-entry.ts';
import { entryLeaf, manifestEntry, parseManifest, rootKey } from './manifest.ts';
import { inclusionProof, provesInclusion } from './merkle.ts';
import { signatureFault, type Trust } from './signing.ts';
import type { EvidenceVault } from './vault.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const proofSchema = z.strictObject({
  version: z.literal(1),
  captureKey: z.string().min(1).max(1024),
  /** The entry of the archive that is proven. */
  entry: manifestEntry,
  /** Its place among all entries, from 0, and how many they are. */
  index: z.number().int().min(0),
  count: z.number().int().min(1),
  /** The hashes beside its way to the root, the nearest first (RFC 6962, section 2.1.1). */
  path: z.array(sha256).max(64),
  root: sha256,
  /** The entry of the ledger that says, signed, what the root was when the archive was hashed. */
  hashed: entrySchema,
});

/** Proves that an archive had an entry, with the bytes of neither the archive nor its other entries, nor their names. */
export type EntryProof = z.infer<typeof proofSchema>;

/** Reads a proof. Throws a `SyntaxError` or a `ZodError` where it is none. */
export function parseEntryProof(text: string): EntryProof {
  return proofSchema.parse(JSON.parse(text));
}

/** The proof as the text of a file. */
export function entryProofText(proof: EntryProof): string {
  const plain: JsonValue = JSON.parse(JSON.stringify(proof));
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

/** Proves an entry of a capture's archive by its path. Rejects with a `VaultError` (`missing`) where there is none, or where the ledger does not have the root. */
export async function proveEntry(vault: EvidenceVault, capture: string, path: string): Promise<EntryProof> {
  const bytes = await readRecord(vault, objectKeys.manifest(capture));
  if (bytes === undefined) throw new VaultError('missing', objectKeys.manifest(capture), 'the vault has no such capture, or one that was not sealed');
  const { entries, entriesRoot: root } = parseManifest(bytes);
  const index = entries.findIndex((entry) => entry.path === path);
  const entry = entries[index];
  if (entry === undefined) throw new VaultError('missing', objectKeys.archive(capture), `has no entry ${JSON.stringify(path)}`);
  const hashed = (await readLedger(vault, capture)).find(({ action }) => action === 'hashed');
  if (hashed?.subjects.some(({ key, sha256: hash }) => key === rootKey(capture, entries.length) && hash === root) !== true) throw new VaultError('missing', capture, 'its ledger does not have the root of its entries');
  return { version: 1, captureKey: capture, entry, index, count: entries.length, path: inclusionProof(entries.map(entryLeaf), index), root, hashed };
}

/** Why a proof does not hold; undefined where it does: with no network, no vault, and no word but that of a trusted key. */
export function entryProofFault({ captureKey, entry, index, count, path, root, hashed }: EntryProof, trust: Trust): string | undefined {
  const signed = signedBytes(hashed);
  if (hashed.action !== 'hashed' || hashed.captureId !== captureIdOfKey(captureKey)) return 'the entry of the ledger is not of this capture’s hashing';
  if (sha256Hex(signed) !== hashed.hash) return 'the entry of the ledger has a hash that is not the hash of what it says';
  const fault = signatureFault(trust, hashed, signed, Buffer.from(hashed.signature, 'base64'));
  if (fault !== undefined) return `the entry of the ledger ${fault}`;
  if (!hashed.subjects.some(({ key, sha256: hash }) => key === rootKey(captureKey, count) && hash === root)) return 'the entry of the ledger is about another root';
  return provesInclusion(entryLeaf(entry), index, count, path, root) ? undefined : 'the hashes do not lead from the entry to the root';
}
