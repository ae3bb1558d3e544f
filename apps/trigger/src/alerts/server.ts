import { createServer as createPlain, type IncomingMessage } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { TLSSocket } from 'node:tls';
import { type HttpBindings, serve, type ServerType } from '@hono/node-server';
import { type Alert, type Authentication, maxRequestBytes, type Proof, type ReadAlerts, readAlerts } from '@icecore/alerts';
import type { AlertAnswer, AlertContext } from '@icecore/capture';
import { type Context, Hono } from 'hono';
import { traced, traceparentOf } from '../tracing.ts';
import type { Logger } from '../logger.ts';
import type { AlertMetrics } from './metrics.ts';
import { readBody } from './read-body.ts';
import { tellAnswer } from './tell-answer.ts';

/** Requests that are worked on at once; more are asked to come back. */
const maxRequestsAtOnce = 512;

export interface AlertServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string | undefined } | undefined;
  readonly authenticate: (proof: Proof) => Authentication;
  readonly allow: (sender: string) => boolean;
  readonly take: (alert: Alert, context: AlertContext) => Promise<AlertAnswer>;
  readonly metrics: AlertMetrics;
  readonly log: Logger;
}

type Bindings = { Bindings: HttpBindings };

/** Takes alerts at `POST /alerts` (and `/`), any source, and answers when what they call for is stored. */
export async function serveAlerts(options: AlertServerOptions): Promise<ServerType> {
  const app = new Hono<Bindings>();
  let working = 0;
  app.use(async (c, next) => {
    const begun = performance.now();
    working += 1;
    try {
      if (working > maxRequestsAtOnce) c.res = c.json({ error: 'too many requests at once' }, 503, { 'retry-after': '1' });
      else await next();
    } finally {
      working -= 1;
      options.metrics.seconds.observe((performance.now() - begun) / 1000);
      options.metrics.requests.inc({ status: String(c.res.status) });
    }
  });
  for (const path of ['/', '/alerts'] as const) {
    app.post(path, (c) => answer(c, options));
    // The handshake of CloudEvents' webhooks: whoever proves itself may send.
    app.options(path, (c) => c.body(null, 200, { allow: 'POST', 'webhook-allowed-origin': c.req.header('webhook-request-origin') ?? '*', 'webhook-allowed-rate': '*' }));
    app.all(path, (c) => c.json({ error: 'alerts are sent by POST' }, 405, { allow: 'POST, OPTIONS' }));
  }
  app.notFound((c) => c.json({ error: 'alerts are sent to /alerts' }, 404));
  app.onError((error, c) => {
    // What does not answer is the cluster: nothing was accepted, and the sender is told to come again.
    options.log.warn({ error }, 'alerts could not be taken');
    return c.json({ error: 'the cluster does not answer; nothing was accepted' }, 503, { 'retry-after': '5' });
  });
  const { tls, host: hostname, port } = options;
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      tls === undefined
        ? { fetch: app.fetch, hostname, port, createServer: createPlain, serverOptions: { requestTimeout: 10_000, headersTimeout: 5000 } }
        : { fetch: app.fetch, hostname, port, createServer: createSecure, serverOptions: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', requestTimeout: 10_000, headersTimeout: 5000, ...(tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: false }) } },
      () => resolve(server),
    );
    server.once('error', reject);
  });
}

async function answer(c: Context<Bindings>, { authenticate, allow, take, metrics, log }: AlertServerOptions): Promise<Response> {
  const body = await readBody(c.req.raw.body, maxRequestBytes);
  if (body === undefined) return c.json({ error: `more than ${maxRequestBytes} bytes` }, 413);
  const proof = authenticate({ headers: c.req.header(), body, certificateSubject: subjectOf(c.env.incoming) });
  if (!proof.allowed) return c.json({ error: proof.reason }, proof.status);
  if (!allow(proof.sender)) return c.json({ error: 'too many requests' }, 429, { 'retry-after': '1' });
  const read = readAlerts(body, c.req.header('content-type') ?? '');
  if (read.outcome === 'refused') {
    log.info({ sender: proof.sender, status: read.status, reason: read.reason }, 'alerts refused');
    return c.json({ error: read.reason }, read.status);
  }
  const parent = c.req.header('traceparent');
  return traced('alerts', parent, { 'icecore.alerts': read.alerts.length }, async (span) => {
    const traceparent = traceparentOf(span, parent);
    const answers = await takeAll(read, take, traceparent);
    for (const [i, answer] of answers.entries()) {
      const alert = read.alerts[i];
      if (alert !== undefined) tellAnswer(alert, answer, metrics, log);
    }
    return c.json({ alerts: answers, ignored: read.ignored }, answers.some(({ outcome }) => outcome === 'accepted') ? 202 : 200);
  });
}

async function takeAll({ alerts, sha256 }: Extract<ReadAlerts, { outcome: 'read' }>, take: AlertServerOptions['take'], traceparent: string | undefined): Promise<AlertAnswer[]> {
  const answers: AlertAnswer[] = [];
  for (const alert of alerts) answers.push(await take(alert, { sha256, ...(traceparent === undefined ? {} : { traceparent }) }));
  return answers;
}

/** Subject of a client certificate that the server's authority signed. */
function subjectOf({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN } = socket.getPeerCertificate().subject ?? {};
  return typeof CN === 'string' ? `CN=${CN}` : undefined;
}
