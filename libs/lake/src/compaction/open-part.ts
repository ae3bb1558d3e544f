import { type ByteSource, memorySource } from '@icecore/bytes';
import { isLakeError, LakeError } from '../errors.ts';
import { parsePartPath, partPath, tableFolder } from '../partition.ts';
import type { LakeStore } from '../ports.ts';
import type { Table } from '../table.ts';
import { partOfCapture } from './compacted-part.ts';
import { compactionsTable } from './compactions-table.ts';
import { countingOf, readIfThere, switchesBelow } from './lake-days.ts';

/**
 * A part as its capture wrote it: the file itself, or, where it went into a compacted part, its rows made into the same bytes
 * again. Rejects with a `LakeError` (`missing`) where neither is there.
 */
export async function openPart(store: LakeStore, tables: readonly Table[], path: string): Promise<ByteSource> {
  try {
    return await store.open(path);
  } catch (error) {
    if (!isLakeError(error) || error.code !== 'missing') throw error;
    const again = await madeAgain(store, tables, path);
    if (again === undefined) throw error;
    return memorySource(again);
  }
}

async function madeAgain(store: LakeStore, tables: readonly Table[], path: string): Promise<Uint8Array | undefined> {
  const part = parsePartPath(path);
  const table = tables.find(({ name }) => name === part?.table);
  if (part === undefined || table === undefined || part.part !== 0) return undefined;
  const switches = await switchesBelow(store, `${tableFolder(compactionsTable.name)}tenant=${part.tenant}/dt=${part.date}/`);
  const id = countingOf({ switches })(table.name, part.captureId);
  if (id === undefined) return undefined;
  const compactedPath = partPath({ ...part, captureId: id });
  const bytes = await readIfThere(store, compactedPath);
  if (bytes === undefined) throw new LakeError('missing', `the lake has no ${compactedPath}, which holds the rows of ${path}`);
  return partOfCapture(table, { path: compactedPath, bytes }, part.captureId);
}
