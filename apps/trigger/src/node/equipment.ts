import { defaultNodeLimits, type Kubelet, nodeLabel, nodeLabelValue, type NodePorts } from '@icecore/capture';
import type { EvidenceVault, Signer } from '@icecore/evidence';
import { anyConnection, type ApiClient, apiClient, captureStore, type Cluster, cluster, type Connection, directKubelet, proxiedKubelet, type WatchedCaptures } from '@icecore/kubernetes';
import { signingKeyFile, vaultFolder } from '@icecore/local';
import type { NodeSettings } from '../settings.ts';
import { archiveFolder } from './archive-folder.ts';
import { besideFolder } from './beside/beside.ts';
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
  readonly signer: Signer;
  readonly criu: KnownCriu;
  readonly ports: NodePorts;
}

export async function equip(settings: NodeSettings, env: Environment): Promise<Equipment> {
  const { ICECORE_NODE: node, ICECORE_HOST_ROOT: hostRoot, ICECORE_CHECKPOINT_FOLDER: checkpointFolder } = settings;
  const connection = await anyConnection(env);
  const api = apiClient(connection);
  const store = captureStore(api, { namespace: settings.ICECORE_NAMESPACE, labelSelector: `${nodeLabel}=${nodeLabelValue(node)}`, component: 'icecore-node' });
  const { vault, signer } = await openVault(settings, env);
  const seen = cluster(api);
  const beside = besideFolder(settings.ICECORE_STATE_FOLDER, seen, hostRoot);
  const criu = knownCriu();
  const ports: NodePorts = {
    node, store, beside,
    folder: archiveFolder(checkpointFolder, hostRoot),
    pods: { pod: (namespace, name) => seen.pod(namespace, name) },
    kubelet: kubeletOf(settings, api),
    vault: nodeVault({ vault, signer, beside, checkpointFolder, account: settings.ICECORE_ACCOUNT, cluster: settings.ICECORE_CLUSTER, node, onOpened: (archive) => criu.learn(archive) }),
    now: Date.now,
    limits: { ...defaultNodeLimits, checkpointSeconds: settings.ICECORE_CHECKPOINT_SECONDS, graceSeconds: settings.ICECORE_GRACE_SECONDS, maxAttempts: settings.ICECORE_MAX_ATTEMPTS },
    containerMemory: async ({ spec }) => (hostRoot === undefined || spec.target.containerId === undefined ? undefined : memoryOf(hostRoot, spec.target.containerId)),
  };
  return { connection, api, seen, store, vault, signer, criu, ports };
}

function kubeletOf(settings: NodeSettings, api: ApiClient): Kubelet {
  const { ICECORE_KUBELET_VIA, ICECORE_KUBELET_URL, ICECORE_KUBELET_CA, ICECORE_KUBELET_TOKEN, ICECORE_KUBELET_SERVER_NAME } = settings;
  if (ICECORE_KUBELET_VIA === 'proxy' || ICECORE_KUBELET_URL === undefined) return proxiedKubelet(api, settings.ICECORE_NODE);
  return directKubelet({ url: ICECORE_KUBELET_URL, caFile: ICECORE_KUBELET_CA, tokenFile: ICECORE_KUBELET_TOKEN, ...(ICECORE_KUBELET_SERVER_NAME === undefined ? {} : { serverName: ICECORE_KUBELET_SERVER_NAME }) });
}

/** The vault and who signs; the cloud's parts are loaded only where they are used. */
async function openVault(settings: NodeSettings, env: Environment): Promise<{ readonly vault: EvidenceVault; readonly signer: Signer }> {
  const { ICECORE_VAULT, ICECORE_SIGNING_KEY, ICECORE_KMS_SIGNING_KEY } = settings;
  const vault = ICECORE_VAULT.startsWith('s3://') ? (await import('@icecore/aws')).s3VaultFromUrl(ICECORE_VAULT, env) : vaultFolder(ICECORE_VAULT);
  if (ICECORE_SIGNING_KEY !== undefined) return { vault, signer: await signingKeyFile(ICECORE_SIGNING_KEY) };
  const { kmsSignerFor } = await import('@icecore/aws');
  return { vault, signer: await kmsSignerFor(ICECORE_KMS_SIGNING_KEY ?? '') };
}
