import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { bodyLimit } from 'hono/body-limit';
import type { SessionAnswer } from '../contract/answers.ts';
import { type Asset, shell } from './assets.ts';
import { captureRoutes } from './capture-routes.ts';
import { caseRoutes } from './case-routes.ts';
import type { ConsoleContext } from './context.ts';
import { errorAnswer } from './errors.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { type Carried, cookieName, ownHostOnly, refuse, securityHeaders, sessionOnly } from './guard.ts';
import { lakeRoutes } from './lake-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import type { Session } from './session.ts';

/** Most bytes of a request's body. */
const maxBodyBytes = 2 ** 20;

export interface AppOptions {
  readonly context: ConsoleContext;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly session: Session;
  readonly port: number;
}

/** The console as a function from requests to answers. */
export function consoleApp({ context, assets, session, port }: AppOptions): Hono<Carried> {
  const app = new Hono<Carried>();
  app.use(securityHeaders);
  app.use(ownHostOnly(port));
  app.onError((error, c) => {
    const answer = errorAnswer(error, c, context.onDefect);
    return answer;
  });

  app.get('/open', (c) => {
    const key = session.redeem(c.req.query('token') ?? '');
    if (key === undefined) return c.text('This link was used, or is none of this console. The terminal of icecore serve shows one that works.', 403);
    setCookie(c, cookieName(port), key, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return c.redirect('/', 303);
  });
  app.get('/assets/:name', (c) => {
    const asset = assets.get(c.req.param('name'));
    if (asset === undefined) return refuse(c, 404, 'unknown', 'There is no such file.');
    c.header('Content-Type', asset.type);
    return c.body(asset.bytes);
  });

  app.use('/api/*', sessionOnly(session, port), bodyLimit({ maxSize: maxBodyBytes, onError: (c) => refuse(c, 413, 'too_large', 'The request is too large.') }));
  app.use('/api/*', async (c, next) => {
    await next();
    if (context.fleet !== undefined) c.header('X-Icecore-Spent', JSON.stringify(context.fleet.spent()));
  });
  app.get('/api/session', (c) => {
    const { version, lakeLocation, vault, archiveFolders, user } = context;
    return c.json<SessionAnswer>({ version, lake: lakeLocation, vault: vault?.vault.location ?? null, archives: archiveFolders, user, cost: context.fleet?.cost ?? null });
  });
  for (const routes of [lakeRoutes(context), captureRoutes(context), evidenceRoutes(context), ruleRoutes(context), caseRoutes(context)]) app.route('/api', routes);
  app.all('/api/*', (c) => refuse(c, 404, 'unknown', 'The console has no such answer.'));
  app.get('*', (c) => c.html(shell(c.get('nonce'))));
  return app;
}
