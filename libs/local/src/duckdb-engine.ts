import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  isLakeError,
  LakeError,
  type QueryEngine,
  type QueryOptions,
  type QueryParameter,
  type QueryResult,
  type QueryValue,
  type Table,
  trinoMacros,
} from '@icecore/lake';
import { readSelect } from './duckdb-select.ts';
import { type Duckdb, queryValue } from './duckdb-values.ts';
import { type LakeViews, lakeViews } from './lake-views.ts';

/** What an engine over a lake in a folder may read and use. */
export interface DuckdbEngineOptions {
  /** The lake's folder. */
  readonly lakeRoot: string;
  /** The tables that queries see, each as a view of its name. */
  readonly tables: readonly Table[];
  /** How long one query may run; 60 by default. */
  readonly timeoutSeconds?: number;
  /** Memory that DuckDB may use, in its words; `1GB` by default. Nothing is spilled to disk. */
  readonly memoryLimit?: string;
  /** Most rows a query may give; 1,000,000 by default. More is refused rather than cut off. */
  readonly maxRowCount?: number;
}

/** How often a query that ran out of time is told so, until it stops. */
const interruptEveryMilliseconds = 50;

const defaultTimeoutSeconds = 60;

/**
 * Answers queries over a lake in a folder with DuckDB, in the SQL that Athena has too. Queries can read the lake's
 * files and nothing else: no other file, no network, no extension, no setting, and they can write nothing. Whether a
 * table has parts is looked at when a query first names it: one without stays empty in this engine when a part is written
 * later. Rejects with a `LakeError` (`invalid_name`) for a path that DuckDB would take for a pattern.
 */
export async function duckdbEngine(options: DuckdbEngineOptions): Promise<QueryEngine> {
  const duckdb = await import('@duckdb/node-api');
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit ?? '1GB',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  let views: LakeViews;
  try {
    views = await prepareInstance(instance, options);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  let open = true;
  return {
    async query(sql, parameters = [], { signal, rowLimit }: QueryOptions = {}) {
      if (!open) throw new LakeError('query_failed', 'the engine is closed');
      const query = { sql, parameters, rowLimit, maxRowCount: options.maxRowCount ?? 1_000_000 };
      const connection = await instance.connect();
      try {
        const bounded = <T>(step: () => Promise<T>): Promise<T> => withTimeout(connection, { seconds: options.timeoutSeconds ?? defaultTimeoutSeconds, signal }, step);
        const named = await bounded(() => readSelect(connection, sql));
        return await views.steady(named, () => bounded(() => runQuery(duckdb, connection, query)));
      } catch (error) {
        signal?.throwIfAborted();
        throw asLakeError(error);
      } finally {
        connection.closeSync();
      }
    },
    async close() {
      if (open) instance.closeSync();
      open = false;
    },
  };
}

async function prepareInstance(instance: DuckDBInstance, options: DuckdbEngineOptions): Promise<LakeViews> {
  const folder = resolve(options.lakeRoot);
  const root = await realpath(folder).catch(() => folder);
  // DuckDB takes a pattern, and checks the pattern's text against the allowed folders: there is no way to quote it.
  if (/[*?[\]]/.test(root)) throw new LakeError('invalid_name', `${root}: DuckDB cannot read a lake with * ? [ or ] in its path`);
  const connection = await instance.connect();
  const statements = [
    `SET GLOBAL TimeZone = 'UTC'`,
    'SET GLOBAL integer_division = true',
    // To make a view the index of each of its files is read, to ask it once more. One that has changed is read anew.
    'SET GLOBAL parquet_metadata_cache = true',
    ...trinoMacros,
    `SET GLOBAL allowed_directories = [${literal(`${root}/`)}]`,
    'SET GLOBAL enable_external_access = false',
    'SET GLOBAL lock_configuration = true',
  ];
  const views = lakeViews(instance, root, options.tables, options.timeoutSeconds ?? defaultTimeoutSeconds);
  await connection.run(statements.join(';\n'));
  connection.closeSync();
  return views;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

interface Query {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
  readonly rowLimit: number | undefined;
  readonly maxRowCount: number;
}

async function runQuery(duckdb: Duckdb, connection: DuckDBConnection, query: Query): Promise<QueryResult> {
  const statement = await connection.prepare(query.sql);
  if (statement.parameterCount !== query.parameters.length) {
    throw new LakeError('query_failed', `the statement has ${statement.parameterCount} parameters, ${query.parameters.length} were given`);
  }
  statement.bind([...query.parameters]);
  const result = await statement.stream();
  const columns = result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
  const rows: QueryValue[][] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    if (query.rowLimit === undefined && rows.length + chunk.rowCount > query.maxRowCount) {
      throw new LakeError('limit', `the answer has more than ${query.maxRowCount} rows`);
    }
    for (const row of chunk.getRows()) {
      if (rows.length === query.rowLimit) return { columns, rows, cut: true };
      rows.push(row.map((value) => queryValue(duckdb, value)));
    }
  }
  return { columns, rows };
}

/** When a query has to end. */
interface Deadline {
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
}

/** Runs a step, and interrupts its connection again and again once its time is over: one interrupt may come too early. */
async function withTimeout<T>(connection: DuckDBConnection, { seconds, signal }: Deadline, step: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const end = performance.now() + seconds * 1000;
  let late = false;
  const timer = setInterval(() => {
    if (signal?.aborted !== true) {
      if (performance.now() < end) return;
      late = true;
    }
    connection.interrupt();
  }, Math.min(interruptEveryMilliseconds, seconds * 1000));
  try {
    return await step();
  } catch (error) {
    if (late) throw new LakeError('query_timeout', `the query ran longer than ${seconds} seconds`, { cause: error });
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function asLakeError(error: unknown): LakeError {
  return isLakeError(error) ? error : new LakeError('query_failed', messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
