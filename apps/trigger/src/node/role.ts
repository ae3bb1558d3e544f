import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BesideEvidence, type Capture, captureWalk, defaultNodeLimits, isFinal, nodeLabel, nodeLabelValue, type NodePorts, type Phase, traceAnnotation } from '@icecore/capture';
import type { EvidenceVault, PutJournal, Signer } from '@icecore/evidence';
import { type ApiClient, anyConnection, apiClient, captureStore, cluster, directKubelet, proxiedKubelet } from '@icecore/kubernetes';
import { putJournalFolder, signingKeyFile, vaultFolder } from '@icecore/local';
import { serveHealth } from '../health.ts';
import { logger } from '../logger.ts';
import { type NodeSettings, nodeSettings } from '../settings.ts';
import { startTracing, tracedSince } from '../tracing.ts';
import { archiveFolder } from './archive-folder.ts';
import { besideFolder } from './beside/beside.ts';
import { memoryOf } from './beside/process-list.ts';
import { adoptFoundArchives } from './found-archives.ts';
import { type NodeMetrics, nodeMetrics } from './metrics.ts';
import { scheduler } from './scheduler.ts';
import { soleHolder } from './sole.ts';
import { nodeVault } from './vault.ts';

const lookForArchivesMs = 30_000;
const readyWithinMs = 60_000;

