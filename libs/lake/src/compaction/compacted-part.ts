import { ParquetFile, rowGroupLimits, type StoredRow } from '../parquet-file.ts';
import { compareStored } from '../row-order.ts';
import type { Stored } from '../stored-value.ts';
import type { Table } from '../table.ts';
import { compactedTable } from './compactions-table.ts';
import { parentsKey, readStoredRows } from './stored-rows.ts';

/** Digits of a hash by which a parent is named. */
const parentDigits = 32;

/** A part that goes into a compacted one. */
export interface CompactedInput {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** What the part itself was made from; empty for the part of a capture. */
  readonly parents: readonly string[];
  /** True for a compacted part. */
  readonly compacted: boolean;
  /** Captures whose rows are taken; the others of the part do not count any more. */
  readonly captures: ReadonlySet<string>;
}

/**
 * The parts of several captures as one, sorted as the table says. Rows that are equal in that stay in the order in which
 * they lie in the part of their capture, so that this can be made again from the compacted one.
 */
export async function encodeCompacted(table: Table, id: string, inputs: readonly CompactedInput[]): Promise<Uint8Array> {
  const rows: StoredRow[] = [];
  const captureAt = Object.keys(table.columns).indexOf('capture_id');
  for (const { path, bytes, compacted, captures } of inputs) {
    // Row by row: a call cannot take as many arguments as a part has rows.
    for (const row of await readStoredRows(table, bytes, path)) if (!compacted || captures.has(String(row[captureAt]))) rows.push(row);
  }
  const names = Object.keys(table.columns);
  const positions = [...table.sortBy.map((name) => names.indexOf(name)), captureAt];
  rows.sort((left, right) => compareAt(positions, left, right));
  const parents = [...new Set(inputs.flatMap(({ sha256, parents: before }) => [sha256.slice(0, parentDigits), ...before]))].sort();
  const file = new ParquetFile(compactedTable(table), rowGroupLimits, { [parentsKey]: parents.join(' ') });
  for (const row of rows) file.add([...row, id]);
  file.finish();
  return file.take() ?? new Uint8Array();
}

/** True where a compacted part was made from a part with this hash. */
export function isParent(parents: readonly string[], sha256: string): boolean {
  return parents.includes(sha256.slice(0, parentDigits));
}

/**
 * The part of one capture as it was before it went into a compacted one, byte for byte, as long as the table still has the
 * columns that it had; undefined where the compacted part has no row of the capture.
 */
export async function partOfCapture(table: Table, compacted: { readonly path: string; readonly bytes: Uint8Array }, captureId: string): Promise<Uint8Array | undefined> {
  const captureAt = Object.keys(table.columns).indexOf('capture_id');
  const rows = (await readStoredRows(table, compacted.bytes, compacted.path)).filter((row) => row[captureAt] === captureId);
  if (rows.length === 0) return undefined;
  const file = new ParquetFile(table);
  for (const row of rows) file.add(row);
  file.finish();
  return file.take();
}

function compareAt(positions: readonly number[], left: StoredRow, right: StoredRow): number {
  for (const position of positions) {
    const order = compareStored(at(left, position), at(right, position));
    if (order !== 0) return order;
  }
  return 0;
}

function at(row: StoredRow, position: number): Stored {
  return row[position] ?? null;
}
