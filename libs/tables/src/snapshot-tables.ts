import type { Gap } from '@icecore/bytes';
import type { RowOf, Table } from '@icecore/lake';
import type { SecretKey } from '@icecore/secrets';
import type { ContainerSnapshot } from '@icecore/snapshot';
import { type Capture, type CaptureOrigin, captureOf } from './capture.ts';
import { maxHashedBytes } from './content-hash.ts';
import type { FilledTable, Filling } from './filled-table.ts';
import { redaction, secretsOf } from './redaction.ts';
import { captures } from './tables/captures.ts';
import { environment } from './tables/environment.ts';
import { files } from './tables/files.ts';
import { gaps } from './tables/gaps.ts';
import { limits } from './tables/limits.ts';
import { memoryMappings } from './tables/memory-mappings.ts';
import { mounts } from './tables/mounts.ts';
import { networkAddresses } from './tables/network-addresses.ts';
import { networkInterfaces } from './tables/network-interfaces.ts';
import { networkRoutes } from './tables/network-routes.ts';
import { openFiles } from './tables/open-files.ts';
import { processes } from './tables/processes.ts';
import { queues } from './tables/queues.ts';
import { seccompFilters } from './tables/seccomp-filters.ts';
import { signalActions } from './tables/signal-actions.ts';
import { sockets } from './tables/sockets.ts';
import { threads } from './tables/threads.ts';
import { timers } from './tables/timers.ts';

/** What a snapshot fills; gaps come after them, for each of them may add some. */
const decodedTables: readonly FilledTable[] = [
  captures,
  processes,
  threads,
  environment,
  limits,
  signalActions,
  timers,
  openFiles,
  sockets,
  queues,
  memoryMappings,
  mounts,
  files,
  networkInterfaces,
  networkAddresses,
  networkRoutes,
  seccompFilters,
];

/** The tables that a snapshot fills, in the order in which `snapshotTables` gives them. */
export const snapshotTableDefinitions: readonly Table[] = [...decodedTables, gaps].map(({ table }) => table);

/** A table and its rows, which can be read once and come in the order of the table's `sortBy`. */
export interface TableRows {
  readonly table: Table;
  readonly rows: AsyncIterable<RowOf<Table>>;
}

export interface SnapshotTablesOptions {
  /** Makes the marks that stand in place of secrets. */
  readonly key: SecretKey;
  /** Most bytes of file content that are read for hashes, over all files together. */
  readonly maxHashedBytes?: number;
  /** Gaps that are known besides the snapshot’s: of the scan, of the tables of findings. */
  readonly gaps?: readonly Gap[];
}

/**
 * The rows of a snapshot, table by table, made while they are read. The rows of each table must be read to their end
 * before the next table is asked for: the last one, `gaps`, tells what the others could not hold. Evidence never makes
 * this throw.
 */
export function* snapshotTables(snapshot: ContainerSnapshot, origin: CaptureOrigin, options: SnapshotTablesOptions): Iterable<TableRows> {
  const own: Gap[] = [...(options.gaps ?? [])];
  yield* decodedSnapshotTables(snapshot, origin, options, own);
  yield gapTable(snapshot, origin, options.key, own);
}

/** The same without `gaps`: what the tables could not hold is added to `own`, which `gapTable` takes, now or elsewhere later. */
export function* decodedSnapshotTables(snapshot: ContainerSnapshot, origin: CaptureOrigin, options: SnapshotTablesOptions, own: Gap[]): Iterable<TableRows> {
  const filling = fillingOf(snapshot, origin, options.key, own, options.maxHashedBytes);
  for (const { table, rows } of decodedTables) yield { table, rows: rows(filling) };
}

/** The table of gaps: those of the snapshot and `own`. */
export function gapTable(snapshot: ContainerSnapshot, origin: CaptureOrigin, key: SecretKey, own: readonly Gap[]): TableRows {
  return { table: gaps.table, rows: gaps.rows(fillingOf(snapshot, origin, key, [...own])) };
}

function fillingOf(snapshot: ContainerSnapshot, origin: CaptureOrigin, key: SecretKey, own: Gap[], hashedBytes = maxHashedBytes): Filling {
  const capture: Capture = captureOf(snapshot, origin);
  return { snapshot, capture, gaps: own, redaction: redaction(key, secretsOf(snapshot)), hashing: { bytesLeft: hashedBytes } };
}
