import { randomUUID } from 'node:crypto';
import { alertOfOrder, parsePolicy, type Policy, PolicyError } from '@icecore/alerts';
import { type AlertAnswer, alertIntake, type CaptureStore, policyMap } from '@icecore/capture';
import { type ApiClient, apiClient, captureStore, cluster, type Connection, isKubernetesError } from '@icecore/kubernetes';
import { z } from 'zod';
import { UsageError } from '../command.ts';

/** Who is to be captured, and why. */
export interface Order {
  /** Namespace of the pod. */
  readonly of: string;
  readonly pod: string;
  /** Undefined: all of the pod's that run. */
  readonly container: string | undefined;
  /** icecore's own namespace, where captures lie. */
  readonly namespace: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * Decides by the policy that is in force in the cluster, as the alerts role does, and stores the captures. Rejects with a
 * `KubernetesError` where the cluster does not answer or does not permit it, and with a `UsageError` for what is not there.
 */
export async function orderCaptures(connection: Connection, { of, pod: name, container, namespace, reason, by }: Order): Promise<{ readonly store: CaptureStore; readonly answer: AlertAnswer }> {
  const api = apiClient(connection);
  const seen = cluster(api);
  const store = captureStore(api, { namespace, component: 'icecore' });
  const pod = await seen.pod(of, name);
  if (pod === undefined) throw new UsageError(`the cluster has no pod ${of}/${name}`);
  const containers = pod.spec.containers.map((each) => each.name);
  if (container !== undefined && !containers.includes(container)) throw new UsageError(`pod ${of}/${name} has no container ${container}; it has ${containers.join(', ')}`);
  const policy = await policyInForce(api, namespace);
  const take = alertIntake({
    now: Date.now,
    policy: () => policy,
    pod: async () => pod,
    podsOf: async () => [],
    namespaceLabels: (each) => seen.namespaceLabels(each),
    // A person may not list captures; the budget of the node binds all the same, for its role keeps it.
    known: () => [],
    create: (capture) => store.create(capture),
  });
  const order = { namespace: of, pod: name, podUid: pod.metadata.uid, ...(container === undefined ? {} : { container }), reason: reason.slice(0, 1000), by, nonce: randomUUID(), at: new Date() };
  return { store, answer: await take(alertOfOrder('operator', order), {}) };
}

const mapSchema = z.object({ data: z.record(z.string(), z.string()).default({}) });

/** The policy that the alerts role follows. A person's order must not take what it protects. */
async function policyInForce(api: ApiClient, namespace: string): Promise<Policy> {
  const { name, key } = policyMap;
  try {
    const { data } = mapSchema.parse(await api.json({ method: 'GET', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${name}` }));
    const text = data[key];
    if (text === undefined) throw new UsageError(`the ConfigMap ${name} of namespace ${namespace} has no ${key}`);
    return parsePolicy(text);
  } catch (error) {
    if (isKubernetesError(error, 'NotFound')) throw new UsageError(`namespace ${namespace} has no ConfigMap ${name} with the policy: is icecore installed there? --namespace names another`);
    if (error instanceof PolicyError) throw new UsageError(`the policy in the ConfigMap ${name} of namespace ${namespace} cannot be followed: ${error.message.split('\n')[0] ?? ''}`);
    throw error;
  }
}
