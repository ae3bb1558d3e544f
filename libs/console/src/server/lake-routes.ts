import { type Context, Hono } from 'hono';
import { isExportError, readCase } from '@icecore/exports';
import { huntNamed, renderHunt } from '@icecore/hunts';
import { athenaType } from '@icecore/lake';
import type { HuntInfo, OverviewAnswer, TableInfo } from '../contract/answers.ts';
import { recordsOf, tableOf } from './answer.ts';
import { compareCaptures } from './compare.ts';
import type { ConsoleContext } from './context.ts';
import { RequestError } from './errors.ts';
import { csvOf, exportForms, exportText, isExportForm } from './exports.ts';
import { manifestOf } from './manifest.ts';
import { compareRequest, csvRequest, exportRequest, huntRequest, pageRequest, searchRequest, sqlRequest, stackRequest } from './requests.ts';
import { listStatement, maxListRows, pageOf, stackOf, suppressionCondition, whereOf } from './rows.ts';
import { searchLake } from './search.ts';
import type { Source } from './sources.ts';

/** Most rows that the page of SQL shows. */
export const maxSqlRows = 20_000;
/** Most rows of a hunt's answer that are shown. */
const maxHuntRows = 20_000;

/** Answers from the lake. */
export function lakeRoutes(context: ConsoleContext): Hono {
  const { lake, tables, hunts } = context;
  const routes = new Hono();
  const suppressions = async () => (await context.caseFile.read()).suppressions;

  routes.get('/overview', async (c) => c.json(await overviewOf(context, c.req.raw.signal)));
  routes.get('/rows', async (c) => {
    const request = pageRequest.parse(asked(c));
    return c.json(await pageOf(lake, sourceOf(context, request.source), request, await suppressions(), c.req.raw.signal));
  });
  routes.get('/rows.csv', async (c) => {
    const request = csvRequest.parse(asked(c));
    const source = sourceOf(context, request.source);
    const where = whereOf(source, request, request.columns.split(','), await suppressions());
    const { sql, parameters } = listStatement(source, request, where);
    return csvFile(c, request.source, csvOf(await lake.query(`${sql} LIMIT ${maxListRows}`, parameters, { signal: c.req.raw.signal })));
  });
  routes.get('/stack', async (c) => {
    const { column, ...choice } = stackRequest.parse(asked(c));
    return c.json(await stackOf(lake, sourceOf(context, choice.source), column, choice, await suppressions(), c.req.raw.signal, context.fleet?.dollars));
  });
  routes.get('/search', async (c) => c.json(await searchLake(lake, hunts, searchRequest.parse(asked(c)).value, c.req.raw.signal, context.fleet?.dollars)));
  routes.get('/compare', async (c) => {
    const { before, after } = compareRequest.parse(asked(c));
    return c.json(await compareCaptures(lake, context.sources, before, after, c.req.raw.signal));
  });
  routes.get('/tables', async (c) => {
    const sizes = await lake.sizes();
    return c.json(tables.map(({ name, description, columns }): TableInfo => ({
      name, description, bytes: sizes.size === 0 ? null : sizes.get(name) ?? 0,
      columns: Object.entries(columns).map(([column, definition]) => ({ name: column, type: athenaType(definition), description: definition.description })),
    })));
  });
  routes.post('/sql', async (c) => {
    const since = performance.now();
    const { sql } = sqlRequest.parse(await c.req.json());
    return c.json(tableOf(await lake.query(sql, [], { signal: c.req.raw.signal, rowLimit: maxSqlRows }), since, context.fleet?.dollars));
  });
  routes.post('/sql.csv', async (c) => csvFile(c, 'answer', csvOf(await lake.query(sqlRequest.parse(await c.req.json()).sql, [], { signal: c.req.raw.signal }))));
  routes.get('/hunts', (c) => c.json(hunts.map(({ name, title, question, technique, parameters, sql }): HuntInfo => ({
    name, title, question, technique: technique ?? null, sql,
    parameters: parameters.map((parameter) => ({ name: parameter.name, type: parameter.type, default: parameter.default ?? null, summary: parameter.summary })),
  }))));
  routes.post('/hunts/:name', async (c) => {
    const since = performance.now();
    const { values } = huntRequest.parse(await c.req.json());
    const { sql, parameters } = renderHunt(huntNamed(hunts, c.req.param('name')), values);
    return c.json(tableOf(await lake.query(sql, parameters, { signal: c.req.raw.signal, rowLimit: maxHuntRows }), since, context.fleet?.dollars));
  });
  routes.get('/export/manifest', async (c) => {
    const { captures } = exportRequest.parse(asked(c));
    c.header('Content-Disposition', 'attachment; filename="icecore-evidence.sha256"');
    c.header('Content-Type', 'text/plain; charset=utf-8');
    return c.body(await manifestOf(context, captures?.split(','), c.req.raw.signal));
  });
  routes.get('/export/:form', async (c) => {
    const form = c.req.param('form');
    if (!isExportForm(form)) throw new RequestError('unknown', `There is no form ${form}; there are ${Object.keys(exportForms).join(', ')}.`);
    const { captures } = exportRequest.parse(asked(c));
    const named = captures === undefined ? [] : captures.split(',');
    const text = exportText(form, await readCase(lake, named).catch(notTooMany), context.version);
    c.header('Content-Disposition', `attachment; filename="icecore.${exportForms[form].extension}"`);
    c.header('Content-Type', `${exportForms[form].type}; charset=utf-8`);
    return c.body(text);
  });
  return routes;
}

