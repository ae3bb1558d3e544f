import { z } from 'zod';
import { canonicalBytes } from './canonical-json.ts';
import { objectKeys } from './layout.ts';
import { leafHash, merkleRoot } from './merkle.ts';

/** Most entries of an archive that a manifest lists. */
export const maxManifestEntries = 1_000_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const text = z.string().max(10_000);
const moment = z.iso.datetime({ precision: 3 });

/** An entry as the manifest lists it. */
export const manifestEntry = z.strictObject({
  /** Path as the archive spells it. */
  path: z.string(),
  type: z.string().max(40),
  /** Bytes of the body, holes filled. */
  bytes: count,
  /** Of the body. */
  sha256,
});

const side = z.strictObject({ key: z.string().max(1024), kind: text, bytes: count, sha256 });

const manifestSchema = z.strictObject({
  version: z.literal(1),
  captureId: z.string().min(1).max(180),
  where: z.strictObject({
    account: text,
    cluster: text,
    node: text.nullable(),
    namespace: text.nullable(),
    pod: text.nullable(),
    podUid: text.nullable(),
    container: text.nullable(),
    containerId: text.nullable(),
    image: text.nullable(),
    imageDigest: text.nullable(),
  }),
  why: z.strictObject({ alert: text.nullable(), policy: text.nullable(), case: text.nullable(), reason: text.nullable() }),
  when: z.strictObject({
    takenAt: moment,
    /** Whose clock told `takenAt`: `archive`, `config.dump`, `node`. */
    source: text,
    /** What the node's clock was ahead of the sealer's, in milliseconds, where it was measured. */
    clockOffsetMs: z.number().int().nullable(),
    sealedAt: moment,
  }),
  by: text,
  tools: z.array(z.strictObject({ name: text, version: text })).max(100),
  archive: z.strictObject({ key: z.string().max(1024), bytes: count, sha256, crc64nvme: z.string().regex(/^[0-9a-f]{16}$/) }),
  /** In the archive's order. Where the archive cannot be opened there are none, and a gap says why. */
  entries: z.array(manifestEntry).max(maxManifestEntries),
  /** Root of the hash tree over the entries; each leaf is the entry above in canonical JSON. */
  entriesRoot: sha256,
  side: z.array(side).max(10_000),
  gaps: z.array(z.strictObject({ code: text, subject: text, reason: text })).max(10_000),
});

/** What was taken, where, why, when and by whom, and what proves it. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestEntry = z.infer<typeof manifestEntry>;
export type SideEvidence = z.infer<typeof side>;

/** Reads a manifest. Throws a `SyntaxError`, a `TypeError` or a `ZodError` for bytes that are not canonical JSON of this form. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parseExactly(bytes, manifestSchema);
}

/** Parses canonical JSON: bytes that would be written differently are refused, so that one value has one form. */
export function parseExactly<T extends z.ZodType>(bytes: Uint8Array, schema: T): z.infer<T> {
  const raw: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  const value = schema.parse(raw);
  if (!Buffer.from(canonicalBytes(z.json().parse(raw))).equals(bytes)) throw new TypeError('is not in canonical form');
  return value;
}

/** The leaf of an entry in the manifest's hash tree. */
export function entryLeaf({ path, type, bytes, sha256: hash }: ManifestEntry): string {
  return leafHash(canonicalBytes({ path, type, bytes, sha256: hash }));
}

/**
 * What the ledger calls the root of a capture's entries: its `hashed` is about it too, so that one entry can be proven without
 * the manifest. A root does not say over how many leaves it is, and so the name does.
 */
export function rootKey(capture: string, count: number): string {
  return `${objectKeys.manifest(capture)}#root-of-${count}`;
}

export function entriesRoot(entries: readonly ManifestEntry[]): string {
  return merkleRoot(entries.map(entryLeaf));
}
