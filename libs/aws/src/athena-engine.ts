import { type AthenaClient, GetQueryExecutionCommand, GetQueryResultsCommand, type GetQueryResultsCommandOutput, GetWorkGroupCommand, type QueryExecution, StartQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { LakeError, type QueryColumn, type QueryEngine, type QueryParameter, type QueryResult, type QueryValue } from '@icecore/lake';
import { athenaLiteral, athenaValue, requireReading } from './athena-sql.ts';

export interface AthenaEngineOptions {
  readonly client: AthenaClient;
  /** Workgroup that the queries run in; its limit is what bounds their cost, and its bucket gets the results. */
  readonly workgroup: string;
  /** Database of the Glue catalogue that has the lake's tables. */
  readonly database: string;
  /** How long one query may run; 300 by default. */
  readonly timeoutSeconds?: number;
  /** Most rows a query may give; 1,000,000 by default. More is refused rather than cut off. */
  readonly maxRowCount?: number;
  /** Is told after each query, also after one that failed, what was scanned for it. */
  readonly onScanned?: (scannedBytes: number) => void;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** An engine in the cloud, whose queries cost by what they scan. */
export interface AthenaEngine extends QueryEngine {
  /** Most bytes that the workgroup lets one query scan; undefined where it sets no limit. Nobody can tell before how much a query will scan. */
  limitBytes(): Promise<number | undefined>;
}

/** Waits between two looks at a query, in milliseconds: short ones first, for most answers come soon. */
const firstWait = 200;
const longestWait = 2000;
const pageRows = 1000;

/** Answers queries over the lake with Athena, in the same SQL as DuckDB does. Lists and structs come as the text that Athena makes of them. */
export function athenaEngine({ client, workgroup, database, timeoutSeconds = 300, maxRowCount = 1_000_000, onScanned, sleep = pause }: AthenaEngineOptions): AthenaEngine {
  return {
    async limitBytes() {
      const { WorkGroup } = await asked(() => client.send(new GetWorkGroupCommand({ WorkGroup: workgroup })));
      return WorkGroup?.Configuration?.BytesScannedCutoffPerQuery;
    },
    async query(sql, parameters = [], { rowLimit } = {}) {
      const id = await start(client, workgroup, database, requireReading(sql), parameters);
      const execution = await ended(client, id, Date.now() + timeoutSeconds * 1000, sleep);
      const scannedBytes = execution.Statistics?.DataScannedInBytes ?? 0;
      onScanned?.(scannedBytes);
      const { State: state, StateChangeReason: reason } = execution.Status ?? {};
      if (state !== 'SUCCEEDED') throw new LakeError(state === 'CANCELLED' ? 'query_timeout' : 'query_failed', reason ?? `Athena ended the query as ${state ?? 'unknown'}`);
      return { ...(await results(client, id, maxRowCount, rowLimit)), scannedBytes };
    },
    close: async () => client.destroy(),
  };
}

async function start(client: AthenaClient, workgroup: string, database: string, sql: string, parameters: readonly QueryParameter[]): Promise<string> {
  const { QueryExecutionId: id } = await asked(() =>
    client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
        ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters.map(athenaLiteral) }),
      }),
    ),
  );
  if (id === undefined) throw new LakeError('query_failed', 'Athena gave the query no id');
  return id;
}

/** The query when it has ended. One that takes too long is stopped, for what it scans goes on costing. */
async function ended(client: AthenaClient, id: string, until: number, sleep: (milliseconds: number) => Promise<void>): Promise<QueryExecution> {
  for (let wait = firstWait; ; wait = Math.min(longestWait, wait * 2)) {
    const { QueryExecution: execution } = await asked(() => client.send(new GetQueryExecutionCommand({ QueryExecutionId: id })));
    const state = execution?.Status?.State;
    if (execution !== undefined && state !== 'QUEUED' && state !== 'RUNNING') return execution;
    if (Date.now() + wait > until) {
      await asked(() => client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })));
      throw new LakeError('query_timeout', `the query ${id} ran longer than it may, and was stopped`);
    }
    await sleep(wait);
  }
}

/** With a limit the rows beyond it are left out, and not fetched. */
async function results(client: AthenaClient, id: string, maxRowCount: number, rowLimit = Infinity): Promise<QueryResult> {
  let columns: readonly QueryColumn[] | undefined;
  const rows: (readonly QueryValue[])[] = [];
  let token: string | undefined;
  do {
    const page: GetQueryResultsCommandOutput = await asked(() => client.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: pageRows, ...(token === undefined ? {} : { NextToken: token }) })));
    const told: readonly QueryColumn[] = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({ name: Name, type: Type.toUpperCase() }));
    // The first row of the first page has the names of the columns.
    const fresh = (page.ResultSet?.Rows ?? []).slice(columns === undefined ? 1 : 0);
    columns ??= told;
    const types = columns;
    if (rowLimit === Infinity && rows.length + fresh.length > maxRowCount) throw new LakeError('limit', `the query gives more than ${maxRowCount} rows`);
    for (const { Data: values = [] } of fresh) rows.push(types.map(({ type }, i) => athenaValue(type, values[i]?.VarCharValue)));
    if (rows.length > rowLimit) return { columns, rows: rows.slice(0, rowLimit), cut: true };
    token = page.NextToken;
  } while (token !== undefined);
  return { columns: columns ?? [], rows };
}

/** Runs a request, so that what it throws is an error of the lake. The SDK has tried again by then what was throttled. */
async function asked<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw new LakeError('query_failed', `Athena answered ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, { cause: error });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
