import { encodeParquet, type LakeStore, partitionDate, partPath, writeParquet } from '@icecore/lake';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { captureIdOf, type CaptureOrigin, findingTables, snapshotTables } from '@icecore/tables';
import type { Examined } from './examination.ts';

/** What was written of a capture. */
export interface WrittenCapture {
  readonly captureId: string;
  readonly parts: readonly { readonly table: string; readonly path: string; readonly rows: number; readonly bytes: number }[];
}

/** Writes every table of a capture to the lake, a part a table; tables without rows leave none. */
export async function writeCapture(snapshot: ContainerSnapshot, examined: Examined, origin: CaptureOrigin, { tenant, key }: { readonly tenant: string; readonly key: SecretKey }, lake: LakeStore): Promise<WrittenCapture> {
  const captureId = captureIdOf(origin.archiveSha256);
  // An archive that does not say when it was taken is filed under the first day of time, where nothing else is.
  const date = partitionDate(snapshot.container.checkpointedAt ?? new Date(0));
  const parts: WrittenCapture['parts'][number][] = [];
  const keep = async (table: string, rows: number, bytes: Uint8Array): Promise<void> => {
    if (rows === 0) return;
    const path = partPath({ table, tenant, date, captureId, part: 0 });
    await lake.writePart(path, bytes);
    parts.push({ table, path, rows, bytes: bytes.length });
  };
  for (const { table, rows } of findingTables(snapshot, origin, examined.detection, examined.hits, key)) await keep(table.name, rows.length, encodeParquet(table, rows));
  for (const { table, rows } of snapshotTables(snapshot, origin, { key, gaps: examined.gaps })) {
    const chunks: Uint8Array[] = [];
    const written = await writeParquet(table, rows, async (chunk) => void chunks.push(chunk.slice()));
    await keep(table.name, written.rows, Buffer.concat(chunks));
  }
  return { captureId, parts };
}