/** The node role: takes the captures of its node to their end. Ends when the signal is given and each stands at a place from which it goes on. */
export async function runNode(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<void> {
  const settings = nodeSettings(env);
  const log = logger('node', settings.ICECORE_LOG_LEVEL);
  const node = settings.ICECORE_NODE;
  // Hashing and shipping can wait for the workloads of the node, attacked or not.
  setPriority(settings.ICECORE_NICE);
  const held = await soleHolder(settings.ICECORE_STATE_FOLDER, () => log.warn('another process of this node is still at work; waiting for its end'), signal);
  const endTracing = await startTracing('node', settings.OTEL_EXPORTER_OTLP_ENDPOINT);
  const api = apiClient(await anyConnection(env));
  const store = captureStore(api, { namespace: settings.ICECORE_NAMESPACE, labelSelector: `${nodeLabel}=${nodeLabelValue(node)}`, component: 'icecore-node' });
  const { vault, signer, journal } = await openVault(settings, env);
  const seen = cluster(api);
  const folder = archiveFolder(settings.ICECORE_CHECKPOINT_FOLDER, settings.ICECORE_HOST_ROOT);
  const beside = besideFolder(settings.ICECORE_STATE_FOLDER, seen, settings.ICECORE_HOST_ROOT);
  const ports: NodePorts = {
    node, store, folder,
    beside: journal === undefined ? beside : forgetting(beside, journal),
    pods: { pod: (namespace, name) => seen.pod(namespace, name) },
    kubelet: kubeletOf(settings, api),
    vault: nodeVault({ vault, signer, beside, readable: journal === undefined, checkpointFolder: settings.ICECORE_CHECKPOINT_FOLDER, account: settings.ICECORE_ACCOUNT, cluster: settings.ICECORE_CLUSTER, node }),
    now: Date.now,
    limits: { ...defaultNodeLimits, checkpointSeconds: settings.ICECORE_CHECKPOINT_SECONDS, graceSeconds: settings.ICECORE_GRACE_SECONDS, maxAttempts: settings.ICECORE_MAX_ATTEMPTS },
    containerMemory: async ({ spec }) => (settings.ICECORE_HOST_ROOT === undefined || spec.target.containerId === undefined ? undefined : memoryOf(settings.ICECORE_HOST_ROOT, spec.target.containerId)),
  };
  const metrics = nodeMetrics(() => work.waiting, () => folder.freeBytes());
  const phaseBegun = new Map<string, number>();
  const walk = captureWalk(ports, (capture, before) => told(capture, before, phaseBegun, metrics, (fields, text) => log.info(fields, text)));
  const work = scheduler(walk, {
    parallel: settings.ICECORE_PARALLEL,
    onAdvance(name, advance) {
      if (advance.kind !== 'wait' || advance.error === undefined) return;
      metrics.errors.inc();
      log.warn({ capture: name, error: advance.error, again: advance.ms }, 'does not answer now; tried again');
    },
  });
  let lastListed: number | undefined;
  let troubledSince: number | undefined;
  const watching = store.watch({ signal }, {
    onChange(capture) {
      troubledSince = undefined;
      if (capture.spec.target.node === node) work.consider(capture);
    },
    onListed: () => {
      lastListed = Date.now();
      troubledSince = undefined;
    },
    onTrouble(error) {
      troubledSince ??= Date.now();
      metrics.errors.inc();
      log.warn({ error }, 'the watch of captures had trouble and goes on');
    },
  });
  const health = await serveHealth(settings.ICECORE_HEALTH_LISTEN, {
    metrics: metrics.registry,
    notReady: () => [...(lastListed === undefined ? ['captures are not listed yet'] : []), ...(troubledSince !== undefined && Date.now() - troubledSince > readyWithinMs ? ['the Kubernetes API does not answer'] : []), ...(signal.aborted ? ['it is stopping'] : [])],
  });
  log.info({ node, vault: vault.location, key: signer.keyId, folder: folder.path, health: health.address() }, 'watching');
  while (!signal.aborted) {
    if (settings.ICECORE_FOUND_ARCHIVES !== 'off' && lastListed !== undefined) {
      await adoptFoundArchives({ node, folder, store, lockSeconds: settings.ICECORE_FOUND_LOCK_DAYS * 86_400, keepNodeCopy: settings.ICECORE_FOUND_ARCHIVES === 'seal' }).then(
        (names) => names.length > 0 && log.info({ captures: names }, 'archives of others were found'),
        (error: unknown) => log.warn({ error }, 'could not look for archives of others'),
      );
    }
    await sleep(lastListed === undefined ? 1000 : lookForArchivesMs, undefined, { signal }).catch(() => undefined);
  }
  log.info('stopping: no capture is begun, those at hand go on to a place from which they can be taken up');
  await Promise.race([Promise.allSettled([work.stop(), watching]), sleep(settings.ICECORE_DRAIN_SECONDS * 1000, undefined, { ref: false })]);
  await endTracing();
  held?.close();
  health.close();
}

function told(capture: Capture, before: Phase, begun: Map<string, number>, metrics: NodeMetrics, say: (fields: object, text: string) => void): void {
  const { name, annotations = {} } = capture.metadata;
  const { phase, reason, message, archive } = capture.status;
  const now = Date.now();
  const since = begun.get(name) ?? now;
  begun.set(name, now);
  metrics.phaseSeconds.observe({ phase: before }, (now - since) / 1000);
  tracedSince(before, annotations[traceAnnotation], { 'icecore.capture': name, 'icecore.next': phase }, since);
  say({ capture: name, phase, before, reason, message }, 'phase');
  if (!isFinal(phase)) return;
  begun.delete(name);
  metrics.finished.inc({ phase, reason: reason ?? phase });
  if (phase === 'sealed') metrics.archiveBytes.inc(archive?.bytes ?? 0);
}

function kubeletOf(settings: NodeSettings, api: ApiClient) {
  const { ICECORE_KUBELET_VIA, ICECORE_KUBELET_URL, ICECORE_KUBELET_CA, ICECORE_KUBELET_TOKEN, ICECORE_KUBELET_SERVER_NAME } = settings;
  if (ICECORE_KUBELET_VIA === 'proxy' || ICECORE_KUBELET_URL === undefined) return proxiedKubelet(api, settings.ICECORE_NODE);
  return directKubelet({ url: ICECORE_KUBELET_URL, caFile: ICECORE_KUBELET_CA, tokenFile: ICECORE_KUBELET_TOKEN, ...(ICECORE_KUBELET_SERVER_NAME === undefined ? {} : { serverName: ICECORE_KUBELET_SERVER_NAME }) });
}

/** What is kept on the node of a capture goes when it is over: also what was put into the vault, once that is sealed. */
function forgetting(beside: BesideEvidence, journal: PutJournal): BesideEvidence {
  return {
    ...beside,
    async discard(capture) {
      await beside.discard(capture);
      const { phase, vault } = capture.status;
      if (phase === 'sealed' && vault !== undefined) await journal.forget(vault.key);
    },
  };
}

interface OpenVault {
  readonly vault: EvidenceVault;
  readonly signer: Signer;
  /** What this role remembers of its puts, where it may not read the vault. */
  readonly journal: PutJournal | undefined;
}

/** The vault and who signs; the cloud's parts are loaded only where they are used. */
async function openVault(settings: NodeSettings, env: Readonly<Record<string, string | undefined>>): Promise<OpenVault> {
  const { ICECORE_VAULT: place, ICECORE_VAULT_ACCESS: access, ICECORE_STATE_FOLDER, ICECORE_SIGNING_KEY, ICECORE_KMS_SIGNING_KEY } = settings;
  const inCloud = place.startsWith('s3://');
  const journal = inCloud && access === 'put' ? putJournalFolder(join(ICECORE_STATE_FOLDER, 'puts')) : undefined;
  const cloud = inCloud || ICECORE_SIGNING_KEY === undefined ? await import('@icecore/aws') : undefined;
  const vault = cloud === undefined || !inCloud ? vaultFolder(place) : journal === undefined ? cloud.s3VaultFromUrl(place, env) : cloud.s3PutOnlyVaultFromUrl(place, env, journal);
  const signer = cloud === undefined || ICECORE_SIGNING_KEY !== undefined ? await signingKeyFile(ICECORE_SIGNING_KEY ?? '') : await cloud.kmsSignerFor(ICECORE_KMS_SIGNING_KEY ?? '');
  return { vault, signer, journal };
}
