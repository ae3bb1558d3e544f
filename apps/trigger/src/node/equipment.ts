import { join } from 'node:path';
import { defaultNodeLimits, type Kubelet, nodeLabel, nodeLabelValue, type NodePorts } from '@icecore/capture';
import type { EvidenceVault, PutJournal, Signer } from '@icecore/evidence';
import { anyConnection, type ApiClient, apiClient, captureStore, type Cluster, cluster, type Connection, directKubelet, proxiedKubelet, type WatchedCaptures } from '@icecore/kubernetes';
import { putJournalFolder, signingKeyFile, vaultFolder } from '@icecore/local';
import type { NodeSettings } from '../settings.ts';
import { archiveFolder } from './archive-folder.ts';
import { type BesideFolder, besideFolder } from './beside/beside.ts';
import { memoryOf } from './beside/process-list.ts';
import { knownCriu, type KnownCriu } from './criu.ts';
import { nodeVault } from './vault.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** All that the node's role works with, as its settings say. */
export interface Equipment {
  readonly connection: Connection;
  readonly api: ApiClient;
  readonly seen: Cluster;
  readonly store: WatchedCaptures;
  readonly vault: EvidenceVault;
  /** Asks whether the vault can be put into, where this role may do nothing else with it. */
  readonly reachVault: ((key: string) => Promise<void>) | undefined;
  readonly signer: Signer;
  readonly criu: KnownCriu;
  readonly ports: NodePorts;
}

export async function equip(settings: NodeSettings, env: Environment): Promise<Equipment> {
  const { ICECORE_NODE: node, ICECORE_HOST_ROOT: hostRoot, ICECORE_CHECKPOINT_FOLDER: checkpointFolder } = settings;
  const connection = await anyConnection(env);
  const api = apiClient(connection);
  const store = captureStore(api, { namespace: settings.ICECORE_NAMESPACE, labelSelector: `${nodeLabel}=${nodeLabelValue(node)}`, component: 'icecore-node' });
  const { vault, signer, puts } = await openVault(settings, env);
  const seen = cluster(api);
  const beside = forgetting(besideFolder(settings.ICECORE_STATE_FOLDER, seen, hostRoot), puts?.journal);
  const criu = knownCriu();
  const ports: NodePorts = {
    node, store, beside,
    folder: archiveFolder(checkpointFolder, hostRoot),
    pods: { pod: (namespace, name) => seen.pod(namespace, name) },
    kubelet: kubeletOf(settings, api),
    vault: nodeVault({ vault, signer, beside, readable: puts === undefined, checkpointFolder, account: settings.ICECORE_ACCOUNT, cluster: settings.ICECORE_CLUSTER, node, onOpened: (archive) => criu.learn(archive) }),
    now: Date.now,
    limits: { ...defaultNodeLimits, checkpointSeconds: settings.ICECORE_CHECKPOINT_SECONDS, graceSeconds: settings.ICECORE_GRACE_SECONDS, maxAttempts: settings.ICECORE_MAX_ATTEMPTS },
    containerMemory: async ({ spec }) => (hostRoot === undefined || spec.target.containerId === undefined ? undefined : memoryOf(hostRoot, spec.target.containerId)),
  };
  return { connection, api, seen, store, vault, reachVault: puts?.reach, signer, criu, ports };
}

function kubeletOf(settings: NodeSettings, api: ApiClient): Kubelet {
  const { ICECORE_KUBELET_VIA, ICECORE_KUBELET_URL, ICECORE_KUBELET_CA, ICECORE_KUBELET_TOKEN, ICECORE_KUBELET_SERVER_NAME } = settings;
  if (ICECORE_KUBELET_VIA === 'proxy' || ICECORE_KUBELET_URL === undefined) return proxiedKubelet(api, settings.ICECORE_NODE);
  return directKubelet({ url: ICECORE_KUBELET_URL, caFile: ICECORE_KUBELET_CA, tokenFile: ICECORE_KUBELET_TOKEN, ...(ICECORE_KUBELET_SERVER_NAME === undefined ? {} : { serverName: ICECORE_KUBELET_SERVER_NAME }) });
}

/** What is kept on the node of a capture goes when it is over: also what is remembered of its puts, once it is sealed. */
function forgetting(beside: BesideFolder, journal: PutJournal | undefined): BesideFolder {
  return {
    ...beside,
    async discard(capture) {
      await beside.discard(capture);
      const { phase, vault } = capture.status;
      if (phase === 'sealed' && vault !== undefined) await journal?.forget(vault.key);
    },
  };
}

interface OpenVault {
  readonly vault: EvidenceVault;
  readonly signer: Signer;
  /** Where this role may put into the vault and not read it. */
  readonly puts: { readonly journal: PutJournal; readonly reach: (key: string) => Promise<void> } | undefined;
}

/** The vault and who signs; the cloud's parts are loaded only where they are used. */
async function openVault(settings: NodeSettings, env: Environment): Promise<OpenVault> {
  const { ICECORE_VAULT: place, ICECORE_SIGNING_KEY, ICECORE_KMS_SIGNING_KEY } = settings;
  const opened = place.startsWith('s3://') ? await openCloudVault(place, settings, env) : { vault: vaultFolder(place), puts: undefined };
  if (ICECORE_SIGNING_KEY !== undefined) return { ...opened, signer: await signingKeyFile(ICECORE_SIGNING_KEY) };
  const { kmsSignerFor } = await import('@icecore/aws');
  return { ...opened, signer: await kmsSignerFor(ICECORE_KMS_SIGNING_KEY ?? '') };
}

async function openCloudVault(place: string, { ICECORE_VAULT_ACCESS, ICECORE_STATE_FOLDER }: NodeSettings, env: Environment): Promise<Omit<OpenVault, 'signer'>> {
  const { s3PutOnlyVaultFromUrl, s3VaultFromUrl } = await import('@icecore/aws');
  if (ICECORE_VAULT_ACCESS === 'read') return { vault: s3VaultFromUrl(place, env), puts: undefined };
  const journal = putJournalFolder(join(ICECORE_STATE_FOLDER, 'puts'));
  const vault = s3PutOnlyVaultFromUrl(place, env, journal);
  return { vault, puts: { journal, reach: (key) => vault.reach(key) } };
}
