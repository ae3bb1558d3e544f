import type { FollowUpPorts } from '@icecore/capture';
import type { ApiClient } from './api-client.ts';
import { isKubernetesError } from './errors.ts';

/** Labels pods and cuts them off. */
export function followUpActions(api: ApiClient): Omit<FollowUpPorts, 'now'> {
  return {
    async label(namespace, pod, podUid, labels) {
      // The uid binds the patch to the pod that was captured: another of the same name is left alone (409).
      const metadata = podUid === undefined ? { labels } : { uid: podUid, labels };
      await api.json({ method: 'PATCH', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`, contentType: 'application/merge-patch+json', body: { metadata } });
    },
    async isolate(namespace, name, [label, value]) {
      const body = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'icecore' } },
        spec: { podSelector: { matchLabels: { [label]: value } }, policyTypes: ['Ingress', 'Egress'] },
      };
      try {
        await api.json({ method: 'POST', path: `/apis/networking.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/networkpolicies`, body });
      } catch (error) {
        if (!isKubernetesError(error, 'AlreadyExists')) throw error;
      }
    },
  };
}
