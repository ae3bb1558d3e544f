import { createHash } from 'node:crypto';
import { encodeParquet, type LakeStore, partitionDate, partPath, type RowOf, type Table, writeParquet } from '@icecore/lake';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { TableRows } from '@icecore/tables';
import type { Verified } from './input.ts';

/** A part that was written. */
export interface WrittenPart {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the file. */
  readonly sha256: string;
}

/** Writes the parts of one capture, a part a table. */
export interface PartWriter {
  /** The day that the capture is filed under. */
  readonly date: string;
  /** Rows that come in the order of the table. A table without rows leaves no part. */
  stream(rows: TableRows): Promise<void>;
  /** Rows in any order. */
  sorted(table: Table, rows: readonly RowOf<Table>[]): Promise<void>;
  readonly parts: readonly WrittenPart[];
}

/** What tells when a capture was made. */
export interface Taken {
  readonly container: Pick<ContainerSnapshot['container'], 'checkpointedAt'>;
}

/** What tells where the parts of a capture are filed. */
export interface Filed {
  readonly tenant: string;
  readonly verify: Pick<Verified, 'captureId' | 'sealedAt'>;
}

export function partWriter(lake: LakeStore, { container }: Taken, { tenant, verify: { captureId, sealedAt } }: Filed): PartWriter {
  const date = filingDate(container, sealedAt);
  const parts: WrittenPart[] = [];
  const write = async (table: string, rows: number, bytes: Uint8Array): Promise<void> => {
    if (rows === 0) return;
    const path = partPath({ table, tenant, date, captureId, part: 0 });
    await lake.writePart(path, bytes);
    parts.push({ table, path, rows, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  };
  return {
    date,
    parts,
    async stream({ table, rows }) {
      const chunks: Uint8Array[] = [];
      const written = await writeParquet(table, rows, async (chunk) => void chunks.push(chunk.slice()));
      await write(table.name, written.rows, Buffer.concat(chunks));
    },
    sorted: (table, rows) => write(table.name, rows.length, encodeParquet(table, rows)),
  };
}

/** So far the clock of a node may be ahead of the one that sealed, in milliseconds. */
const maxAheadMilliseconds = 24 * 3600 * 1000;

/**
 * The day that a capture is filed under: that of its making. Where the archive does not tell it, or tells one that had not come
 * when the archive was sealed, it is the day of sealing: Athena looks into the days of a range that ends tomorrow, and into no
 * other. An archive that was never sealed, and tells no day, is filed under the first day of time. The same capture is filed
 * under the same day whenever it is analysed.
 */
export function filingDate({ checkpointedAt }: Taken['container'], sealedAt: string | null): string {
  if (sealedAt === null) return partitionDate(checkpointedAt ?? new Date(0));
  const sealed = new Date(sealedAt);
  const plausible = checkpointedAt !== undefined && checkpointedAt.getTime() <= sealed.getTime() + maxAheadMilliseconds;
  return partitionDate(plausible ? checkpointedAt : sealed);
}
