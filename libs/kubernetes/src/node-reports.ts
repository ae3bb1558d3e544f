import { nodeReportManifest, nodeReportName, type NodeReport } from '@icecore/capture';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

/** Writes the report of a node where `icecore doctor` reads it, over the one before. Rejects with a `KubernetesError`. */
export async function publishNodeReport(api: ApiClient, namespace: string, report: NodeReport): Promise<void> {
  const collection = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
  const body = nodeReportManifest(report, namespace);
  const patch = (): Promise<unknown> => api.json({ method: 'PATCH', path: `${collection}/${encodeURIComponent(nodeReportName(report.node))}`, contentType: 'application/merge-patch+json', body });
  try {
    await patch();
  } catch (error) {
    if (!isKubernetesError(error, 'NotFound')) throw error;
    // Where another made it meanwhile, that one is patched.
    await api.json({ method: 'POST', path: collection, body }).catch((refused: unknown) => (isKubernetesError(refused, 'AlreadyExists') ? patch() : Promise.reject(refused)));
  }
}
