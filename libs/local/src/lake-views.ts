import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { compactionsTable, duckdbCompactions, duckdbView, isLakeError, LakeError, parsePartPath, type Table, tableFolder } from '@icecore/lake';
import type { NamedTables } from './duckdb-select.ts';
import { lakeFolder } from './lake-folder.ts';

/** The views of a lake in an engine, kept to what counts in the lake. */
export interface LakeViews {
  /**
   * Runs a query over the views of the tables that it names. Where the lake is compacted meanwhile, so that the query may have
   * seen some of it before and some after, it is run again. Rejects with `query_timeout` where that goes on for longer than a
   * query may take.
   */
  steady<T>(named: NamedTables, query: () => Promise<T>): Promise<T>;
}

/** What an engine has views of. */
interface Shown {
  /** Which compactions count in them; undefined where there are none yet. */
  readonly state: string | undefined;
  readonly tables: NamedTables;
}

const nothing: Shown = { state: undefined, tables: new Set() };

/** Longest wait before a query is run again, in milliseconds. */
const longestWait = 500;

/**
 * The views of tables over a lake in a folder. Each is made when a query first names its table: to make one, every file of the
 * table is opened. `timeoutSeconds` is how long a query may take, its repetitions included.
 */
export function lakeViews(instance: DuckDBInstance, root: string, tables: readonly Table[], timeoutSeconds: number): LakeViews {
  // One after the other: DuckDB refuses to replace a view that is being replaced.
  let shown = Promise.resolve(nothing);
  const showWhatCounts = async (state: string, named: NamedTables): Promise<void> => {
    const anew = shown.then((seen) => show(instance, { root, tables, seen, state, named }));
    shown = anew.catch(() => nothing);
    await anew;
  };
  return {
    async steady(named, query) {
      const end = performance.now() + timeoutSeconds * 1000;
      for (let wait = 10; ; wait = Math.min(longestWait, wait * 2)) {
        const before = await stateOf(root);
        const answer = await showWhatCounts(before, named).then(query).then((value) => ({ value }), (error: unknown) => ({ error }));
        const moved = (await stateOf(root)) !== before;
        if ('value' in answer && !moved) return answer.value;
        if ('error' in answer && !moved && !isGone(answer.error)) throw answer.error;
        if (performance.now() > end) throw 'error' in answer ? answer.error : new LakeError('query_timeout', `the lake was compacted again and again for ${timeoutSeconds} seconds`);
        await sleep(wait);
      }
    },
  };
}

/** Which compactions count: the files that say so. */
async function stateOf(root: string): Promise<string> {
  const files: string[] = [];
  for await (const { path } of lakeFolder(root).list(tableFolder(compactionsTable.name))) files.push(path);
  return files.join('\n');
}

interface Showing {
  readonly root: string;
  readonly tables: readonly Table[];
  readonly seen: Shown;
  /** Looked at before: what comes later is seen as a change. */
  readonly state: string;
  readonly named: NamedTables;
}

/** Makes the views that are asked for and not there, or there for another state. */
async function show(instance: DuckDBInstance, showing: Showing): Promise<Shown> {
  const { seen, state, named } = showing;
  const known = seen.state === state ? seen.tables : nothing.tables;
  if (known === 'all' || (named !== 'all' && [...named].every((name) => known.has(name)))) return seen;
  const connection = await instance.connect();
  try {
    if (seen.state !== state && state !== '') for (const statement of duckdbCompactions(showing.root)) await connection.run(statement);
    await makeViews(connection, showing, known);
  } finally {
    connection.closeSync();
  }
  return { state, tables: named === 'all' ? 'all' : new Set([...named, ...known]) };
}

/** What the views and their columns mean is told where all are asked for: then it is them that the query is about. */
async function makeViews(connection: DuckDBConnection, { root, tables, state, named }: Showing, known: ReadonlySet<string>): Promise<void> {
  for (const table of tables) {
    if (named !== 'all' && (!named.has(table.name) || known.has(table.name))) continue;
    const [view = '', ...comments] = duckdbView(table, { root, hasParts: await hasParts(root, table), hasCompactions: state !== '' });
    for (const statement of named === 'all' ? [view, ...comments] : [view]) await connection.run(statement);
  }
}

async function hasParts(root: string, table: Table): Promise<boolean> {
  for await (const { path } of lakeFolder(root).list(tableFolder(table.name))) {
    if (parsePartPath(path) !== undefined) return true;
  }
  return false;
}

/** True where DuckDB could not open a file that it had listed before, in a query or while it made a view. */
function isGone(error: unknown): boolean {
  if (isLakeError(error) && error.code !== 'query_failed') return false;
  // An error of a native module may be of another realm than `Error` here is.
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  return /No such file or directory|No files found that match/.test(message);
}
