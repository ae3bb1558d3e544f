import { LakeError } from './errors.ts';
import { ParquetFile, rowGroupLimits, type RowGroupLimits, rowOrder, rowStorer, type StoredRow } from './parquet-file.ts';
import type { RowOf, Table } from './table.ts';

/**
 * The rows of a table as a Parquet file: sorted as the table says, compressed with Zstandard, with statistics. The
 * same rows give the same bytes in whatever order they come. Throws a `LakeError` for a row that does not fit.
 */
export function encodeParquet<T extends Table>(table: T, rows: Iterable<RowOf<T>>, limits?: Partial<RowGroupLimits>): Uint8Array {
  const store = rowStorer(table);
  const stored: StoredRow[] = [];
  for (const row of rows) stored.push(store(row));
  stored.sort(rowOrder(table));
  const file = new ParquetFile(table, { ...rowGroupLimits, ...limits });
  for (const row of stored) file.add(row);
  file.finish();
  return file.take() ?? new Uint8Array();
}

/** What was written. */
export interface WrittenParquet {
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * Writes a table that may be larger than memory: holds one row group at a time. The rows must arrive in the order
 * of the table's `sortBy`, else it rejects with a `LakeError` (`unsorted`); what the sink has got by then is no
 * file. `sink` gets the file's bytes in order and owns them.
 */
export async function writeParquet<T extends Table>(
  table: T,
  rows: AsyncIterable<RowOf<T>> | Iterable<RowOf<T>>,
  sink: (chunk: Uint8Array) => Promise<void>,
  limits?: Partial<RowGroupLimits>,
): Promise<WrittenParquet> {
  const file = new ParquetFile(table, { ...rowGroupLimits, ...limits });
  const store = rowStorer(table);
  const compare = rowOrder({ ...table, columns: pick(table, table.sortBy) });
  const positions = table.sortBy.map((name) => Object.keys(table.columns).indexOf(name));
  let previous: StoredRow | undefined;
  for await (const row of rows) {
    const stored = store(row);
    const key = positions.map((position) => stored[position] ?? null);
    if (previous !== undefined && compare(previous, key) > 0) {
      throw new LakeError('unsorted', `${table.name}: row ${file.rows} comes before the row that precedes it`);
    }
    previous = key;
    file.add(stored);
    await drain(file, sink);
  }
  file.finish();
  await drain(file, sink);
  return { rows: file.rows, bytes: file.bytes };
}

async function drain(file: ParquetFile, sink: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const chunk = file.take();
  if (chunk !== undefined) await sink(chunk);
}

function pick(table: Table, names: readonly string[]): Table['columns'] {
  return Object.fromEntries(Object.entries(table.columns).filter(([name]) => names.includes(name)));
}
