import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { formatBytes } from '@icecore/bytes';
import { duckdbType, encodeParquet, type RowOf, type Table } from '@icecore/lake';
import { madeCapture } from '../lake/made-capture.ts';
import { better, forEver, type Times, timesText } from '../measure.ts';
import type { Bench, Suite } from '../suite.ts';

const rounds = 3;
/** Rows of each table; hashes and paths by chance in one, lists, numbers and text in the other. */
const rowCount = 100_000;
const measured = ['files', 'processes'];

/** From rows to a Parquet file. */
export const parquet: Suite = {
  id: 'parquet',
  title: 'Parquet writing',
  about: [
    `${rowCount.toLocaleString('en-US')} rows of two tables, sorted and compressed with Zstandard. Against DuckDB in the same process, on one thread, in two ways: from the same rows,`,
    'handed over as JSON lines (its fastest way in from JavaScript), and its `COPY` alone, with the rows already in its memory. Both files are read back and compared.',
    `The best of ${rounds} rounds, without a start.`,
  ].join(' '),
  async run(bench) {
    const scale = Math.min(1, Math.max(...bench.sizes));
    for (const name of measured) {
      const { table, rows } = rowsOf(name, Math.ceil(rowCount * scale));
      await measure(bench, table, rows);
    }
  },
};

function rowsOf(name: string, count: number): { readonly table: Table; readonly rows: readonly RowOf<Table>[] } {
  const rows: RowOf<Table>[] = [];
  let table: Table | undefined;
  for (let index = 0; rows.length < count; index += 1) {
    const found = madeCapture(index).tables.find((each) => each.table.name === name);
    table ??= found?.table;
    rows.push(...(found?.rows ?? []));
  }
  if (table === undefined) throw new TypeError(`there is no table ${name}`);
  return { table, rows: rows.slice(0, count) };
}

async function measure(bench: Bench, table: Table, rows: readonly RowOf<Table>[]): Promise<void> {
  const [own, other, lines] = ['own', 'duckdb', 'lines'].map((name) => join(bench.folder, `${table.name}-${name}`)) as [string, string, string];
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const sorted = `ORDER BY ${table.sortBy.join(', ')}`;
    const types = Object.entries(table.columns).map(([name, column]) => `${name}: '${duckdbType(column)}'`).join(', ');
    const read = `read_json('${lines}', format = 'newline_delimited', columns = {${types}})`;
    const copy = (from: string): string => `COPY (SELECT * FROM ${from} ${sorted}) TO '${other}' (FORMAT parquet, COMPRESSION zstd)`;
    const ways: (() => Promise<void> | void)[] = [
      () => {
        writeFileSync(own, encodeParquet(table, rows));
      },
      async () => {
        writeFileSync(lines, rows.map((row) => `${JSON.stringify({ ...row, schema_version: table.version }, plain)}\n`).join(''));
        await connection.run(copy(read));
      },
    ];
    const [icecore, fromRows] = await bestOf(ways);
    await connection.run(`CREATE TABLE held AS SELECT * FROM ${read}`);
    const [copied] = await bestOf([async () => void (await connection.run(copy('held')))]);
    const differs = await differences(connection, table, own, other);
    if (differs.length > 0) throw new Error(`${table.name}: the files differ in ${differs.join(', ')}`);
    if (icecore === undefined || fromRows === undefined || copied === undefined) return;
    const what = `${rows.length.toLocaleString('en-US')} rows of \`${table.name}\``;
    bench.promise(`${what}, against DuckDB from the same rows`, `${timesText(icecore)}, ${formatBytes(statSync(own).size)}, against ${timesText(fromRows)}, ${formatBytes(statSync(other).size)}`, 'at most 1', icecore.seconds <= fromRows.seconds);
    bench.tell(`${what}, against DuckDB’s \`COPY\` alone`, `${timesText(icecore)} against ${timesText(copied)}`);
  } finally {
    instance.closeSync();
  }
}

/** As JSON has it: no row here has an integer that a number cannot hold. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

async function bestOf(ways: readonly (() => Promise<void> | void)[]): Promise<Times[]> {
  const best = ways.map((): Times => forEver);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, way] of ways.entries()) {
      const [before, start] = [process.cpuUsage(), performance.now()];
      await way();
      const { user, system } = process.cpuUsage(before);
      best[i] = better(best[i], { seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 });
    }
  }
  return best;
}

/** Columns whose values are not the same in both files. */
async function differences(connection: DuckDBConnection, table: Table, own: string, other: string): Promise<string[]> {
  const sums = Object.keys(table.columns).map((name) => `sum(hash(CAST(${name} AS VARCHAR))) AS ${name}`).join(', ');
  // One file says that its times are in UTC and the other leaves it out.
  await connection.run("SET TimeZone = 'UTC'");
  const [ours, theirs] = await Promise.all([own, other].map(async (file) => (await connection.runAndReadAll(`SELECT ${sums}, count(*) AS row_count FROM read_parquet('${file}')`)).getRowObjects()[0] ?? {}));
  const times = new Set(Object.entries(table.columns).flatMap(([name, { kind }]) => (kind === 'timestamp' ? [name] : [])));
  return Object.keys(ours ?? {}).filter((name) => !times.has(name) && ours?.[name] !== theirs?.[name]);
}
