import { Hono } from 'hono';
import { z } from 'zod';
import { alikeOf } from './alike.ts';
import { captureOf, findingOf, memoryOf } from './capture.ts';
import type { ConsoleContext } from './context.ts';
import { keptAnswers } from './kept.ts';

/** Answers about one capture, from the lake alone. */
export function captureRoutes({ lake, sources }: ConsoleContext): Hono {
  const routes = new Hono();
  const kept = keptAnswers(lake);
  routes.get('/captures/:id', async (c) => {
    const id = c.req.param('id');
    c.header('Content-Type', 'application/json');
    return c.body(await kept(id, () => captureOf(lake, sources, id, c.req.raw.signal)));
  });
  routes.get('/captures/:id/alike', async (c) => c.json(await alikeOf(lake, c.req.param('id'), c.req.raw.signal)));
  routes.get('/captures/:id/memory/:pid', async (c) => c.json(await memoryOf(lake, c.req.param('id'), z.coerce.number().int().min(0).parse(c.req.param('pid')), c.req.raw.signal)));
  routes.get('/captures/:id/findings/:finding', async (c) => c.json(await findingOf(lake, sources, c.req.param('id'), c.req.param('finding'), c.req.raw.signal)));
  return routes;
}
