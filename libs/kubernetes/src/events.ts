import { createHash } from 'node:crypto';
import { type Capture, captureApi } from '@icecore/capture';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

/** Writes an event about a capture. Its name comes from what it says, so that it is told once, whoever tells it again. */
export async function createEvent(api: ApiClient, namespace: string, component: string, { metadata }: Capture, { type, reason, message }: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }): Promise<void> {
  const at = new Date().toISOString();
  const digest = createHash('sha256').update(`${metadata.uid} ${reason}`).digest('hex').slice(0, 16);
  const body = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${metadata.name}.${digest}`, namespace },
    involvedObject: { apiVersion: captureApi.apiVersion, kind: captureApi.kind, name: metadata.name, namespace, uid: metadata.uid, resourceVersion: metadata.resourceVersion },
    type,
    reason,
    message: message.slice(0, 1024),
    source: { component },
    reportingComponent: component,
    reportingInstance: component,
    action: reason,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
  try {
    await api.json({ method: 'POST', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`, body });
  } catch (error) {
    if (!isKubernetesError(error, 'AlreadyExists')) throw error;
  }
}
