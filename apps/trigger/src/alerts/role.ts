import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, captureAnnotation } from '@icecore/alerts';
import { type AlertAnswer, type AlertContext, alertIntake, type Capture } from '@icecore/capture';
import { anyConnection, type ApiClient, apiClient, captureStore, cluster, followUpActions, type WatchedCaptures } from '@icecore/kubernetes';
import { serveHealth } from '../health.ts';
import { type Logger, logger } from '../logger.ts';
import { type AlertsSettings, alertsSettings } from '../settings.ts';
import { startTracing, traced, traceparentOf } from '../tracing.ts';
import { watchAnnotations } from './annotations.ts';
import { clusterView } from './cluster-view.ts';
import { type FollowUpQueue, followUpQueue } from './follow-up-queue.ts';
import { type AlertMetrics, alertMetrics } from './metrics.ts';
import { rateLimit } from './rate-limit.ts';
import { type RoleFiles, roleFiles, serverTls } from './role-files.ts';
import { type AlertServerOptions, serveAlerts } from './server.ts';
import { tellAnswer } from './tell-answer.ts';
import { warmUp } from './warm-up.ts';

type Take = (alert: Alert, context: AlertContext) => Promise<AlertAnswer>;
/** An alert that did not come by a request, and the hash of the bytes that it came in, where it came in any. */
type Heed = (alert: Alert, sha256?: string) => Promise<void>;

interface RoleState {
  /** Whether the captures that are there are known. */
  listed: boolean;
  /** Whether what an alert needs was run once, so that the first is answered as fast as any. */
  warm: boolean;
}

/** The alerts role: takes alerts, decides, stores captures, and does what follows them. Ends when the signal is given and what it was at is done. */
export async function runAlerts(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<void> {
  const settings = alertsSettings(env);
  const log = logger('alerts', settings.ICECORE_LOG_LEVEL);
  const api = apiClient(await anyConnection(env));
  const captures = captureStore(api, { namespace: settings.ICECORE_NAMESPACE, component: 'icecore-alerts' });
  const metrics = alertMetrics(() => countPhases(captures.known()));
  const files = await roleFiles(settings, metrics, log);
  const take = alertIntake({ ...clusterView(cluster(api), captures), policy: files.policy, now: Date.now });
  const followUps = followUpQueue(captures, followUpActions(api), metrics, log);
  const state: RoleState = { listed: false, warm: false };
  const work = [watchCaptures(captures, followUps, state, metrics, log, signal), files.follow(signal)];
  const health = await serveHealth(settings.ICECORE_HEALTH_LISTEN, { metrics: metrics.registry, notReady: () => notReady(state, signal) });
  await warmUp(files.policy(), () => api.json({ method: 'GET', path: '/version' }));
  // After it, for what was invented is no trace.
  const endTracing = await startTracing('alerts', settings.OTEL_EXPORTER_OTLP_ENDPOINT);
  state.warm = true;
  // Without history nothing can be decided.
  while (!state.listed && !signal.aborted) await sleep(20);
  work.push(...otherSources(settings, api, takeTraced(take, metrics, log), log, signal));
  const server = await serveAlerts(await serverOptions(settings, files, take, metrics, log));
  log.info({ address: server.address(), health: health.address() }, 'listening');
  if (!signal.aborted) await once(signal, 'abort');
  log.info('stopping: no more alerts are taken, those at hand are answered');
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.race([closed, sleep(settings.ICECORE_DRAIN_SECONDS * 1000, undefined, { ref: false })]);
  await Promise.allSettled([...work, followUps.idle()]);
  await endTracing();
  health.close();
}

function notReady({ listed, warm }: RoleState, signal: AbortSignal): readonly string[] {
  return [...(listed ? [] : ['captures are not listed yet']), ...(warm ? [] : ['it is warming up']), ...(signal.aborted ? ['it is stopping'] : [])];
}

function watchCaptures(captures: WatchedCaptures, followUps: FollowUpQueue, state: RoleState, metrics: AlertMetrics, log: Logger, signal: AbortSignal): Promise<void> {
  return captures.watch({ signal }, {
    onChange: (capture) => followUps.consider(capture),
    onListed: () => (state.listed = true),
    onTrouble(error) {
      metrics.watchErrors.inc();
      log.warn({ error }, 'the watch of captures had trouble and goes on');
    },
  });
}

function takeTraced(take: Take, metrics: AlertMetrics, log: Logger): Heed {
  return async (alert, sha256) => {
    const answer = await traced('alert', undefined, { 'icecore.source': alert.source }, async (span) => {
      const traceparent = traceparentOf(span, undefined);
      return take(alert, { ...(sha256 === undefined ? {} : { sha256 }), ...(traceparent === undefined ? {} : { traceparent }) });
    });
    tellAnswer(alert, answer, metrics, log);
  };
}

/** Where alerts come from besides requests, as the settings have it. */
function otherSources(settings: AlertsSettings, api: ApiClient, heed: Heed, log: Logger, signal: AbortSignal): Promise<void>[] {
  const { ICECORE_ANNOTATIONS, ICECORE_SQS_URL: queue } = settings;
  return [
    ...(ICECORE_ANNOTATIONS ? [watchAnnotations(api, captureAnnotation, heed, log, signal)] : []),
    ...(queue === undefined ? [] : [import('./queue.ts').then(({ readQueue }) => readQueue(queue, heed, log, signal))]),
  ];
}

async function serverOptions(settings: AlertsSettings, { authenticate }: RoleFiles, take: Take, metrics: AlertMetrics, log: Logger): Promise<AlertServerOptions> {
  const allow = rateLimit(settings.ICECORE_RATE, settings.ICECORE_BURST, Date.now);
  return { ...settings.ICECORE_LISTEN, tls: await serverTls(settings), authenticate, allow, take, metrics, log };
}

function countPhases(captures: Iterable<Capture>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of captures) counts.set(status.phase, (counts.get(status.phase) ?? 0) + 1);
  return counts;
}
