import { z } from 'zod';
import { canonicalBytes } from './canonical-json.ts';
import { sha256Hex } from './hashing.ts';
import { parseExactly } from './manifest.ts';
import type { Signer } from './signing.ts';

/** A signature in the one base64 text that its bytes have: a spare bit of the last character that is set is a change too. */
const signatureText = z
  .base64()
  .max(4096)
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'is not the base64 of its bytes');

/** What can happen to evidence. */
export const custodyActions = [
  'captured', 'hashed', 'uploaded', 'sealed', 'verified', 'decoded', 'derived',
  'accessed', 'exported', 'held', 'released', 'replicated', 'expired',
] as const;
export type CustodyAction = (typeof custodyActions)[number];

/** Most entries of one ledger that are read. */
export const maxLedgerEntries = 100_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.string().max(10_000);
const moment = z.iso.datetime({ precision: 3 });
const subject = z.strictObject({ key: z.string().max(2048), sha256 });

const body = {
  version: z.literal(1),
  captureId: z.string().min(1).max(180),
  seq: z.number().int().min(1).max(maxLedgerEntries),
  action: z.enum(custodyActions),
  at: moment,
  actor: z.strictObject({ type: z.enum(['person', 'program']), id: text }),
  tool: z.strictObject({ name: text, version: text }),
  /** What it was done to, or what came of it. */
  subjects: z.array(subject).max(10_000),
  /** What the subjects were made from. */
  parents: z.array(subject).max(10_000),
  reason: text,
  /** `hash` of the entry before; null for the first. */
  previous: sha256.nullable(),
  keyId: z.string().max(2048),
  algorithm: z.enum(['ed25519', 'ecdsa-p256-sha256']),
};
export const entrySchema = z.strictObject({
  ...body,
  /** SHA-256 of the canonical JSON of all of the above. */
  hash: sha256,
  /** Over the same bytes, in base64. */
  signature: signatureText,
});
const headSchema = z.strictObject({
  version: z.literal(1),
  captureId: body.captureId,
  seq: body.seq,
  /** `hash` of the last entry at that time. */
  head: sha256,
  at: moment,
  keyId: body.keyId,
  algorithm: body.algorithm,
  signature: signatureText,
});

export type CustodyEntry = z.infer<typeof entrySchema>;
/** A signed word on how long the ledger was: what is cut off from the end is missed. */
export type LedgerHead = z.infer<typeof headSchema>;
export type CustodySubject = z.infer<typeof subject>;

/** What the writer of an entry says; the rest follows from the ledger and the signer. */
export interface CustodyDraft {
  readonly action: CustodyAction;
  readonly actor: CustodyEntry['actor'];
  readonly tool: CustodyEntry['tool'];
  readonly subjects: readonly CustodySubject[];
  readonly parents?: readonly CustodySubject[];
  readonly reason: string;
}

export async function signEntry(draft: CustodyDraft, place: { captureId: string; seq: number; previous: string | null; at: Date }, signer: Signer): Promise<CustodyEntry> {
  const unsigned = {
    version: 1 as const,
    ...draft,
    subjects: [...draft.subjects],
    parents: [...(draft.parents ?? [])],
    ...place,
    at: place.at.toISOString(),
    keyId: signer.keyId,
    algorithm: signer.algorithm,
  };
  const bytes = canonicalBytes(unsigned);
  return { ...unsigned, hash: sha256Hex(bytes), signature: Buffer.from(await signer.sign(bytes)).toString('base64') };
}

export async function signHead(last: CustodyEntry, at: Date, signer: Signer): Promise<LedgerHead> {
  const unsigned = { version: 1 as const, captureId: last.captureId, seq: last.seq, head: last.hash, at: at.toISOString(), keyId: signer.keyId, algorithm: signer.algorithm };
  return { ...unsigned, signature: Buffer.from(await signer.sign(canonicalBytes(unsigned))).toString('base64') };
}

/** The bytes that the hash and the signature are over. */
export function signedBytes(signed: CustodyEntry | LedgerHead): Uint8Array {
  return canonicalBytes(Object.fromEntries(Object.entries(signed).filter(([name]) => name !== 'signature' && name !== 'hash')));
}

export function parseEntry(bytes: Uint8Array): CustodyEntry {
  return parseExactly(bytes, entrySchema);
}

export function parseHead(bytes: Uint8Array): LedgerHead {
  return parseExactly(bytes, headSchema);
}
