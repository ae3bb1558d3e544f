import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AthenaClient } from '@aws-sdk/client-athena';
import { type AthenaEngine, athenaCost, athenaEngine } from './index.ts';

type Answer = object | { readonly status: number; readonly type: string };
interface Asked {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** Speaks the JSON protocol of Athena: gives the answers of each operation in turn, the last one from then on. */
async function withAthena(answers: Readonly<Record<string, readonly Answer[]>>, check: (engine: AthenaEngine, asked: readonly Asked[], scanned: readonly number[]) => Promise<void>, more: { timeoutSeconds?: number; maxRowCount?: number } = {}): Promise<void> {
  const asked: Asked[] = [];
  const scanned: number[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const nth = asked.filter((each) => each.operation === operation).length;
      asked.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()) });
      const given = answers[operation] ?? [{ status: 400, type: 'InvalidRequestException' }];
      const answer = given[Math.min(nth, given.length - 1)] ?? {};
      const failed = 'status' in answer ? answer : undefined;
      response.writeHead(failed?.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(failed === undefined ? answer : { __type: failed.type, message: 'so said the server' }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new AthenaClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 4 });
  const engine = athenaEngine({ client, workgroup: 'icecore', database: 'lake', sleep: async () => undefined, onScanned: (bytes) => scanned.push(bytes), ...more });
  try {
    await check(engine, asked, scanned);
  } finally {
    await engine.close();
    await new Promise((closed) => server.close(closed));
  }
}

const started = { QueryExecutionId: 'q1' };
const state = (State: string, more: object = {}): object => ({ QueryExecution: { QueryExecutionId: 'q1', Status: { State, ...more }, Statistics: { DataScannedInBytes: 4096 } } });
const row = (...values: (string | undefined)[]): object => ({ Data: values.map((value) => (value === undefined ? {} : { VarCharValue: value })) });
const columns = (...types: string[]): object => ({ ColumnInfo: types.map((Type, i) => ({ Name: `c${i}`, Type })) });

describe('queries by Athena', () => {
  it('give values of their types, over all pages, without the row of names', async () => {
    const types = columns('varchar', 'bigint', 'integer', 'double', 'boolean', 'timestamp', 'date', 'array(varchar)');
    const pages = [
      { NextToken: 'next', ResultSet: { ResultSetMetadata: types, Rows: [row('c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'), row('a', '9007199254740993', '7', '0.5', 'true', '2026-11-23 07:26:29.250', '2026-11-23', '[x, y]')] } },
      { ResultSet: { ResultSetMetadata: types, Rows: [row(undefined, undefined, undefined, undefined, 'false', undefined, undefined, undefined)] } },
    ];
    await withAthena({ StartQueryExecution: [started], GetQueryExecution: [state('QUEUED'), state('RUNNING'), state('SUCCEEDED')], GetQueryResults: pages }, async (engine, asked, scanned) => {
      const { columns: told, rows } = await engine.query('SELECT * FROM findings WHERE c0 = ? AND c1 = ?', ["it's", 7n]);
      expect(told[1]).toEqual({ name: 'c1', type: 'BIGINT' });
      expect(rows).toEqual([
        ['a', 9007199254740993n, 7, 0.5, true, '2026-11-23T07:26:29.250Z', '2026-11-23', '[x, y]'],
        [null, null, null, null, false, null, null, null],
      ]);
      expect(asked[0]?.body).toMatchObject({ WorkGroup: 'icecore', QueryExecutionContext: { Database: 'lake' }, ExecutionParameters: ["'it''s'", '7'] });
      expect(asked.filter(({ operation }) => operation === 'GetQueryResults').map(({ body }) => body['NextToken'])).toEqual([undefined, 'next']);
      expect(scanned).toEqual([4096]);
    });
  });

  it('that fail say why, and what they cost all the same', async () => {
    await withAthena({ StartQueryExecution: [started], GetQueryExecution: [state('FAILED', { StateChangeReason: "line 1:8: Column 'x' cannot be resolved" })] }, async (engine, _asked, scanned) => {
      await expect(engine.query('SELECT x')).rejects.toMatchObject({ code: 'query_failed', message: "line 1:8: Column 'x' cannot be resolved" });
      expect(scanned).toEqual([4096]);
    });
  });

  it('that are throttled are tried again', async () => {
    const busy = { status: 400, type: 'TooManyRequestsException' };
    const page = { ResultSet: { ResultSetMetadata: columns('integer'), Rows: [row('c0'), row('1')] } };
    await withAthena({ StartQueryExecution: [busy, busy, started], GetQueryExecution: [{ status: 400, type: 'ThrottlingException' }, state('SUCCEEDED')], GetQueryResults: [page] }, async (engine, asked) => {
      expect((await engine.query('SELECT 1')).rows).toEqual([[1]]);
      expect(asked.map(({ operation }) => operation)).toEqual(['StartQueryExecution', 'StartQueryExecution', 'StartQueryExecution', 'GetQueryExecution', 'GetQueryExecution', 'GetQueryResults']);
    });
  });

  it('that take too long are stopped', async () => {
    await withAthena({ StartQueryExecution: [started], GetQueryExecution: [state('RUNNING')], StopQueryExecution: [{}] }, async (engine, asked) => {
      await expect(engine.query('SELECT 1')).rejects.toMatchObject({ code: 'query_timeout' });
      expect(asked.at(-1)).toEqual({ operation: 'StopQueryExecution', body: { QueryExecutionId: 'q1' } });
    }, { timeoutSeconds: 0 });
  });

  it('that give too many rows are refused, not cut off', async () => {
    const page = { ResultSet: { ResultSetMetadata: columns('integer'), Rows: [row('c0'), row('1'), row('2')] } };
    await withAthena({ StartQueryExecution: [started], GetQueryExecution: [state('SUCCEEDED')], GetQueryResults: [page] }, async (engine) => {
      await expect(engine.query('SELECT 1')).rejects.toMatchObject({ code: 'limit' });
    }, { maxRowCount: 1 });
  });

  it.each(['DROP TABLE findings', 'SELECT 1; SELECT 2', "INSERT INTO t SELECT 1 -- SELECT", 'UNLOAD (SELECT 1) TO \'s3://x/\'', '/* SELECT */ DELETE FROM t', ''])('that do more than read are not started: %s', async (sql) => {
    await withAthena({}, async (engine, asked) => {
      await expect(engine.query(sql)).rejects.toMatchObject({ code: 'query_refused' });
      expect(asked).toEqual([]);
    });
  });

  it('are bounded in cost by the workgroup', async () => {
    await withAthena({ GetWorkGroup: [{ WorkGroup: { Name: 'icecore', Configuration: { BytesScannedCutoffPerQuery: 10 * 2 ** 30 } } }, { WorkGroup: { Name: 'icecore' } }] }, async (engine) => {
      expect(await engine.limitBytes()).toBe(10 * 2 ** 30);
      expect(await engine.limitBytes()).toBeUndefined();
    });
  });
});

test.each([
  [0, 0],
  [1, (5 * 10) / 2 ** 20],
  [2 ** 40, 5],
  [10 * 2 ** 20 + 1, (5 * 11) / 2 ** 20],
])('%d bytes cost %d dollars', (bytes, dollars) => {
  expect(athenaCost(bytes)).toBeCloseTo(dollars, 10);
});
