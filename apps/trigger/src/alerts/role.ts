import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { authenticator, captureAnnotation, parsePolicy } from '@icecore/alerts';
import { type Capture, alertIntake } from '@icecore/capture';
import { anyConnection, apiClient, captureStore, cluster, followUpActions } from '@icecore/kubernetes';
import { serveHealth } from '../health.ts';
import { logger } from '../logger.ts';
import { alertsSettings } from '../settings.ts';
import { startTracing, traced, traceparentOf } from '../tracing.ts';
import { watchAnnotations } from './annotations.ts';
import { clusterView } from './cluster-view.ts';
import { parseCredentials, readCredentials } from './credentials.ts';
import { followUpQueue } from './follow-up-queue.ts';
import { alertMetrics } from './metrics.ts';
import { rateLimit } from './rate-limit.ts';
import { serveAlerts } from './server.ts';
import { warmUp } from './warm-up.ts';
import { readText, watched } from './watched-file.ts';

/** How often files of settings are looked at for changes, in milliseconds. */
const lookAgainMs = 2000;

/** The alerts role: takes alerts, decides, stores captures, and does what follows them. Ends when the signal is given and what it was at is done. */
export async function runAlerts(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<void> {
  const settings = alertsSettings(env);
  const log = logger('alerts', settings.ICECORE_LOG_LEVEL);
  const api = apiClient(await anyConnection(env));
  const captures = captureStore(api, { namespace: settings.ICECORE_NAMESPACE, component: 'icecore-alerts' });
  const metrics = alertMetrics(() => countPhases(captures.known()));
  const policy = await watched(readText(settings.ICECORE_POLICY), parsePolicy, (fault) => {
    metrics.policyValid.set(fault === undefined ? 1 : 0);
    if (fault === undefined) log.info('the policy changed and is in force');
    else log.error({ fault }, 'the policy cannot be followed; the last good one stays in force');
  });
  metrics.policyValid.set(1);
  const withCertificates = settings.ICECORE_CLIENT_CA !== undefined;
  const authentication = await watched(readCredentials(settings), (text) => authenticator(parseCredentials(text, withCertificates), Date.now), (fault) => (fault === undefined ? log.info('credentials changed') : log.error({ fault }, 'credentials cannot be read; the last ones stay in force')));

  const take = alertIntake({ ...clusterView(cluster(api), captures), policy: () => policy.value, now: Date.now });
  const followUps = followUpQueue(captures, followUpActions(api), metrics, log);
  let [listed, warm] = [false, false];
  const trouble = (error: unknown): void => {
    metrics.watchErrors.inc();
    log.warn({ error }, 'the watch of captures had trouble and goes on');
  };
  const work: Promise<void>[] = [
    captures.watch({ signal }, { onChange: (capture) => followUps.consider(capture), onListed: () => (listed = true), onTrouble: trouble }),
    (async () => {
      while (!signal.aborted) {
        await Promise.all([policy.check(), authentication.check()]);
        await sleep(lookAgainMs, undefined, { signal }).catch(() => undefined);
      }
    })(),
  ];
  const health = await serveHealth(settings.ICECORE_HEALTH_LISTEN, { metrics: metrics.registry, notReady: () => [...(listed ? [] : ['captures are not listed yet']), ...(warm ? [] : ['it is warming up']), ...(signal.aborted ? ['it is stopping'] : [])] });
  await warmUp(policy.value, () => api.json({ method: 'GET', path: '/version' }));
  // After it, for what was invented is no trace.
  const endTracing = await startTracing('alerts', settings.OTEL_EXPORTER_OTLP_ENDPOINT);
  warm = true;
  // Without history nothing can be decided.
  while (!listed && !signal.aborted) await sleep(20);
  const onOtherAlert = async (alert: Parameters<typeof take>[0], sha256?: string): Promise<void> => {
    const answer = await traced('alert', undefined, { 'icecore.source': alert.source }, async (span) => {
      const traceparent = traceparentOf(span, undefined);
      return take(alert, { ...(sha256 === undefined ? {} : { sha256 }), ...(traceparent === undefined ? {} : { traceparent }) });
    });
    metrics.alerts.inc({ source: alert.source, outcome: answer.outcome });
    log.info({ alert: alert.id, source: alert.source, rule: alert.rule, outcome: answer.outcome, captures: answer.captures, why: answer.reasons.find(({ holds }) => !holds)?.says }, 'alert');
  };
  if (settings.ICECORE_ANNOTATIONS) work.push(watchAnnotations(api, captureAnnotation, onOtherAlert, log, signal));
  if (settings.ICECORE_SQS_URL !== undefined) work.push((await import('./queue.ts')).readQueue(settings.ICECORE_SQS_URL, onOtherAlert, log, signal));

  const server = await serveAlerts({
    ...settings.ICECORE_LISTEN,
    tls: settings.ICECORE_TLS_CERT === undefined || settings.ICECORE_TLS_KEY === undefined ? undefined : { cert: await readFile(settings.ICECORE_TLS_CERT, 'utf8'), key: await readFile(settings.ICECORE_TLS_KEY, 'utf8'), ca: settings.ICECORE_CLIENT_CA === undefined ? undefined : await readFile(settings.ICECORE_CLIENT_CA, 'utf8') },
    authenticate: (proof) => authentication.value(proof),
    allow: rateLimit(settings.ICECORE_RATE, settings.ICECORE_BURST, Date.now),
    take,
    metrics,
    log,
  });
  log.info({ address: server.address(), health: health.address() }, 'listening');
  await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
  log.info('stopping: no more alerts are taken, those at hand are answered');
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.race([closed, sleep(settings.ICECORE_DRAIN_SECONDS * 1000, undefined, { ref: false })]);
  await Promise.allSettled([...work, followUps.idle()]);
  await endTracing();
  health.close();
}

function countPhases(captures: Iterable<Capture>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of captures) counts.set(status.phase, (counts.get(status.phase) ?? 0) + 1);
  return counts;
}
