import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compactLake, layoutFolder } from '@icecore/lake';
import { lakeFolder } from '@icecore/local';
import { allTables } from '@icecore/tables';
import { makeLake } from '../lake/make-lake.ts';
import { needles } from '../lake/made-capture.ts';
import { bestTimes, type CommandLine, icecore, secondsOf, timesText } from '../measure.ts';
import type { Bench, Suite } from '../suite.ts';

/** Captures of the lakes that are made; one in four hundred has what is looked for. */
const captures = [50, 200, 500];
const rounds = 5;
const promisedSeconds = 2;

/** Questions in plain SQL, of a lake's tables or of its files. */
const questions: readonly (readonly [what: string, table: string, sql: (table: string) => string])[] = [
  ['programs whose file is gone', 'processes', (table) => `SELECT capture_id, pid, executable FROM ${table} WHERE executable_deleted`],
  ['who talked to an address', 'sockets', (table) => `SELECT capture_id, pid, remote_port FROM ${table} WHERE remote_address = '${needles.address}'`],
  ['programs by how often they run', 'processes', (table) => `SELECT executable, count(DISTINCT capture_id) AS captures FROM ${table} GROUP BY executable ORDER BY captures, executable`],
];

/** Questions to a small lake. */
export const query: Suite = {
  id: 'query',
  title: 'Query',
  about: [
    `Lakes of ${captures.join(', ')} captures that are made by chance, a file a table and capture, before and after \`icecore lake compact\`; ${rounds} rounds, start-up included.`,
    '`icecore query SQL` is held against DuckDB alone, started the same way, with the same SQL over `read_parquet` of the same files: what icecore adds are its views, its guards and its table of results.',
  ].join(' '),
  async run(bench) {
    const counts = Math.max(...bench.sizes) < 1 ? captures.slice(0, 1) : captures;
    const [before, after]: [[number, number][], [number, number][]] = [[], []];
    for (const count of counts) {
      const root = join(bench.folder, `lake-${count}`);
      await makeLake(root, count);
      const hunt = icecore('hunt', '--lake', root, '--ioc', needles.address);
      before.push([count, hunted(hunt)]);
      if (count === counts.at(-1)) againstDuckdb(bench, root, count);
      await compactLake({ store: lakeFolder(root), tables: allTables, clock: () => new Date(), graceSeconds: 0 });
      after.push([count, hunted(hunt)]);
    }
    counts.forEach((count, i) => {
      const [slow = Number.NaN, fast = Number.NaN] = [before[i]?.[1], after[i]?.[1]];
      bench.promise(`\`hunt --ioc ${needles.address}\`, ${count} captures, before and after they are compacted`, `${slow.toFixed(2)} s, ${fast.toFixed(2)} s`, `under ${promisedSeconds} s when compacted`, fast < promisedSeconds);
    });
    bench.plot({ title: 'Hunt against captures', x: 'captures in the lake', y: 'seconds', lines: [{ name: 'one by one', points: before }, { name: 'compacted', points: after }] });
  },
};

function hunted(hunt: CommandLine): number {
  return Math.min(...Array.from({ length: rounds }, () => secondsOf(hunt)));
}

function againstDuckdb(bench: Bench, root: string, count: number): void {
  for (const [what, table, sql] of questions) {
    const files = join(root, layoutFolder, table);
    if (!existsSync(files)) throw new Error(`the lake has no ${files}`);
    const bare: CommandLine = [process.execPath, 'tools/bench/src/peers/duckdb.mjs', sql(`read_parquet('${files}/*/*/*.parquet')`)];
    const [own, peer] = bestTimes([() => icecore('query', '--lake', root, sql(table)), () => bare], rounds);
    if (own !== undefined && peer !== undefined) bench.tell(`${what}, ${count} captures, against DuckDB alone`, `${timesText(own)} against ${timesText(peer)}`);
  }
}
