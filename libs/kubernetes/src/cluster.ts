import { parsePod, type Pod } from '@icecore/capture';
import { z } from 'zod';
import type { ApiClient, ApiRequest } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

const listSchema = z.object({ metadata: z.object({ continue: z.string().optional() }), items: z.array(z.unknown()) });
const labelledSchema = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) });

/** Reading of what is not a capture: pods, namespaces, nodes, logs, events. */
export interface Cluster {
  pod(namespace: string, name: string): Promise<Pod | undefined>;
  /** As the API has it, for the record. */
  rawPod(namespace: string, name: string): Promise<unknown>;
  podsOf(namespace: string): Promise<readonly Pod[]>;
  namespaceLabels(namespace: string): Promise<Readonly<Record<string, string>>>;
  rawNode(name: string): Promise<unknown>;
  podLog(namespace: string, name: string, container: string, limitBytes: number): Promise<string>;
  podEvents(namespace: string, name: string): Promise<readonly unknown[]>;
}

export function cluster(api: ApiClient): Cluster {
  const get = async (path: string): Promise<unknown> => {
    try {
      return await api.json({ method: 'GET', path });
    } catch (error) {
      if (isKubernetesError(error, 'NotFound')) return undefined;
      throw error;
    }
  };
  const podPath = (namespace: string, name: string): string => `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const all = async (request: Pick<ApiRequest, 'path' | 'query'>): Promise<unknown[]> => {
    const items: unknown[] = [];
    for (let position = ''; ; ) {
      const page = listSchema.parse(await api.json({ method: 'GET', path: request.path, query: { ...request.query, limit: '250', ...(position === '' ? {} : { continue: position }) } }));
      items.push(...page.items);
      position = page.metadata.continue ?? '';
      if (position === '') return items;
    }
  };
  return {
    async pod(namespace, name) {
      const found = await get(podPath(namespace, name));
      return found === undefined ? undefined : parsePod(found);
    },
    rawPod: (namespace, name) => get(podPath(namespace, name)),
    podsOf: async (namespace) => (await all({ path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods` })).map(parsePod),
    async namespaceLabels(namespace) {
      const found = await get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
      return found === undefined ? {} : labelledSchema.parse(found).metadata.labels;
    },
    rawNode: (name) => get(`/api/v1/nodes/${encodeURIComponent(name)}`),
    async podLog(namespace, name, container, limitBytes) {
      const { status, body } = await api.text({ method: 'GET', path: `${podPath(namespace, name)}/log`, query: { container, timestamps: 'true', tailLines: '10000', limitBytes: String(limitBytes) }, accept: '*/*' });
      if (status >= 400) throw new Error(`the log cannot be read: ${status} ${body.slice(0, 200)}`);
      return body;
    },
    podEvents: (namespace, name) => all({ path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`, query: { fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}` } }),
  };
}
