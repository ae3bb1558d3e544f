import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  address,
  addressValues,
  bigint,
  boolean,
  type CaptureRow,
  defineTable,
  double,
  encodeParquet,
  firstMoment,
  integer,
  json,
  lastMoment,
  nullable,
  partPath,
  type QueryEngine,
  type QueryValue,
  type RowOf,
  structList,
  type Table,
  text,
  textList,
  timestamp,
} from '@icecore/lake';
import fc from 'fast-check';
import { duckdbEngine, lakeFolder } from './index.ts';

const processes = defineTable({
  name: 'processes',
  description: 'One row for each process.',
  version: 1,
  columns: { pid: integer('Process id.'), comm: text('Name.'), threads: structList({ tid: integer('Thread id.') }, 'Threads.') },
  sortBy: ['pid'],
});

const processesLater = defineTable({
  name: 'processes',
  description: 'One row for each process.',
  version: 2,
  columns: {
    ...processes.ownColumns,
    threads: structList({ tid: integer('Thread id.'), state: nullable(text('State.')) }, 'Threads.'),
    started_at: nullable(timestamp('Start.')),
  },
  sortBy: ['pid'],
});

const samples = defineTable({
  name: 'samples',
  description: 'A value of each kind.',
  version: 1,
  columns: {
    pid: integer('Process id.'),
    name: nullable(text('Name.')),
    big: nullable(bigint('Big.')),
    ratio: nullable(double('Ratio.')),
    live: nullable(boolean('Alive.')),
    seen_at: nullable(timestamp('Seen.')),
    arguments: nullable(textList('Arguments.')),
    files: nullable(structList({ path: text('Path.'), at: nullable(timestamp('When.')), owners: textList('Owners.') }, 'Files.')),
    details: nullable(json('Details.')),
    ...address('start', 'Start.'),
  },
  sortBy: ['pid'],
});
type Sample = RowOf<typeof samples>;

const capture: CaptureRow = {
  capture_id: 'capture-1',
  captured_at: new Date('2025-03-01T10:00:00.123Z'),
  cluster: null,
  node: null,
  namespace: 'shop',
  pod: 'web-0',
  container: 'web',
  container_id: null,
  image: null,
  archive_sha256: null,
};

let folder = '';
let root = '';
const engines: QueryEngine[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'icecore-duckdb-')));
  root = join(folder, "the lake's");
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  rmSync(folder, { recursive: true });
});

async function open(tables: readonly Table[], options: { timeoutSeconds?: number; memoryLimit?: string; maxRowCount?: number } = {}): Promise<QueryEngine> {
  const engine = await duckdbEngine({ lakeRoot: root, tables, ...options });
  engines.push(engine);
  return engine;
}

async function write<T extends Table>(table: T, rows: readonly RowOf<T>[], date = '2025-03-01', tenant = 'default'): Promise<void> {
  const path = partPath({ table: table.name, tenant, date, captureId: 'capture-1', part: 0 });
  await lakeFolder(root).writePart(path, encodeParquet(table, rows));
}

async function answer(engine: QueryEngine, sql: string): Promise<readonly (readonly QueryValue[])[]> {
  return (await engine.query(sql)).rows;
}

