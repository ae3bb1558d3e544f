import type { JsonValue } from '@icecore/criu';
import type { QueryResult, QueryValue } from '@icecore/lake';
import type { Terminal } from '../terminal.ts';
import { shown, textTable } from './text-table.ts';

/** The options of commands that print rows. */
export const resultOptions = {
  csv: { type: 'boolean', summary: 'as CSV (RFC 4180)' },
  json: { type: 'boolean', summary: 'as JSON, one object a row' },
} as const;

/** Prints the rows of an answer as a table, as CSV or as JSON. */
export async function printResult(result: QueryResult, { csv, json }: { readonly csv: boolean | undefined; readonly json: boolean | undefined }, terminal: Terminal): Promise<void> {
  if (json === true) {
    for (const row of rowsOf(result)) await terminal.json(row);
  } else if (csv === true) {
    for (const line of csvLines(result)) await terminal.line(line);
  } else {
    const columns = result.columns.map(({ name, type }) => ({ title: name, align: /INT|DOUBLE|DECIMAL/.test(type) ? ('right' as const) : ('left' as const) }));
    const rows = result.rows.map((row) => row.map((value) => shown(textOf(value), 200)));
    await terminal.line(textTable(columns, rows, terminal.width).join('\n'));
    terminal.note(`${result.rows.length} row${result.rows.length === 1 ? '' : 's'}`);
  }
}

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
