import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { captureWalk } from '@icecore/capture';
import { publishNodeReport, serverTime } from '@icecore/kubernetes';
import { serveHealth } from '../health.ts';
import { type Logger, logger } from '../logger.ts';
import { type NodeSettings, nodeSettings } from '../settings.ts';
import { startTracing } from '../tracing.ts';
import { type Equipment, equip } from './equipment.ts';
import { adoptFoundArchives } from './found-archives.ts';
import { type NodeMetrics, nodeMetrics } from './metrics.ts';
import { nodeFiles } from './node-files.ts';
import { phaseTeller } from './phases.ts';
import { type Preflight, preflight } from './preflight.ts';
import { scheduler, type Scheduler } from './scheduler.ts';
import { soleHolder } from './sole.ts';
import { vaultFault } from './vault-probe.ts';
import { type WatchState, watchState } from './watch-state.ts';

const lookForArchivesMs = 30_000;

/** The node role: takes the captures of its node to their end. Ends when the signal is given and each stands at a place from which it goes on. */
export async function runNode(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<void> {
  const settings = nodeSettings(env);
  const log = logger('node', settings.ICECORE_LOG_LEVEL);
  // Hashing and shipping can wait for the workloads of the node, attacked or not.
  setPriority(settings.ICECORE_NICE);
  const held = await soleHolder(settings.ICECORE_STATE_FOLDER, () => log.warn('another process of this node is still at work; waiting for its end'), signal);
  const endTracing = await startTracing('node', settings.OTEL_EXPORTER_OTLP_ENDPOINT);
  const equipment = await equip(settings, env);
  const { vault, signer, ports } = equipment;
  const state = watchState(Date.now);
  const flight = preflightOf(settings, equipment, log);
  const metrics = nodeMetrics(() => work.waiting, () => ports.folder.freeBytes(), () => flight.faults?.map(({ check }) => check) ?? []);
  const work = workOf(settings, equipment, metrics, log, flight);
  const watching = watchCaptures(equipment, state, work, metrics, log, signal);
  const health = await serveHealth(settings.ICECORE_HEALTH_LISTEN, {
    metrics: metrics.registry,
    notReady: () => [...(flight.faults?.map(({ check, says }) => `${check}: ${says}`) ?? ['the node is not looked at yet']), ...state.faults(), ...(signal.aborted ? ['it is stopping'] : [])],
  });
  const looking = flight.run(signal);
  log.info({ node: ports.node, vault: vault.location, key: signer.keyId, folder: ports.folder.path, health: health.address() }, 'watching');
  await lookForArchives(settings, equipment, state, log, signal);
  log.info('stopping: no capture is begun, those at hand go on to a place from which they can be taken up');
  await Promise.race([Promise.allSettled([work.stop(), watching, looking]), sleep(settings.ICECORE_DRAIN_SECONDS * 1000, undefined, { ref: false })]);
  await endTracing();
  held?.close();
  health.close();
}

function workOf(settings: NodeSettings, { ports }: Equipment, metrics: NodeMetrics, log: Logger, flight: Preflight): Scheduler {
  const walk = captureWalk(ports, phaseTeller(metrics, log, () => flight.lookSoon()));
  return scheduler(walk, {
    parallel: settings.ICECORE_PARALLEL,
    onAdvance(name, advance) {
      if (advance.kind !== 'wait' || advance.error === undefined) return;
      metrics.errors.inc();
      log.warn({ capture: name, error: advance.error, again: advance.ms }, 'does not answer now; tried again');
    },
  });
}

function watchCaptures({ store, ports }: Equipment, state: WatchState, work: Scheduler, metrics: NodeMetrics, log: Logger, signal: AbortSignal): Promise<void> {
  return store.watch({ signal }, {
    onChange(capture) {
      state.onHeard();
      if (capture.spec.target.node === ports.node) work.consider(capture);
    },
    onListed: () => state.onListed(),
    onTrouble(error) {
      state.onTrouble();
      metrics.errors.inc();
      log.warn({ error }, 'the watch of captures had trouble and goes on');
    },
  });
}

/** What `icecore doctor` and this role's readiness tell of the node. */
function preflightOf(settings: NodeSettings, { connection, api, seen, store, vault, reachVault, criu, ports }: Equipment, log: Logger): Preflight {
  const { node, kubelet, folder, now } = ports;
  return preflight({
    node, kubelet, folder, now,
    files: nodeFiles(settings.ICECORE_HOST_ROOT),
    criu: () => criu.known(store.known()),
    vaultFault: () => vaultFault({ vault, reach: reachVault }, `clusters/${settings.ICECORE_ACCOUNT}/${settings.ICECORE_CLUSTER}/preflight/`),
    serverTime: () => serverTime(connection).catch(() => undefined),
    publish: (report) => publishNodeReport(api, settings.ICECORE_NAMESPACE, report),
    rawNode: () => seen.rawNode(node),
    freeBytes: settings.ICECORE_FREE_BYTES,
    everyMs: settings.ICECORE_REPORT_SECONDS * 1000,
    onFaults: (faults) => (faults.length === 0 ? log.info('this node is ready for captures') : log.error({ faults }, 'a capture of this node would fail')),
    onTrouble: (error) => log.warn({ error }, 'the report of this node could not be made; tried again'),
  });
}

/** Looks for archives of others, again and again, until the signal. */
async function lookForArchives(settings: NodeSettings, { store, ports: { node, folder } }: Equipment, state: WatchState, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (settings.ICECORE_FOUND_ARCHIVES !== 'off' && state.listed) {
      await adoptFoundArchives({ node, folder, store, lockSeconds: settings.ICECORE_FOUND_LOCK_DAYS * 86_400, keepNodeCopy: settings.ICECORE_FOUND_ARCHIVES === 'seal' }).then(
        (names) => names.length > 0 && log.info({ captures: names }, 'archives of others were found'),
        (error: unknown) => log.warn({ error }, 'could not look for archives of others'),
      );
    }
    await sleep(state.listed ? lookForArchivesMs : 1000, undefined, { signal }).catch(() => undefined);
  }
}
