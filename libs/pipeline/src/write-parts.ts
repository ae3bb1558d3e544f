import { createHash } from 'node:crypto';
import { encodeParquet, type LakeStore, partitionDate, partPath, type RowOf, type Table, writeParquet } from '@icecore/lake';
import type { ContainerSnapshot } from '@icecore/snapshot';
import type { TableRows } from '@icecore/tables';

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

export function partWriter(lake: LakeStore, { container }: Pick<ContainerSnapshot, 'container'>, { tenant, captureId }: { readonly tenant: string; readonly captureId: string }): PartWriter {
  // An archive that does not say when it was taken is filed under the first day of time, where nothing else is.
  const date = partitionDate(container.checkpointedAt ?? new Date(0));
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
