import { type ByteSource, readAll } from '@icecore/bytes';
import { isLakeError } from '../errors.ts';
import { layoutFolder } from '../layout.ts';
import { ParquetFile, type StoredRow } from '../parquet-file.ts';
import { type Part, parsePartPath } from '../partition.ts';
import type { LakeStore, StoredPart } from '../ports.ts';
import { sequenceOf } from './compaction-id.ts';
import { compactionsTable } from './compactions-table.ts';
import { type CompactionRecord, type Day, decodeRecord, recordFolder } from './record.ts';
import { readStoredRows } from './stored-rows.ts';

/** A part of a table, by what its path tells. */
export type LakePart = Part & StoredPart;

/** What counts, by a file of `compactions`. */
export interface Switch {
  readonly id: string;
  /** For each capture, the tables whose rows of it lie in compacted parts. */
  readonly covers: ReadonlyMap<string, readonly string[]>;
}

/** What a lake has of a day of a tenant. */
export interface DayState extends Day {
  /** Parts of captures, and compacted ones. */
  readonly parts: readonly LakePart[];
  readonly switches: readonly Switch[];
  readonly records: readonly CompactionRecord[];
}

/** Every day that the lake has something of, by tenant and date. */
export async function lakeDays(store: LakeStore): Promise<readonly DayState[]> {
  const days = new Map<string, { tenant: string; date: string; parts: LakePart[]; switches: Switch[]; records: CompactionRecord[] }>();
  const dayOf = ({ tenant, date }: Day) => {
    const key = `${tenant}/${date}`;
    const known = days.get(key) ?? { tenant, date, parts: [], switches: [], records: [] };
    days.set(key, known);
    return known;
  };
  for await (const { path, size } of store.list(`${layoutFolder}/`)) {
    if (path.startsWith(recordFolder)) {
      const bytes = await readIfThere(store, path);
      const record = bytes === undefined ? undefined : decodeRecord(bytes, path);
      if (record !== undefined) dayOf(record).records.push(record);
      continue;
    }
    const part = parsePartPath(path);
    if (part === undefined) continue;
    if (part.table !== compactionsTable.name) dayOf(part).parts.push({ ...part, path, size });
    else {
      const bytes = await readIfThere(store, path);
      if (bytes !== undefined) dayOf(part).switches.push(await decodeSwitch(bytes, part.captureId, path));
    }
  }
  return [...days.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, day]) => day);
}

/** What counts, by the files of `compactions` whose path begins so. */
export async function switchesBelow(store: LakeStore, prefix: string): Promise<readonly Switch[]> {
  const switches: Switch[] = [];
  for await (const { path } of store.list(prefix)) {
    const part = parsePartPath(path);
    const bytes = part === undefined ? undefined : await readIfThere(store, path);
    if (part !== undefined && bytes !== undefined) switches.push(await decodeSwitch(bytes, part.captureId, path));
  }
  return switches;
}

/** The bytes of a file; undefined where another run has removed it meanwhile. */
export async function readIfThere(store: LakeStore, path: string): Promise<Uint8Array | undefined> {
  return whereThere(store, path, readAll);
}

/** Whether a file is there; none of it is read. */
export async function isThere(store: LakeStore, path: string): Promise<boolean> {
  return (await whereThere(store, path, async () => true)) === true;
}

async function whereThere<T>(store: LakeStore, path: string, use: (source: ByteSource) => Promise<T>): Promise<T | undefined> {
  try {
    const source: ByteSource & { readonly close?: () => Promise<void> } = await store.open(path);
    try {
      return await use(source);
    } finally {
      await source.close?.();
    }
  } catch (error) {
    if (isLakeError(error) && error.code === 'missing') return undefined;
    throw error;
  }
}

/** The file that makes a compaction count. */
export function encodeSwitch({ id, covers }: Pick<CompactionRecord, 'id' | 'covers'>, at: Date): Uint8Array {
  const file = new ParquetFile(compactionsTable);
  for (const capture of Object.keys(covers).sort()) file.add([compactionsTable.version, capture, id, `,${[...(covers[capture] ?? [])].sort().join(',')},`, BigInt(at.getTime())]);
  file.finish();
  return file.take() ?? new Uint8Array();
}

async function decodeSwitch(bytes: Uint8Array, id: string, path: string): Promise<Switch> {
  const rows = await readStoredRows(compactionsTable, bytes, path);
  return { id, covers: new Map(rows.map((row) => [textAt(row, 'capture_id'), textAt(row, 'tables').split(',').filter((table) => table !== '')])) };
}

function textAt(row: StoredRow, column: string): string {
  return String(row[Object.keys(compactionsTable.columns).indexOf(column)] ?? '');
}

/** For each capture of each table, the compaction that counts: of several the greatest. */
export function countingOf({ switches }: Pick<DayState, 'switches'>): (table: string, captureId: string) => string | undefined {
  const counting = new Map<string, string>();
  for (const { id, covers } of switches) {
    for (const [captureId, tables] of covers) {
      for (const table of tables) {
        const key = `${table}/${captureId}`;
        if (id > (counting.get(key) ?? '')) counting.set(key, id);
      }
    }
  }
  return (table, captureId) => counting.get(`${table}/${captureId}`);
}

/** True for a compacted part. */
export function isCompacted({ captureId }: Pick<Part, 'captureId'>): boolean {
  return sequenceOf(captureId) !== undefined;
}
