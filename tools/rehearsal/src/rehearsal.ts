import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Capture, captureApi, captureResourceDefinition, doctorPermissions, parseCapture, parsePod, policyMap, requiredPermissions } from '@icecore/capture';
import { type EvidenceVault, type Signer } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from '@icecore/local';
import { type ApiServer, startApiServer } from './api/api-server.ts';
import type { Resource } from './api/object.ts';
import { certificateAuthority } from './certificates.ts';
import type { Checkpointer } from './kubelet/checkpointer.ts';
import { type KnownContainer, type KubeletStandIn, startKubelet } from './kubelet/kubelet.ts';
import { podManifest, type PodSpec } from './pods.ts';
import { type RoleProcess, startRole } from './role-process.ts';

export interface RehearsalOptions {
  readonly policy: string;
  readonly checkpointer: Checkpointer;
  readonly engine?: 'containerd' | 'cri-o';
  readonly node?: string;
  /** The kubelet's clock, in milliseconds. */
  readonly clock?: () => number;
  readonly log?: (namespace: string, pod: string, container: string) => string | undefined;
  /** The kubelet is called by way of the API server. */
  readonly proxy?: boolean;
  readonly bookmarkMs?: number;
  /** Where all of it lies, kept when it is stopped; a temporary folder where it is not given. */
  readonly folder?: string;
  /** Name of the cluster, in the vault's keys. */
  readonly cluster?: string;
  /** Where evidence goes; a folder of the rehearsal where it is not given. */
  readonly vault?: RehearsalVault;
}

/** A vault, as this process opens it and as the node's role is told of it. */
export interface RehearsalVault {
  /** `s3://BUCKET/FOLDER`, or a folder. */
  readonly place: string;
  readonly opened: EvidenceVault;
  /** Variables by which the role reaches it. */
  readonly env: Readonly<Record<string, string>>;
}

