import { type LakeStore, partitionDate, partPath, writeParquet } from '@icecore/lake';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { captureIdOf, type CaptureOrigin, snapshotTables } from '@icecore/tables';

/** What was written of a capture. */
export interface WrittenCapture {
  readonly captureId: string;
  readonly parts: readonly { readonly table: string; readonly path: string; readonly rows: number; readonly bytes: number }[];
}

/** Writes every table of a snapshot to the lake, a part a table; tables without rows leave none. */
export async function writeCapture(snapshot: ContainerSnapshot, origin: CaptureOrigin, tenant: string, lake: LakeStore): Promise<WrittenCapture> {
  const captureId = captureIdOf(origin.archiveSha256);
  // An archive that does not say when it was taken is filed under the first day of time, where nothing else is.
  const date = partitionDate(snapshot.container.checkpointedAt ?? new Date(0));
  const parts: WrittenCapture['parts'][number][] = [];
  for (const { table, rows } of snapshotTables(snapshot, origin)) {
    const chunks: Uint8Array[] = [];
    const written = await writeParquet(table, rows, async (chunk) => void chunks.push(chunk.slice()));
    if (written.rows === 0) continue;
    const path = partPath({ table: table.name, tenant, date, captureId, part: 0 });
    await lake.writePart(path, Buffer.concat(chunks));
    parts.push({ table: table.name, path, rows: written.rows, bytes: written.bytes });
  }
  return { captureId, parts };
}
