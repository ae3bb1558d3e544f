import { duckdbEngine } from '@icecore/local';
import type { QueryResult, QueryValue } from '@icecore/lake';
import { allTables } from '@icecore/tables';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { shown, textTable } from '../render/text-table.ts';
import type { JsonValue } from '@icecore/criu';

export const defaultLake = '.icecore/lake';

/** `icecore query`: SQL over the lake. */
export const query = command({
  name: 'query',
  summary: 'Ask the lake in SQL. The tables are those that docs/tables.md lists.',
  arguments: 'SQL',
  count: [1, 1],
  options: {
    lake: { type: 'string', value: 'FOLDER', summary: `the lake (default ${defaultLake})` },
    csv: { type: 'boolean', summary: 'as CSV (RFC 4180)' },
    json: { type: 'boolean', summary: 'as JSON, one object a row' },
  },
  examples: [["icecore query \"SELECT container, pid, command_line FROM processes WHERE executable_deleted\"", 'programs whose file is gone']],
  async run({ arguments: [sql = ''], options, terminal }) {
    const engine = await duckdbEngine({ lakeRoot: options.lake ?? defaultLake, tables: allTables });
    try {
      const result = await engine.query(sql);
      if (options.json === true) for (const row of rowsOf(result)) await terminal.json(row);
      else if (options.csv === true) for (const line of csvLines(result)) await terminal.line(line);
      else {
        const columns = result.columns.map(({ name, type }) => ({ title: name, align: /INT|DOUBLE|DECIMAL/.test(type) ? ('right' as const) : ('left' as const) }));
        const rows = result.rows.map((row) => row.map((value) => shown(textOf(value), 200)));
        await terminal.line(textTable(columns, rows, terminal.width).join('\n'));
        terminal.note(`${result.rows.length} row${result.rows.length === 1 ? '' : 's'}`);
      }
      return exitCodes.done;
    } finally {
      await engine.close();
    }
  },
});

function* rowsOf(result: QueryResult): Generator<JsonValue> {
  for (const row of result.rows) yield Object.fromEntries(result.columns.map(({ name }, i) => [name, row[i] ?? null]));
}

function* csvLines(result: QueryResult): Generator<string> {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  yield result.columns.map(({ name }) => quote(name)).join(',');
  for (const row of result.rows) yield row.map((value) => quote(value === null ? '' : textOf(value))).join(',');
}

function textOf(value: QueryValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)) : String(value);
}