/** What a request asks, a name that is given more than once as a list. */
export function asked(c: Context): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(Object.entries(c.req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0] ?? '' : values]));
}

function sourceOf({ sources }: ConsoleContext, name: string): Source {
  const source = sources.get(name);
  if (source === undefined) throw new RequestError('unknown', `There is no list ${name}.`);
  return source;
}

function csvFile(c: Context, name: string, text: string): Response {
  c.header('Content-Disposition', `attachment; filename="icecore-${name}.csv"`);
  c.header('Content-Type', 'text/csv; charset=utf-8');
  return c.body(text);
}

function notTooMany(error: unknown): never {
  if (isExportError(error) && error.code === 'limit') throw new RequestError('too_large', error.message);
  throw error;
}

async function overviewOf(context: ConsoleContext, signal: AbortSignal): Promise<OverviewAnswer> {
  const since = performance.now();
  const ask = (sql: string, parameters: readonly string[] = []) => context.lake.query(sql, parameters, { signal });
  const hidden = (await context.caseFile.read()).suppressions.map(suppressionCondition);
  const [counts, severities, suppressed, incidents, latest] = await Promise.all([
    ask('SELECT count(*) AS captures, count(DISTINCT coalesce(container_id, capture_id)) AS containers FROM captures'),
    ask('SELECT severity, count(*) AS findings FROM findings GROUP BY severity'),
    hidden.length === 0 ? undefined : ask(`SELECT count(*) FROM findings WHERE ${hidden.map(({ sql }) => sql).join(' OR ')}`, hidden.flatMap(({ values }) => values)),
    ask('SELECT severity, title, captured_at, namespace, pod, container, capture_id, incident_id, array_join(techniques, \' \') AS techniques FROM incidents ORDER BY severity_id DESC, captured_at DESC NULLS LAST, incident_id FETCH FIRST 12 ROWS ONLY'),
    ask('SELECT captured_at, namespace, pod, container, image, engine, process_count, capture_id FROM captures ORDER BY captured_at DESC NULLS LAST, capture_id FETCH FIRST 8 ROWS ONLY'),
  ]);
  const [count = {}] = recordsOf(counts);
  return {
    captures: Number(count['captures'] ?? 0),
    containers: Number(count['containers'] ?? 0),
    findings: Object.fromEntries(recordsOf(severities).map(({ severity, findings }) => [String(severity), Number(findings)])),
    suppressed: Number(suppressed?.rows[0]?.[0] ?? 0),
    incidents: tableOf(incidents, since),
    latest: tableOf(latest, since),
  };
}
