import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { QueryEngine, QueryParameter, QueryResult, QueryValue } from '@icecore/lake';

/** A server that speaks the JSON protocol of Athena (2017-05-18) and answers from a lake on this machine. */
export interface AthenaStandIn {
  readonly url: string;
  /** The statements that were started. */
  readonly statements: readonly string[];
  close(): Promise<void>;
}

/** Bytes that every query is said to have scanned, and that one may scan. */
export const scannedBytes = 64 * 2 ** 20;
export const limitBytes = 10 * 2 ** 30;

interface Started {
  readonly result?: QueryResult;
  readonly failure?: string;
}

/**
 * Lists and structs are given as Athena does, as a text that cannot be read back: what depends on more of it than Athena gives
 * fails here as it does there.
 */
export async function athenaStandIn(engine: QueryEngine): Promise<AthenaStandIn> {
  const statements: string[] = [];
  const started = new Map<string, Started>();
  const answerTo = async (operation: string, body: Record<string, unknown>): Promise<object> => {
    const id = String(body['QueryExecutionId']);
    switch (operation) {
      case 'GetWorkGroup':
        return { WorkGroup: { Name: 'icecore', Configuration: { BytesScannedCutoffPerQuery: limitBytes } } };
      case 'StartQueryExecution': {
        const sql = String(body['QueryString']);
        const given = body['ExecutionParameters'];
        statements.push(sql);
        const name = `q${statements.length}`;
        started.set(name, await engine.query(sql, Array.isArray(given) ? given.map(literal) : []).then((result) => ({ result }), (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) })));
        return { QueryExecutionId: name };
      }
      case 'GetQueryExecution': {
        const failure = started.get(id)?.failure;
        return { QueryExecution: { QueryExecutionId: id, Status: failure === undefined ? { State: 'SUCCEEDED' } : { State: 'FAILED', StateChangeReason: failure }, Statistics: { DataScannedInBytes: scannedBytes } } };
      }
      case 'GetQueryResults': {
        const { columns = [], rows = [] } = started.get(id)?.result ?? {};
        const from = Number(body['NextToken'] ?? 0);
        const page = rows.slice(from, from + 1000).map((row) => ({ Data: row.map((value) => (value === null ? {} : { VarCharValue: athenaText(value) })) }));
        return {
          ResultSet: { ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Type: athenaTypeOf(type) })) }, Rows: from === 0 ? [{ Data: columns.map(({ name }) => ({ VarCharValue: name })) }, ...page] : page },
          ...(from + 1000 < rows.length ? { NextToken: String(from + 1000) } : {}),
        };
      }
      default:
        throw new Error(`the stand-in knows no ${operation}`);
    }
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const answer = await answerTo(String(request.headers['x-amz-target']).replace('AmazonAthena.', ''), body);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    statements,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await engine.close();
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

/** A parameter, which Athena takes as the text of a literal. */
function literal(text: unknown): QueryParameter {
  const given = String(text);
  if (given.startsWith("'")) return given.slice(1, -1).replaceAll("''", "'");
  return given === 'NULL' ? null : given === 'true' || given === 'false' ? given === 'true' : Number(given);
}

function athenaTypeOf(type: string): string {
  if (type.endsWith('[]') || type.startsWith('LIST')) return 'array';
  if (type.startsWith('STRUCT')) return 'row';
  return type.toLowerCase();
}

function athenaText(value: QueryValue): string {
  if (typeof value !== 'object' || value === null) return String(value).replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}\.\d{3})Z$/, '$1 $2');
  const inner = Array.isArray(value) ? value.map(athenaText) : Object.entries(value).map(([name, each]) => `${name}=${each === null ? 'null' : athenaText(each)}`);
  return Array.isArray(value) ? `[${inner.join(', ')}]` : `{${inner.join(', ')}}`;
}
