import { z } from 'zod';
import type { PutJournal } from './put-journal.ts';
import type { Lock, StoredObject, VaultObject } from './vault.ts';

const moment = z.iso.datetime({ precision: 3 }).transform((text) => new Date(text));
const count = z.number().int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const putSchema = z.strictObject({
  bytes: count,
  sha256: hash,
  crc64nvme: z.string().regex(/^[0-9a-f]{16}$/),
  versionId: z.string().max(2048).nullable(),
  retainUntil: moment,
  held: z.boolean(),
  storedAt: moment,
});
const stepSchema = z.union([
  z.strictObject({ begun: z.string().max(4096) }),
  z.strictObject({ part: z.number().int().min(1).max(10_000), bytes: count, etag: z.string().max(1024), crc64nvme: z.string().max(64).nullable() }),
  z.strictObject({ completingAt: z.iso.datetime({ precision: 3 }) }),
]);

/** What happened to an upload in parts: it began under a name, the store has a part, all parts are there and the upload is about to end. */
export type UploadStep = z.infer<typeof stepSchema>;

/** An upload as far as its writer remembers it. */
export interface RememberedUpload {
  readonly uploadId: string;
  readonly parts: readonly Extract<UploadStep, { part: number }>[];
  /** When the store was first asked to make the object of the parts; undefined where it was not yet. */
  readonly completingAt: Date | undefined;
}

/** Most bytes of a journal's record of an upload that are read. */
const maxRecordBytes = 64 * 2 ** 20;

/** Remembers that the store has an object whole. */
export async function rememberPut(journal: PutJournal, { key, bytes, sha256, crc64nvme, versionId }: StoredObject, lock: Lock, storedAt: Date): Promise<void> {
  const text = JSON.stringify({ bytes, sha256, crc64nvme, versionId: versionId ?? null, retainUntil: lock.retainUntil.toISOString(), held: lock.held, storedAt: storedAt.toISOString() });
  await journal.write(`${key}~stored`, new TextEncoder().encode(text));
}

/** The object as its writer remembers it; undefined where it does not know that the store has it. */
export async function rememberedPut(journal: PutJournal, key: string): Promise<VaultObject | undefined> {
  const record = await journal.read(`${key}~stored`);
  if (record === undefined) return undefined;
  const { bytes, sha256, versionId, retainUntil, held, storedAt } = putSchema.parse(JSON.parse(new TextDecoder().decode(record)));
  return { key, bytes, sha256, storedAt, versionId: versionId ?? undefined, lock: { retainUntil, held } };
}

/** Keys of which anything is remembered, ascending, and whether the store has them whole. */
export async function* rememberedPuts(journal: PutJournal, prefix: string): AsyncGenerator<{ readonly key: string; readonly stored: boolean }> {
  const found = new Map<string, boolean>();
  for await (const name of journal.names(prefix)) {
    const [key = '', ending] = name.split('~');
    found.set(key, found.get(key) === true || ending === 'stored');
  }
  for (const [key, stored] of [...found].sort(([left], [right]) => (left < right ? -1 : 1))) yield { key, stored };
}

export async function rememberUpload(journal: PutJournal, key: string, step: UploadStep): Promise<void> {
  await journal.append(`${key}~upload`, JSON.stringify(step));
}

/** The last upload of an object that was begun; undefined where none is remembered. A line that a crash cut says nothing. */
export async function rememberedUpload(journal: PutJournal, key: string): Promise<RememberedUpload | undefined> {
  const record = await journal.read(`${key}~upload`);
  if (record === undefined || record.length > maxRecordBytes) return undefined;
  const steps = new TextDecoder().decode(record).split('\n').flatMap(stepOf);
  const begun = steps.findLastIndex((step) => 'begun' in step);
  const first = steps[begun];
  if (first === undefined || !('begun' in first)) return undefined;
  const since = steps.slice(begun + 1);
  const completing = since.find((step) => 'completingAt' in step);
  return { uploadId: first.begun, parts: since.filter((step) => 'part' in step), completingAt: completing === undefined ? undefined : new Date(completing.completingAt) };
}

function stepOf(line: string): UploadStep[] {
  try {
    const read = stepSchema.safeParse(JSON.parse(line));
    return read.success ? [read.data] : [];
  } catch {
    return [];
  }
}
