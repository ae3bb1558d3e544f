import { parquetMetadata, parquetRead } from 'hyparquet';
import type { Column, Columns } from '../column.ts';
import { LakeError } from '../errors.ts';
import type { StoredRow } from '../parquet-file.ts';
import type { Stored } from '../stored-value.ts';
import type { Table } from '../table.ts';
import { expandPage } from '../zstd-page.ts';

/** What a part says of itself besides its rows. */
export interface PartNotes {
  /** Version of the table that it was written with; undefined where it does not say. */
  readonly version: number | undefined;
  /** First 32 hex digits of the SHA-256 of each part that a compacted part was made from. */
  readonly parents: readonly string[];
}

/** Key under which a compacted part names what it was made from. */
export const parentsKey = 'icecore.parents';

/** What a part says of itself. Throws a `LakeError` (`damaged`) for what is no part. */
export function partNotes(bytes: Uint8Array, path: string): PartNotes {
  const notes = new Map((metadataOf(bytes, path).key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']));
  const version = notes.get('icecore.schema_version');
  return { version: version === undefined ? undefined : Number(version), parents: notes.get(parentsKey)?.match(/[0-9a-f]{32}/g) ?? [] };
}

/**
 * The rows of a part, in the order in which they lie there, as `table` has its columns. A column that the part lacks is
 * null. Rejects with a `LakeError` (`damaged`) for what is no part.
 */
export async function readStoredRows(table: Table, bytes: Uint8Array, path: string): Promise<StoredRow[]> {
  const metadata = metadataOf(bytes, path);
  const columns = Object.entries(table.columns);
  const rows: StoredRow[] = [];
  try {
    await parquetRead({
      file: { byteLength: bytes.length, slice: (start, end = bytes.length) => copyOf(bytes.subarray(start, end)) },
      metadata,
      compressors: { ZSTD: expandPage },
      parsers: { timestampFromMilliseconds: (milliseconds) => milliseconds },
      rowFormat: 'object',
      onComplete(found: readonly Readonly<Record<string, unknown>>[]) {
        for (const row of found) rows.push(columns.map(([name, column]) => storedAs(column, row[name])));
      },
    });
  } catch (error) {
    throw damaged(path, error);
  }
  if (BigInt(rows.length) !== metadata.num_rows) throw damaged(path, `has ${rows.length} of ${metadata.num_rows} rows`);
  return rows;
}

/** What was read of a part, by its bytes: of a small part the index is most of the file, and takes most of the time. */
const metadataRead = new WeakMap<Uint8Array, ReturnType<typeof parquetMetadata>>();

function metadataOf(bytes: Uint8Array, path: string): ReturnType<typeof parquetMetadata> {
  const known = metadataRead.get(bytes);
  if (known !== undefined) return known;
  try {
    const metadata = parquetMetadata(copyOf(bytes));
    metadataRead.set(bytes, metadata);
    return metadata;
  } catch (error) {
    throw damaged(path, error);
  }
}

/** A copy alone in its buffer: what is given may be a view into a larger one, and a `Buffer`'s `slice` is one again. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

function storedAs(column: Column, value: unknown): Stored {
  if (value === null || value === undefined) return null;
  if (column.kind === 'struct_list') return listOf(value).map((item) => structOf(column.fields, item));
  if (column.kind === 'text_list') return listOf(value).map((item) => scalarOf(item));
  return scalarOf(value);
}

function structOf(fields: Columns, value: unknown): Stored {
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, storedAs(field, Reflect.get(value, name))]));
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('a list is none');
}

function scalarOf(value: unknown): Stored {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  throw new TypeError(`a value is a ${typeof value}`);
}

function damaged(path: string, cause: unknown): LakeError {
  return new LakeError('damaged', `${path} is damaged: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
