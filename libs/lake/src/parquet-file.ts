import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { elementsOf } from './kinds.ts';
import { layoutVersion } from './layout.ts';
import { compareStored } from './row-order.ts';
import { type Stored, storedBytes, storedValue } from './stored-value.ts';
import type { Table } from './table.ts';
import { compressPage } from './zstd-page.ts';

/** Bounds of one row group, the part of a file that is held in memory while it is written. */
export interface RowGroupLimits {
  /** Bytes before compression, as estimated by `storedBytes`. Readers ask for 64 to 128 MB. */
  readonly maxRowGroupBytes: number;
  readonly maxRowGroupRows: number;
}

export const rowGroupLimits: RowGroupLimits = { maxRowGroupBytes: 64 * 2 ** 20, maxRowGroupRows: 2 ** 17 };

/**
 * Page size the writer aims at. It counts a text's characters, not its bytes and not the four bytes of its length,
 * which for short texts is up to seven times less; so that pages stay within 1 MiB we ask for an eighth.
 */
const pageSize = 128 * 1024;

/** Largest dictionary of a column chunk; a dictionary is one page. */
const dictionarySize = 512 * 1024;

/** Longest minimum and maximum kept of a text: long enough to tell ids and digests apart. */
const statisticsTruncateLength = 64;

/** The values of a row in the order of the table's columns. */
export type StoredRow = readonly Stored[];

/** What gives rows their stored form. It throws a `LakeError` that names table and column. */
export function rowStorer(table: Table): (row: Readonly<Record<string, unknown>>) => StoredRow {
  const columns = Object.entries(table.columns).map(([name, column]) => ({ name, column, place: `${table.name}.${name}` }));
  return (row) =>
    columns.map(({ name, column, place }) => (name === 'schema_version' ? table.version : storedValue(place, column, row[name])));
}

/** The order of a table's rows: by its `sortBy`, then by all columns. Rows that are equal in it are equal. */
export function rowOrder(table: Table): (left: StoredRow, right: StoredRow) => number {
  const names = Object.keys(table.columns);
  const positions = [...new Set([...table.sortBy, ...names])].map((name) => names.indexOf(name));
  return (left, right) => {
    for (const position of positions) {
      const order = compareStored(left[position] ?? null, right[position] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** A Parquet file while it is written. The same rows in the same order give the same bytes. */
export class ParquetFile {
  /** Rows added so far. */
  rows = 0;
  readonly #writer = new ByteWriter();
  readonly #parquet: ParquetWriter;
  readonly #names: readonly string[];
  readonly #limits: RowGroupLimits;
  #group: Stored[][];
  #groupRows = 0;
  #groupBytes = 0;
  #hasWritten = false;

  /** `notes` go into the file's metadata, besides what it says of its table. */
  constructor(table: Table, limits: RowGroupLimits = rowGroupLimits, notes: Readonly<Record<string, string>> = {}) {
    this.#names = Object.keys(table.columns);
    this.#limits = limits;
    this.#group = this.#names.map(() => []);
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: [{ name: table.name, num_children: this.#names.length }, ...elementsOf(table.columns)],
      codec: 'ZSTD',
      compressors: { ZSTD: compressPage },
      statistics: true,
      statisticsTruncateLength,
      kvMetadata: [
        { key: 'icecore.table', value: table.name },
        { key: 'icecore.schema_version', value: String(table.version) },
        ...Object.entries(notes).map(([key, value]) => ({ key, value })),
      ],
      createdBy: `icecore version ${layoutVersion}`,
    });
  }

  /** Bytes of the file so far, those already taken included. */
  get bytes(): number {
    return this.#writer.offset;
  }

  /** Adds a row; writes a row group when it is full. */
  add(row: StoredRow): void {
    row.forEach((value, position) => this.#group[position]?.push(value));
    this.rows += 1;
    this.#groupRows += 1;
    this.#groupBytes += row.reduce<number>((sum, value) => sum + storedBytes(value), 0);
    if (this.#groupRows >= this.#limits.maxRowGroupRows || this.#groupBytes >= this.#limits.maxRowGroupBytes) {
      this.#writeGroup();
    }
  }

  /** Writes what is left and the file's index. Nothing can be added after. */
  finish(): void {
    if (this.#groupRows > 0) this.#writeGroup();
    void this.#parquet.finish();
    this.#hasWritten = true;
  }

  /** The bytes that row groups and index have become since the last call; undefined where there are none. */
  take(): Uint8Array | undefined {
    if (!this.#hasWritten) return undefined;
    this.#hasWritten = false;
    const bytes = this.#writer.getBytes().slice();
    this.#writer.index = 0;
    return bytes;
  }

  #writeGroup(): void {
    void this.#parquet.write({
      columnData: this.#names.map((name, position) => ({ name, data: this.#group[position] ?? [] })),
      rowGroupSize: this.#groupRows,
      pageSize,
      dictionarySize,
    });
    this.#hasWritten = true;
    this.#group = this.#names.map(() => []);
    this.#groupRows = 0;
    this.#groupBytes = 0;
  }
}
