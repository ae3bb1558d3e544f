import { z } from 'zod';
import { LakeError } from '../errors.ts';
import { layoutFolder } from '../layout.ts';
import { partPath, requireSafeName } from '../partition.ts';
import { compactionsTable } from './compactions-table.ts';

/** A day of a tenant: what is compacted together. */
export interface Day {
  readonly tenant: string;
  readonly date: string;
}

const file = z.strictObject({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const record = z.strictObject({
  id: z.string(),
  tenant: z.string(),
  date: z.string(),
  /**
   * - `begun`: its parts are being written; what is there of them does not count.
   * - `written`: they are there, and do not count yet.
   * - `switched`: they count; what they were made from waits to be removed.
   * - `given_up`: it was begun long ago and never written; what is there of its parts waits to be removed.
   */
  state: z.enum(['begun', 'written', 'switched', 'given_up']),
  /** When it came into its state. */
  at: z.iso.datetime(),
  inputs: z.array(file),
  outputs: z.array(file),
  /** For each capture, the tables whose rows of it lie in the outputs. */
  covers: z.record(z.string(), z.array(z.string())),
  /** Compactions that it takes the place of. */
  replaces: z.array(z.string()),
});

/**
 * How far a compaction has come. It is written before the first part and goes with the last removal, so that a compaction that
 * was killed is taken up where it stopped.
 */
export type CompactionRecord = Readonly<z.infer<typeof record>>;

/** Folder of all records. Athena and DuckDB pass over it: its name begins with an underscore, and it is no table's. */
export const recordFolder = `${layoutFolder}/_compactions/`;

export function recordPath({ id, tenant, date }: Pick<CompactionRecord, 'id' | 'tenant' | 'date'>): string {
  return `${recordFolder}tenant=${requireSafeName(tenant, 'tenant')}/dt=${date}/${requireSafeName(id, 'compaction')}.json`;
}

/** Path of the part of `compactions` that makes a compaction count. */
export function switchPath({ id, tenant, date }: Pick<CompactionRecord, 'id' | 'tenant' | 'date'>): string {
  return partPath({ table: compactionsTable.name, tenant, date, captureId: id, part: 0 });
}

export function encodeRecord(value: CompactionRecord): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);
}

/** Throws a `LakeError` (`damaged`) for what is no record. */
export function decodeRecord(bytes: Uint8Array, path: string): CompactionRecord {
  try {
    return record.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new LakeError('damaged', `${path} is no record of a compaction`, { cause: error });
  }
}
