import { setTimeout as sleep } from 'node:timers/promises';
import type { DuckDBInstance } from '@duckdb/node-api';
import { compactionsTable, duckdbView, isLakeError, LakeError, parsePartPath, type Table, tableFolder } from '@icecore/lake';
import { lakeFolder } from './lake-folder.ts';

/** The views of a lake in an engine, kept to what counts in the lake. */
export interface LakeViews {
  /**
   * Runs a query over the views. Where the lake is compacted meanwhile, so that the query may have seen some of it before and
   * some after, it is run again. Rejects with `query_timeout` where that goes on for longer than a query may take.
   */
  steady<T>(query: () => Promise<T>): Promise<T>;
}

/** The state of views that could not be made: no lake is in it. */
const unknownState = 'unknown';

/** Longest wait before a query is run again, in milliseconds. */
const longestWait = 500;

/** Makes the views of tables over a lake in a folder. `timeoutSeconds` is how long a query may take, its repetitions included. */
export async function lakeViews(instance: DuckDBInstance, root: string, tables: readonly Table[], timeoutSeconds: number): Promise<LakeViews> {
  // One after the other: DuckDB refuses to replace a view that is being replaced.
  let shown = show(instance, root, tables).catch(unlessGone);
  await shown;
  const showWhatCounts = async (state: string): Promise<void> => {
    if ((await shown) === state) return;
    const anew = shown.then((seen) => (seen === state ? seen : show(instance, root, tables)));
    shown = anew.catch(() => unknownState);
    await anew;
  };
  return {
    async steady(query) {
      const end = performance.now() + timeoutSeconds * 1000;
      for (let wait = 10; ; wait = Math.min(longestWait, wait * 2)) {
        const before = await stateOf(root);
        const answer = await showWhatCounts(before).then(query).then((value) => ({ value }), (error: unknown) => ({ error }));
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

/** Makes the views anew. Gives the state that they are made for, which is looked at first: what comes later is seen as a change. */
async function show(instance: DuckDBInstance, root: string, tables: readonly Table[]): Promise<string> {
  const state = await stateOf(root);
  const connection = await instance.connect();
  try {
    for (const table of tables) {
      for (const statement of duckdbView(table, { root, hasParts: await hasParts(root, table), hasCompactions: state !== '' })) await connection.run(statement);
    }
  } finally {
    connection.closeSync();
  }
  return state;
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

/** A lake that is compacted while its views are made is looked at again by the first query. */
function unlessGone(error: unknown): string {
  if (isGone(error)) return unknownState;
  throw error;
}