describe('a query over a lake in a folder', () => {
  it('gives back what was written, with the types that the table has', async () => {
    const rows: Sample[] = [
      {
        ...capture,
        pid: -(2 ** 31),
        name: 'naïve 漢字 😀 \u0000',
        big: 2n ** 63n - 1n,
        ratio: -1.5,
        live: false,
        seen_at: new Date(firstMoment),
        arguments: ['', 'ä'],
        files: [{ path: '/x', at: new Date(5), owners: [] }, { path: '', at: null, owners: ['root'] }],
        details: { b: [1], a: null },
        ...addressValues('start', 0xffff_ffff_ff60_0000n),
      },
      {
        ...capture,
        captured_at: null,
        pid: 2 ** 31 - 1,
        name: null,
        big: null,
        ratio: null,
        live: null,
        seen_at: null,
        arguments: null,
        files: null,
        details: null,
        ...addressValues('start', 1n),
      },
    ];
    await write(samples, rows);
    const { columns, rows: found } = await (await open([samples])).query('SELECT * FROM samples ORDER BY pid');
    expect(columns.slice(-14)).toEqual([
      { name: 'archive_sha256', type: 'VARCHAR' },
      { name: 'pid', type: 'INTEGER' },
      { name: 'name', type: 'VARCHAR' },
      { name: 'big', type: 'BIGINT' },
      { name: 'ratio', type: 'DOUBLE' },
      { name: 'live', type: 'BOOLEAN' },
      { name: 'seen_at', type: 'TIMESTAMP' },
      { name: 'arguments', type: 'VARCHAR[]' },
      { name: 'files', type: 'STRUCT("path" VARCHAR, "at" TIMESTAMP, "owners" VARCHAR[])[]' },
      { name: 'details', type: 'VARCHAR' },
      { name: 'start_hex', type: 'VARCHAR' },
      { name: 'start', type: 'BIGINT' },
      { name: 'tenant', type: 'VARCHAR' },
      { name: 'dt', type: 'DATE' },
    ]);
    const shared = ['capture-1', '2025-03-01T10:00:00.123Z', null, null, 'shop', 'web-0', 'web', null, null, null];
    const files = [{ path: '/x', at: '1970-01-01T00:00:00.005Z', owners: [] }, { path: '', at: null, owners: ['root'] }];
    expect(found).toEqual([
      [1, ...shared, -(2 ** 31), 'naïve 漢字 😀 \u0000', 2n ** 63n - 1n, -1.5, false, '0001-01-01T00:00:00.000Z', ['', 'ä'], files,
        '{"a":null,"b":[1]}', 'ffffffffff600000', null, 'default', '2025-03-01'],
      [1, ...shared.with(1, null), 2 ** 31 - 1, null, null, null, null, null, null, null, null, '0000000000000001', 1n, 'default', '2025-03-01'],
    ]);
  });

  it('gives back whatever was written', async () => {
    const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
    const words = fc.string({ unit: 'grapheme' });
    const moment = fc.integer({ min: firstMoment, max: lastMoment }).map((milliseconds) => new Date(milliseconds));
    const record = fc.record({
      name: maybe(words),
      big: maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      ratio: maybe(fc.double().map((value) => value + 0)),
      live: maybe(fc.boolean()),
      seen_at: maybe(moment),
      arguments: maybe(fc.array(words, { maxLength: 4 })),
      files: maybe(fc.array(fc.record({ path: words, at: maybe(moment), owners: fc.array(words, { maxLength: 2 }) }), { maxLength: 3 })),
    });
    const names = ['name', 'big', 'ratio', 'live', 'seen_at', 'arguments', 'files'] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 40 }), async (records) => {
        await write(samples, records.map((own, pid) => ({ ...capture, ...own, pid, details: null, ...addressValues('start', 0n) })));
        const engine = await open([samples]);
        const found = await answer(engine, `SELECT ${names.join(', ')} FROM samples ORDER BY pid`);
        expect(found).toEqual(records.map((own) => names.map((name) => asAnswered(own[name]))));
      }),
      { numRuns: 15 },
    );
  });

  it('finds no row in a table that has no part, and knows its columns', async () => {
    const { columns, rows } = await (await open([processes])).query('SELECT pid, threads, tenant, dt FROM processes');
    expect(columns.map(({ type }) => type)).toEqual(['INTEGER', 'STRUCT("tid" INTEGER)[]', 'VARCHAR', 'DATE']);
    expect(rows).toEqual([]);
  });

  it('reads parts that are older than a column as NULL there', async () => {
    await write(processes, [{ ...capture, pid: 1, comm: 'init', threads: [{ tid: 1 }] }]);
    const sql = 'SELECT schema_version, comm, threads, started_at FROM processes ORDER BY schema_version';
    const old = [1, 'init', [{ tid: 1, state: null }], null];
    expect(await answer(await open([processesLater]), sql)).toEqual([old]);

    await write(processesLater, [{ ...capture, pid: 1, comm: 'init', threads: [{ tid: 1, state: 'S' }], started_at: new Date(0) }], '2025-03-02');
    expect(await answer(await open([processesLater]), sql)).toEqual([old, [2, 'init', [{ tid: 1, state: 'S' }], '1970-01-01T00:00:00.000Z']]);
    expect(await answer(await open([processes]), 'SELECT threads FROM processes ORDER BY dt')).toEqual([[[{ tid: 1 }]], [[{ tid: 1 }]]]);
  });

  it('sees a part that was written anew, of the same size and at the same moment', async () => {
    const rows = (comm: string) => [{ ...capture, pid: 1, comm, threads: [] }];
    await write(processes, rows('init'));
    const engine = await open([processes]);
    const asked = 'SELECT comm FROM processes';
    for (const comm of ['init', 'cron', 'bash', 'java']) {
      await write(processes, rows(comm));
      expect(await answer(engine, asked)).toEqual([[comm]]);
      expect(await answer(engine, `${asked} WHERE comm = '${comm}'`)).toEqual([[comm]]);
    }
  });

  it('tells tenants and dates apart, the date as a date', async () => {
    const row = { ...capture, pid: 1, comm: 'init', threads: [] };
    await write(processes, [row], '2025-03-01', 'one');
    await write(processes, [row, row], '2025-03-02', '002');
    const sql = `SELECT tenant, dt, count(*) FROM processes WHERE dt >= date '2025-03-01' GROUP BY tenant, dt ORDER BY dt`;
    expect(await answer(await open([processes]), sql)).toEqual([
      ['one', '2025-03-01', 1n],
      ['002', '2025-03-02', 2n],
    ]);
  });

  it('takes parameters', async () => {
    const engine = await open([]);
    const { rows } = await engine.query('SELECT ?, ?, ?, ?, ?', [1, 2n ** 62n, "it's", true, null]);
    expect(rows).toEqual([[1, 2n ** 62n, "it's", true, null]]);
    await expect(engine.query('SELECT ?', [])).rejects.toMatchObject({ code: 'query_failed' });
  });

  it.each<[string, QueryValue]>([
    ['1.50', 1.5],
    ['CAST(2 AS HUGEINT) * 4', 8n],
    ["TIMESTAMP '2025-01-02 03:04:05.123456'", '2025-01-02T03:04:05.123456Z'],
    ["TIMESTAMP '1969-12-31 23:59:59.999999'", '1969-12-31T23:59:59.999999Z'],
    ["TIMESTAMP WITH TIME ZONE '2025-01-02 03:04:05+02'", '2025-01-02T01:04:05.000Z'],
    ["CAST('infinity' AS TIMESTAMP)", 'infinity'],
    ["DATE '2025-01-02'", '2025-01-02'],
    ["TIME '10:11:12'", '10:11:12'],
    ["CAST('\\x00\\xFFa' AS BLOB)", '00ff61'],
    ["MAP {'a': [1]}", [{ key: 'a', value: [1] }]],
    ["{'a': {'b': NULL}}", { a: { b: null } }],
    ["CAST('00000000-0000-0000-0000-00000000000a' AS UUID)", '00000000-0000-0000-0000-00000000000a'],
    ['[1, NULL]', [1, null]],
  ])('gives %s as a value that other programs know', async (sql, value) => {
    expect(await answer(await open([]), `SELECT ${sql}`)).toEqual([[value]]);
  });

  it.each<[string, QueryValue]>([
    ['1 / 2', 0],
    ["regexp_like('abc', 'b')", true],
    ["regexp_replace('a1b2', '(\\d)', '<$1>')", 'a<1>b<2>'],
    ["regexp_replace('a1b2', '\\d')", 'ab'],
    ["regexp_extract('abc', 'z')", null],
    ["regexp_extract('k=v', '(.)=(.)', 2)", 'v'],
    ["regexp_count('banana', 'an')", 2n],
    ["json_extract_scalar('{\"a\":{\"b\":5}}', '$.a.b')", '5'],
    ["json_extract_scalar('{\"a\":[1]}', '$.a')", null],
    ["json_extract_scalar('no json', '$.a')", null],
    ["concat('a', NULL)", null],
    ["concat('a', 'b', 'c')", 'abc'],
    ['greatest(1, NULL)', null],
    ['greatest(1, 3, 2)', 3],
    ['cardinality(ARRAY[1, 2])', 2n],
    ["element_at(ARRAY['a'], 2)", null],
    ["element_at(MAP {'a': 1}, 'b')", null],
    ["array_join(ARRAY['a', NULL, 'b'], ',')", 'a,b'],
    ["array_join(ARRAY['a', NULL], ',', '?')", 'a,?'],
    ['arrays_overlap(ARRAY[1, 2], ARRAY[2])', true],
    ['slice(ARRAY[1, 2, 3], 2, 2)', [2, 3]],
    ['sequence(1, 3)', [1n, 2n, 3n]],
    ['array_max(ARRAY[1, 3])', 3],
    ['bitwise_and(6, 3)', 2],
    ['bitwise_xor(6, 3)', 5],
    ["from_unixtime(86400)", '1970-01-02T00:00:00.000Z'],
    ["to_unixtime(TIMESTAMP '1970-01-02 00:00:00')", 86400],
    ["from_iso8601_timestamp('2025-01-01T00:00:00+02:00')", '2024-12-31T22:00:00.000Z'],
    ["date_add('month', 1, TIMESTAMP '2025-01-31 00:00:00')", '2025-02-28T00:00:00.000Z'],
    ["url_extract_host('https://user@example.org:8443/path')", 'example.org'],
    ["levenshtein_distance('kitten', 'sitting')", 3n],
    ["cardinality(filter(ARRAY[1, 2, 3], x -> x > 1))", 2n],
    ["(SELECT approx_distinct(x) FROM (VALUES (1), (1), (2)) AS t(x))", 2n],
    ["(SELECT array_join(array_agg(x ORDER BY x), ',') FROM (VALUES ('b'), ('a')) AS t(x))", 'a,b'],
  ])('answers %s as Athena does', async (sql, value) => {
    expect(await answer(await open([]), `SELECT ${sql}`)).toEqual([[value]]);
  });

  it.each(['SHOW TABLES', 'DESCRIBE processes', 'SUMMARIZE processes', 'SELECT * FROM information_schema.columns'])('can be %s', async (sql) => {
    expect((await answer(await open([processes]), sql)).length).toBeGreaterThan(0);
  });

  it('says what tables and columns mean', async () => {
    const engine = await open([processes]);
    await engine.query('SELECT * FROM processes');
    expect(await answer(engine, "SELECT comment FROM duckdb_views WHERE view_name = 'processes'")).toEqual([[processes.description]]);
  });

  it('is answered though a part of a table that it does not name is damaged', async () => {
    await write(processes, [{ ...capture, pid: 1, comm: 'init', threads: [] }]);
    await write(samples, []);
    writeFileSync(join(root, partPath({ table: 'samples', tenant: 'default', date: '2025-03-01', captureId: 'capture-1', part: 0 })), 'PAR1 no parquet');
    const engine = await open([processes, samples]);
    expect(await answer(engine, 'SELECT comm FROM processes')).toEqual([['init']]);
    await expect(engine.query('SELECT * FROM samples')).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('capture-1-00000.parquet') });
  });

  it('says what the engine did not like', async () => {
    await expect((await open([processes])).query('SELECT nothing FROM processes')).rejects.toMatchObject({
      name: 'LakeError',
      code: 'query_failed',
      message: expect.stringContaining('"nothing" not found'),
    });
  });

  it('names a part that is damaged', async () => {
    await write(processes, [{ ...capture, pid: 1, comm: 'init', threads: [] }]);
    const engine = await open([processes]);
    writeFileSync(join(root, partPath({ table: 'processes', tenant: 'default', date: '2025-03-02', captureId: 'bad', part: 0 }).replace('2025-03-02', '2025-03-01')), 'PAR1 no parquet');
    await expect(engine.query('SELECT * FROM processes')).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('bad-00000.parquet') });
  });
});