/** A cluster of one node, played by stand-ins, with the trigger's two roles to be started in it. Everything of it is in one folder. */
export interface Rehearsal {
  readonly folder: string;
  readonly api: ApiServer;
  readonly kubelet: KubeletStandIn;
  readonly node: string;
  readonly vault: EvidenceVault;
  /** Folder or URL of the vault. */
  readonly vaultPlace: string;
  readonly signingKey: string;
  readonly signer: Promise<Signer>;
  readonly checkpointFolder: string;
  readonly token: string;
  /** Kubeconfigs: of a person who may ask for captures, of one who may ask how nodes are, and of one who may do nothing. */
  readonly kubeconfigs: Readonly<Record<'operator' | 'doctor' | 'nobody', string>>;
  readonly policyFile: string;
  addPod(spec: PodSpec): void;
  removePod(namespace: string, name: string): void;
  /** `through` is a command that becomes the role. */
  start(role: 'alerts' | 'node', env?: Readonly<Record<string, string>>, through?: readonly string[]): RoleProcess;
  captures(): Capture[];
  /** How often a verb was asked for a resource, by whomever: `create captures`. */
  counted(what: string): number;
  /** Archives that lie in the checkpoint folder. */
  archives(): string[];
  /** Waits until it holds of all captures. Rejects after the time with what they are. */
  until(holds: (captures: readonly Capture[]) => boolean, timeoutMs?: number): Promise<Capture[]>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

const namespace = 'icecore';
const tokens = { alerts: 'token-of-the-alerts-role', node: 'token-of-the-node-role', operator: 'token-of-an-operator', doctor: 'token-of-a-doctor', nobody: 'token-of-somebody-else' };

export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'icecore-rehearsal-'));
  const node = options.node ?? 'lab-node';
  const checkpointFolder = join(folder, 'checkpoints');
  const apiAuthority = certificateAuthority('rehearsal API');
  const kubeletAuthority = certificateAuthority('rehearsal kubelet');
  const ref: { kubelet?: KubeletStandIn } = {};
  const optional = { alerts: ['followUps'], node: options.proxy === true ? ['proxy'] : [] };
  const api = await startApiServer({
    namespace,
    certificate: apiAuthority.server('kubernetes'),
    ...(options.bookmarkMs === undefined ? {} : { bookmarkMs: options.bookmarkMs }),
    users: {
      [tokens.alerts]: { name: 'system:serviceaccount:icecore:icecore-alerts', permissions: requiredPermissions.alerts, optional: optional.alerts },
      [tokens.node]: { name: 'system:serviceaccount:icecore:icecore-node', permissions: requiredPermissions.node, optional: optional.node },
      [tokens.operator]: { name: 'operator', permissions: requiredPermissions.operator },
      [tokens.doctor]: { name: 'doctor', permissions: doctorPermissions },
      [tokens.nobody]: { name: 'system:serviceaccount:lab:ck-none', permissions: { own: [], cluster: [], optional: {} } },
    },
    ...(options.log === undefined ? {} : { log: options.log }),
    nodeProxy: (_node, method, path) => (ref.kubelet === undefined ? Promise.reject(new Error('no kubelet')) : ref.kubelet.proxied(method, path)),
  });
  const resource = (group: string, plural: string): Resource => {
    const found = api.store.resource(group, 'v1', plural);
    if (found === undefined) throw new Error(`there is no resource ${plural}`);
    return found;
  };
  const [pods, nodes, namespaces] = [resource('', 'pods'), resource('', 'nodes'), resource('', 'namespaces')];
  api.store.create(resource('apiextensions.k8s.io', 'customresourcedefinitions'), undefined, captureResourceDefinition());
  api.store.create(resource('', 'configmaps'), namespace, { metadata: { name: policyMap.name, namespace }, data: { [policyMap.key]: options.policy } });
  const captureResource = resource(captureApi.group, captureApi.plural);
  api.store.create(namespaces, undefined, { metadata: { name: namespace } });
  api.store.create(nodes, undefined, { metadata: { name: node }, spec: {}, status: { nodeInfo: { kubeletVersion: 'v1.36.2', containerRuntimeVersion: options.engine === 'cri-o' ? 'cri-o://1.37.0' : 'containerd://2.1.9' } } });

  const kubelet = await startKubelet({
    certificate: kubeletAuthority.server(node),
    folder: checkpointFolder,
    toldFolder: '/var/lib/kubelet/checkpoints',
    checkpointer: options.checkpointer,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    containers(ofNamespace, name) {
      const found = api.store.get(pods, ofNamespace, name);
      if (found === undefined) return undefined;
      const pod = parsePod(found);
      return new Map(pod.status.containerStatuses.map(({ name: container, containerID, state }): [string, KnownContainer] => [container, { running: state?.running !== undefined, id: containerID?.replace(/^\w+:\/\//, '') ?? '' }]));
    },
    authorize(token) {
      const user = api.user(token);
      if (user === undefined) return undefined;
      const allowed = user.permissions === undefined || user.permissions.cluster.some(({ resources, verbs }) => resources.includes('nodes/checkpoint') && verbs.includes('create'));
      return { user: user.name, allowed };
    },
  });
  ref.kubelet = kubelet;

  const file = (path: string, text: string): string => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o600 });
    return join(folder, path);
  };
  const policyFile = file('policy/policy.yaml', options.policy);
  const token = 'bearer-token-of-falcosidekick';
  const tokensFile = file('tokens', `${token}\n`);
  const kubeletCa = file('kubelet-ca.pem', kubeletAuthority.ca);
  const server = new URL(api.url);
  for (const role of ['alerts', 'node'] as const) {
    file(`accounts/${role}/token`, tokens[role]);
    file(`accounts/${role}/ca.crt`, apiAuthority.ca);
    file(`accounts/${role}/namespace`, namespace);
  }
  const cluster = { name: 'rehearsal', cluster: { server: api.url, 'certificate-authority-data': Buffer.from(apiAuthority.ca).toString('base64') } };
  const kubeconfig = (user: 'operator' | 'doctor' | 'nobody'): string =>
    file(`kubeconfig-${user}`, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'rehearsal', clusters: [cluster], users: [{ name: user, user: { token: tokens[user] } }], contexts: [{ name: 'rehearsal', context: { cluster: 'rehearsal', user } }] }));
  const kubeconfigs = { operator: kubeconfig('operator'), doctor: kubeconfig('doctor'), nobody: kubeconfig('nobody') };
  const vaultAt = options.vault?.place ?? join(folder, 'vault');
  const signingKey = join(folder, 'keys/signing.pem');
  const environments: Readonly<Record<'alerts' | 'node', Readonly<Record<string, string>>>> = {
    alerts: { ICECORE_LISTEN: '127.0.0.1:0', ICECORE_POLICY: policyFile, ICECORE_TOKENS: tokensFile, ICECORE_RATE: '100000', ICECORE_BURST: '100000' },
    node: {
      ICECORE_NODE: node,
      ICECORE_CHECKPOINT_FOLDER: checkpointFolder,
      ICECORE_STATE_FOLDER: join(folder, 'state'),
      ICECORE_VAULT: vaultAt,
      ICECORE_SIGNING_KEY: signingKey,
      ICECORE_KUBELET_URL: kubelet.url,
      ICECORE_KUBELET_CA: kubeletCa,
      ICECORE_KUBELET_TOKEN: join(folder, 'accounts/node/token'),
      ICECORE_CHECKPOINT_SECONDS: '5',
      ICECORE_GRACE_SECONDS: '1',
      ...(options.proxy === true ? { ICECORE_KUBELET_VIA: 'proxy' } : {}),
      ...options.vault?.env,
    },
  };
  const started: RoleProcess[] = [];
  let signer: Promise<Signer> | undefined;
  const captures = (): Capture[] => api.store.list(captureResource, namespace).map(parseCapture);
  return {
    folder, api, kubelet, node, checkpointFolder, token, kubeconfigs, policyFile, signingKey,
    vault: options.vault?.opened ?? vaultFolder(vaultAt),
    vaultPlace: vaultAt,
    get signer() {
      return (signer ??= signingKeyFile(signingKey));
    },
    addPod: (spec) => {
      if (api.store.get(namespaces, undefined, spec.namespace) === undefined) api.store.create(namespaces, undefined, { metadata: { name: spec.namespace } });
      api.store.create(pods, spec.namespace, podManifest(spec, node));
    },
    removePod: (ofNamespace, name) => void api.store.delete(pods, ofNamespace, name),
    start(role, env = {}, through = []) {
      const own = { KUBERNETES_SERVICE_HOST: server.hostname, KUBERNETES_SERVICE_PORT: server.port, ICECORE_SERVICE_ACCOUNT: join(folder, 'accounts', role), ICECORE_NAMESPACE: namespace, ICECORE_CLUSTER: options.cluster ?? 'rehearsal', ICECORE_HEALTH_LISTEN: '127.0.0.1:0' };
      const process = startRole(role, { ...own, ...environments[role], ...env }, through);
      started.push(process);
      return process;
    },
    captures,
    counted: (what) => [...api.counts].filter(([key]) => key.endsWith(` ${what}`)).reduce((sum, [, count]) => sum + count, 0),
    archives() {
      try {
        return readdirSync(checkpointFolder);
      } catch {
        return [];
      }
    },
    async until(holds, timeoutMs = 30_000) {
      for (const end = Date.now() + timeoutMs; ; ) {
        const now = captures();
        if (holds(now)) return now;
        if (Date.now() > end) throw new Error(`not so within ${timeoutMs} ms: ${JSON.stringify(now.map(({ metadata, status }) => [metadata.name, status.phase, status.reason, status.message]), undefined, 1)}`);
        await sleep(20);
      }
    },
    async stop() {
      await Promise.all(started.map((each) => each.kill()));
      await Promise.all([api.stop(), kubelet.stop()]);
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
