import {
  type AccessAnswer, type AccessQuestion, accessQuestions, accessReview, accessText, checkpointGate, clockOffset, type ClusterView, nodeReportLabel, type NodeObject, type NodeReport, type NodeView, noSight, parseNode, parseNodeReport, requiredPermissions, type Sight, sight,
} from '@icecore/capture';
import { type ApiClient, apiClient, type Connection, isKubernetesError, serverTime } from '@icecore/kubernetes';
import { z } from 'zod';

/** What the API server tells of a cluster to whoever asks. */
export interface ClusterSight {
  readonly cluster: ClusterView;
  readonly nodes: readonly NodeView[];
}

export interface SightOptions {
  /** icecore's namespace. */
  readonly namespace: string;
  /** Nodes that are asked about; all of them where it is empty. */
  readonly nodes: readonly string[];
  /** Least space that a capture must leave on a node, in bytes. */
  readonly freeBytes: number;
  /** The node role goes through the API server's proxy. */
  readonly viaProxy: boolean;
}

/** Asks the API server. Rejects with a `KubernetesError` where it does not answer or does not list nodes. */
export async function clusterSight(connection: Connection, options: SightOptions): Promise<ClusterSight> {
  const api = apiClient(connection);
  const { namespace, freeBytes } = options;
  const all = (await list(api, '/api/v1/nodes')).flatMap((each) => parseNode(each) ?? []);
  const chosen = all.filter(({ metadata }) => options.nodes.length === 0 || options.nodes.includes(metadata.name));
  const { alerts, node } = requiredPermissions;
  const direct = (resource: string): boolean => resource === 'nodes/checkpoint';
  const cluster = options.viaProxy ? [...node.cluster.filter(({ resources }) => !resources.some(direct)), ...(node.optional['proxy'] ?? [])] : node.cluster;
  const access = await reviewed(api, accessQuestions({ own: node.own, cluster }, namespace), { namespace, name: 'icecore-node' });
  const reports = await reportsOf(api, namespace);
  const now = Date.now();
  const nodes = await Promise.all(
    chosen.map(async (each): Promise<NodeView> => {
      const report = reports.get(each.metadata.name);
      return { node: each, report, gate: report === undefined ? await gateOf(api, each) : noSight('the node role tells it'), access, freeBytes, now };
    }),
  );
  return {
    nodes,
    cluster: {
      resourceInstalled: await seen(() => isServed(api)),
      access: await reviewed(api, accessQuestions(alerts, namespace), { namespace, name: 'icecore-alerts' }),
      alerts: await seen(() => readyPods(api, namespace, 'icecore-alerts')),
      clockOffsetMs: await seen(() => ownOffset(connection)),
    },
  };
}

const page = z.object({ metadata: z.object({ continue: z.string().optional() }).optional(), items: z.array(z.unknown()) });

async function list(api: ApiClient, path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let position = ''; ; ) {
    const answer = page.parse(await api.json({ method: 'GET', path, query: { ...query, limit: '250', ...(position === '' ? {} : { continue: position }) } }));
    items.push(...answer.items);
    position = answer.metadata?.continue ?? '';
    if (position === '') return items;
  }
}

/** What could not be asked is not seen, and why is told. */
async function seen<T>(ask: () => Promise<T>): Promise<Sight<T>> {
  try {
    return sight(await ask());
  } catch (error) {
    return noSight(error instanceof Error ? error.message.slice(0, 300) : String(error));
  }
}

async function reportsOf(api: ApiClient, namespace: string): Promise<ReadonlyMap<string, NodeReport>> {
  const found = await seen(() => list(api, `/api/v1/namespaces/${namespace}/configmaps`, { labelSelector: `${nodeReportLabel.name}=${nodeReportLabel.value}` }));
  return new Map((found.seen ? found.value : []).flatMap((each) => parseNodeReport(each) ?? []).map((report) => [report.node, report]));
}

const reviewAnswer = z.object({ status: z.object({ allowed: z.boolean() }) });

async function reviewed(api: ApiClient, questions: readonly AccessQuestion[], account: { readonly namespace: string; readonly name: string }): Promise<Sight<readonly AccessAnswer[]>> {
  return seen(() =>
    Promise.all(
      questions.map(async (question): Promise<AccessAnswer> => {
        const answer = await api.json({ method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body: accessReview(question, account) });
        return { what: accessText(question), allowed: reviewAnswer.parse(answer).status.allowed };
      }),
    ),
  );
}

const configuration = z.object({ kubeletconfig: z.object({ featureGates: z.record(z.string(), z.boolean()).optional() }) });

/** The kubelet's configuration, through the API server; needs `get nodes/proxy`. */
async function gateOf(api: ApiClient, { metadata }: NodeObject): Promise<Sight<boolean | undefined>> {
  return seen(async () => {
    const answer = configuration.parse(await api.json({ method: 'GET', path: `/api/v1/nodes/${encodeURIComponent(metadata.name)}/proxy/configz`, timeoutMs: 5000 }));
    return checkpointGate(JSON.stringify(answer.kubeletconfig.featureGates ?? {}));
  });
}

async function isServed(api: ApiClient): Promise<boolean> {
  try {
    await api.json({ method: 'GET', path: '/apis/icecore.dev/v1' });
    return true;
  } catch (error) {
    if (isKubernetesError(error) && error.status === 404) return false;
    throw error;
  }
}

const pod = z.object({ status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }).default({ conditions: [] }) });

async function readyPods(api: ApiClient, namespace: string, name: string): Promise<{ ready: number; all: number }> {
  const pods = (await list(api, `/api/v1/namespaces/${namespace}/pods`, { labelSelector: `app.kubernetes.io/name=${name}` })).map((each) => pod.parse(each));
  return { ready: pods.filter(({ status }) => status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')).length, all: pods.length };
}

async function ownOffset(connection: Connection): Promise<number> {
  const asked = Date.now();
  const time = await serverTime(connection);
  if (time === undefined) throw new Error('the API server does not tell its time');
  return clockOffset(asked, Date.now(), time);
}
