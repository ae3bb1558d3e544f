import type { QueryEngine, QueryParameter } from '@icecore/lake';
import type { PageAnswer, TableAnswer } from '../contract/answers.ts';
import type { Suppression } from '../contract/case.ts';
import { rowsOf, tableOf } from './answer.ts';
import { RequestError } from './errors.ts';
import type { Choice, PageRequest } from './requests.ts';
import { quoted, selected, type Source, textOf } from './sources.ts';

/** Most rows of one list that are counted, sorted and written as CSV. */
export const maxListRows = 1_000_000;
/** Most values that a stack shows. */
const maxStackValues = 5000;

interface Where {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
}

/** Asks for stretches of lists. Names of columns are checked against the source, values are passed beside the statement. */
export async function pageOf(engine: QueryEngine, source: Source, request: PageRequest, suppressions: readonly Suppression[], signal: AbortSignal): Promise<PageAnswer> {
  const columns = request.columns.split(',');
  const where = whereOf(source, request, columns, suppressions);
  const counted = request.count === 'no' ? undefined : await engine.query(`SELECT count(*) FROM ${source.from} AS s${where.sql}`, where.parameters, { signal });
  const { sql, parameters } = listStatement(source, request, where);
  const rows = rowsOf(await engine.query(`${sql} OFFSET ${request.offset} LIMIT ${request.limit}`, parameters, { signal }), source.nested);
  return { rows, offset: request.offset, total: counted === undefined ? null : Number(counted.rows[0]?.[0] ?? 0) };
}

/** The statement of a whole list, in its order. */
export function listStatement(source: Source, request: Omit<PageRequest, 'offset' | 'limit' | 'count'>, where: Where): Where {
  const columns = request.columns.split(',').map((column) => known(source, column));
  const sort = request.sort === undefined ? [] : [`${quoted(known(source, request.sort))} ${request.descending === 'yes' ? 'DESC' : 'ASC'} NULLS LAST`];
  return { sql: `SELECT ${columns.map((column) => selected(source, column)).join(', ')} FROM ${source.from} AS s${where.sql} ORDER BY ${[...sort, source.order].join(', ')}`, parameters: where.parameters };
}

/** The values of a column, the least frequent first. */
export async function stackOf(engine: QueryEngine, source: Source, column: string, choice: Choice, suppressions: readonly Suppression[], signal: AbortSignal, dollars?: (bytes: number) => number): Promise<TableAnswer> {
  const since = performance.now();
  const where = whereOf(source, choice, [column], suppressions);
  const value = textOf(source, known(source, column));
  const time = source.columns.includes('captured_at') ? 'captured_at' : 'happened_at';
  const place = source.columns.includes('image') ? 'count(DISTINCT image)' : 'count(DISTINCT container)';
  const statement = `SELECT ${value} AS value, count(*) AS rows, count(DISTINCT capture_id) AS captures, ${place} AS images, min(${time}) AS first_seen, max(${time}) AS last_seen FROM ${source.from} AS s${where.sql} GROUP BY ${value} ORDER BY captures, rows, value NULLS LAST`;
  return tableOf(await engine.query(statement, where.parameters, { signal, rowLimit: maxStackValues }), since, dollars);
}

export function whereOf(source: Source, choice: Choice, searched: readonly string[], suppressions: readonly Suppression[]): Where {
  const conditions: string[] = [];
  const parameters: QueryParameter[] = [];
  const add = (condition: string, ...values: readonly QueryParameter[]): void => {
    conditions.push(condition);
    parameters.push(...values);
  };
  if (choice.capture !== undefined) add('capture_id = CAST(? AS varchar)', choice.capture);
  for (const filter of choice.filter) {
    const colon = filter.indexOf(':');
    const column = known(source, filter.slice(0, colon));
    const condition = source.lists.has(column) ? `contains(${quoted(column)}, CAST(? AS varchar))` : `coalesce(${textOf(source, column)}, '') = CAST(? AS varchar)`;
    add(condition, filter.slice(colon + 1));
  }
  const time = source.columns.includes('happened_at') ? 'happened_at' : 'captured_at';
  if (choice.since !== undefined) add(`${time} >= CAST(? AS date)`, choice.since);
  if (choice.until !== undefined) add(`${time} < CAST(? AS date)`, choice.until);
  if (choice.text !== undefined && choice.text !== '') {
    const text = choice.text.toLowerCase();
    const places = searched.map((column) => `strpos(lower(coalesce(${textOf(source, known(source, column))}, '')), CAST(? AS varchar)) > 0`);
    add(`(${places.join(' OR ')})`, ...places.map(() => text));
  }
  if (source.name === 'findings' && choice.suppressed === 'hide') {
    for (const { sql, values } of suppressions.map(suppressionCondition)) add(`NOT ${sql}`, ...values);
  }
  return { sql: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, parameters };
}

/** True for the findings that a suppression is about. */
export function suppressionCondition({ detector, image, summary }: Suppression): { readonly sql: string; readonly values: readonly string[] } {
  const parts = ['detector = CAST(? AS varchar)'];
  const values = [detector];
  if (image !== null) {
    parts.push(`coalesce(image, '') = CAST(? AS varchar)`);
    values.push(image);
  }
  if (summary !== null) {
    parts.push('strpos(summary, CAST(? AS varchar)) > 0');
    values.push(summary);
  }
  return { sql: `(${parts.join(' AND ')})`, values };
}

function known(source: Source, column: string): string {
  if (source.columns.includes(column)) return column;
  throw new RequestError('unknown', `${source.name} has no column ${column}`);
}
