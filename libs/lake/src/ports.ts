import type { ByteSource } from '@icecore/bytes';

/** A file of a lake. */
export interface StoredPart {
  /** Path below the lake's root, with `/` between its parts. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
}

/** Where a lake's files are: a folder, a bucket. Paths are relative to the lake's root. */
export interface LakeStore {
  /**
   * Writes a whole file; readers see all of it or none. A file that is there already is replaced, for derived data
   * may be written anew; writing the same bytes again changes nothing. Rejects with a `LakeError` (`invalid_name`)
   * for a path that leaves the lake.
   */
  writePart(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Removes a file where its bytes have this SHA-256, in lower-case hex; a file that is another is left as it is. Resolves to
   * whether it was removed.
   */
  removePart(path: string, sha256: string): Promise<boolean>;
  /** The files whose path begins with `prefix`, by ascending path. */
  list(prefix: string): AsyncIterable<StoredPart>;
  /** The bytes of a file. Rejects with a `LakeError` (`missing`) where there is none. */
  open(path: string): Promise<ByteSource>;
}

/** A value that a query's parameter may have. */
export type QueryParameter = null | boolean | number | bigint | string;

/**
 * A value in a query's result. A bigint stays one; timestamps and dates are ISO 8601 text; bytes are lower-case
 * hex; lists are arrays; structs are objects; maps are arrays of `{ key, value }`.
 */
export type QueryValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly QueryValue[]
  | { readonly [field: string]: QueryValue };

/** Name and type of a result's column; the type in the engine's words. */
export interface QueryColumn {
  readonly name: string;
  readonly type: string;
}

/** The answer to a query. */
export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  /** Values in the order of `columns`. */
  readonly rows: readonly (readonly QueryValue[])[];
  /** True where there are more rows than `rowLimit` let through. */
  readonly cut?: boolean;
  /** Bytes that were scanned for it, where an engine charges for them. */
  readonly scannedBytes?: number;
}

/** How far one query may go. */
export interface QueryOptions {
  /** Ends the query, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Most rows to give; the rest is left out, and `cut` says so. Without it, too many rows are refused. */
  readonly rowLimit?: number;
}

/** What answers questions to the lake in SQL. */
export interface QueryEngine {
  /**
   * Runs one reading statement. `parameters` fill its `?` in order. Rejects with a `LakeError`: `query_refused`
   * for anything else than one reading statement, `query_failed`, `query_timeout`, or `limit` for too many rows.
   */
  query(sql: string, parameters?: readonly QueryParameter[], options?: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}