describe('a query that asks for more than the lake', () => {
  beforeEach(async () => {
    await write(processes, [{ ...capture, pid: 1, comm: 'init', threads: [] }]);
    writeFileSync(join(folder, 'secret.csv'), 'user,password\nroot,secret\n');
  });

  it.each([
    ["SELECT * FROM read_csv('/etc/passwd')"],
    ["SELECT * FROM read_text('/etc/passwd')"],
    ["SELECT * FROM READ_PARQUET('/tmp/*.parquet')"],
    ["SELECT * FROM system.main.read_blob('/etc/passwd')"],
    ["SELECT * FROM glob('/*')"],
    ["SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))"],
    ["WITH x AS (SELECT * FROM sniff_csv('/etc/passwd')) SELECT * FROM x"],
    ["SELECT * FROM query('SELECT 1')"],
    ["SELECT * FROM json_execute_serialized_sql('{}')"],
    ["SELECT * FROM enable_logging(storage = 'file', storage_path = '/tmp/icecore-log')"],
    ['SELECT * FROM enable_profiling()'],
    ['SELECT * FROM checkpoint()'],
    ['SELECT * FROM duckdb_secrets()'],
    ["COPY processes TO '/tmp/icecore-copy.csv'"],
    ["COPY (SELECT 1) TO 'copy.csv'"],
    ["ATTACH '/tmp/icecore.db'"],
    ['INSTALL httpfs'],
    ['LOAD httpfs'],
    ["SET memory_limit = '100GB'"],
    ['RESET memory_limit'],
    ['PRAGMA version'],
    ['CALL pragma_version()'],
    ['EXPLAIN ANALYZE SELECT 1'],
    ['CREATE TABLE t AS SELECT 1'],
    ['CREATE OR REPLACE VIEW processes AS SELECT 1'],
    ['DROP VIEW processes'],
    ['INSERT INTO processes VALUES (1)'],
    ['DELETE FROM processes'],
    ["EXPORT DATABASE '/tmp/icecore-export'"],
    ["IMPORT DATABASE '/tmp'"],
    ['BEGIN'],
    ['USE memory'],
    ['PREPARE p AS SELECT 1'],
    ['SELECT 1; SELECT 2'],
    ['SELECT 1; DROP VIEW processes'],
    [''],
    ['-- nothing'],
  ])('is refused: %s', async (sql) => {
    const engine = await open([processes]);
    await expect(engine.query(sql)).rejects.toMatchObject({ name: 'LakeError', code: 'query_refused' });
    expect(await answer(engine, 'SELECT count(*) FROM processes')).toEqual([[1n]]);
  });

  it.each(['/etc/passwd', '../secret.csv', 'https://example.org/x.parquet'])('finds no file %s as a table', async (name) => {
    await expect((await open([processes])).query(`SELECT * FROM '${name}'`)).rejects.toMatchObject({ code: 'query_failed' });
  });

  it('is refused by the engine too where a file beside the lake is named as a table', async () => {
    const engine = await open([processes]);
    for (const path of [join(folder, 'secret.csv'), `${root}/../secret.csv`]) {
      await expect(engine.query(`SELECT * FROM '${path.replaceAll("'", "''")}'`)).rejects.toMatchObject({
        code: 'query_failed',
        message: expect.stringMatching(/Permission Error|does not exist/),
      });
    }
  });

  it('may name a file of the lake as a table', async () => {
    const file = join(root, partPath({ table: 'processes', tenant: 'default', date: '2025-03-01', captureId: 'capture-1', part: 0 }));
    expect(await answer(await open([processes]), `SELECT comm FROM '${file.replaceAll("'", "''")}'`)).toEqual([['init']]);
  });

  it('is stopped when its time is over, and others go on', async () => {
    const engine = await open([processes], { timeoutSeconds: 0.3 });
    const long = engine.query('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b');
    await expect(long).rejects.toMatchObject({ code: 'query_timeout', message: 'the query ran longer than 0.3 seconds' });
    expect(await answer(engine, 'SELECT count(*) FROM processes')).toEqual([[1n]]);
  });

  it('is stopped when its asker no longer wants it, and the engine goes on', async () => {
    const engine = await open([processes]);
    const asker = new AbortController();
    const long = engine.query('SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b', [], { signal: asker.signal });
    setTimeout(() => asker.abort(new Error('no longer wanted')), 100);
    await expect(long).rejects.toThrow('no longer wanted');
    await expect(engine.query('SELECT 1', [], { signal: asker.signal })).rejects.toThrow('no longer wanted');
    expect(await answer(engine, 'SELECT count(*) FROM processes')).toEqual([[1n]]);
  });

  it('gives as many rows as were asked for, and says that there are more', async () => {
    const engine = await open([processes], { maxRowCount: 10 });
    const cut = await engine.query('SELECT * FROM range(5000)', [], { rowLimit: 3 });
    expect(cut.rows).toEqual([[0n], [1n], [2n]]);
    expect(cut.cut).toBe(true);
    const whole = await engine.query('SELECT * FROM range(3)', [], { rowLimit: 3 });
    expect(whole.rows).toHaveLength(3);
    expect(whole.cut).toBeUndefined();
  });

  it('is stopped when it wants more memory than allowed, and spills nothing', async () => {
    const engine = await open([processes], { memoryLimit: '64MB' });
    await expect(engine.query('SELECT list(range ORDER BY hash(range)) FROM range(20000000)')).rejects.toMatchObject({ code: 'query_failed' });
    expect(readdirSync(process.cwd())).not.toContain('.tmp');
  });

  it('is refused when its answer has too many rows', async () => {
    const engine = await open([processes], { maxRowCount: 5000 });
    expect(await answer(engine, 'SELECT * FROM range(5000)')).toHaveLength(5000);
    await expect(engine.query('SELECT * FROM range(5001)')).rejects.toMatchObject({ code: 'limit' });
  });

  it.each([
    ['parentheses', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['sums', `SELECT 1${'+1'.repeat(50_000)}`],
    ['lists', `SELECT ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('is refused when it is nested too deep in %s', async (_, sql) => {
    await expect((await open([])).query(sql)).rejects.toMatchObject({ code: 'query_failed' });
  });

  it('is refused when it is too long', async () => {
    await expect((await open([])).query(`SELECT '${'x'.repeat(300_000)}'`)).rejects.toMatchObject({ code: 'limit' });
  });
});

describe('an engine', () => {
  it('runs queries side by side', async () => {
    const engine = await open([]);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => answer(engine, `SELECT ${n}`)));
    expect(answers).toEqual([[[1]], [[2]], [[3]], [[4]]]);
  });

  it('finds a lake through a link', async () => {
    await write(processes, [{ ...capture, pid: 1, comm: 'init', threads: [] }]);
    symlinkSync(root, join(folder, 'link'));
    const engine = await duckdbEngine({ lakeRoot: join(folder, 'link'), tables: [processes] });
    engines.push(engine);
    expect(await answer(engine, 'SELECT comm FROM processes')).toEqual([['init']]);
  });

  it('refuses a path that DuckDB would take for a pattern', async () => {
    await expect(duckdbEngine({ lakeRoot: join(folder, 'a*'), tables: [] })).rejects.toMatchObject({ code: 'invalid_name' });
  });

  it('answers nothing after it was closed', async () => {
    const engine = await open([]);
    await engine.close();
    await expect(engine.query('SELECT 1')).rejects.toMatchObject({ code: 'query_failed' });
  });
});

function asAnswered(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asAnswered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asAnswered(part)]));
}
