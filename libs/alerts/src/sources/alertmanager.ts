import { z } from 'zod';
import { alertId, momentOf, plainFields } from '../identity.ts';
import { containerIdOf, presentText, requireLabel, requireSubdomain } from '../names.ts';
import { parsed } from './parsed.ts';
import type { Source, SourceAnswer } from './source.ts';

/** Common words for severities in alerting rules, from 0 to 100. */
const severities: Readonly<Record<string, number>> = { critical: 90, page: 90, high: 75, error: 70, major: 70, warning: 50, medium: 50, minor: 35, low: 25, info: 15, none: 0 };

/** Most alerts that one request may carry. */
const maxAlerts = 1000;

const webhook = z.object({
  version: z.literal('4'),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).nullish(),
        startsAt: z.string(),
        fingerprint: z.string().min(1),
      }),
    )
    .max(maxAlerts),
});

/** Alertmanager's webhook, version 4 (`notify/webhook`). Labels name the target by the conventions of kube-prometheus. */
export const alertmanager: Source = {
  name: 'alertmanager',
  recognises: (candidate) => Array.isArray(candidate['alerts']) && ('groupKey' in candidate || 'receiver' in candidate),
  read(candidate) {
    return parsed(webhook, candidate, 'Alertmanager webhook').alerts.map(({ status, labels, annotations, startsAt, fingerprint }): SourceAnswer => {
      const rule = labels['alertname'] ?? 'unnamed alert';
      if (status !== 'firing') return { ignored: `${rule}: is resolved` };
      const namespace = presentText(labels['namespace'] ?? labels['exported_namespace']);
      const pod = presentText(labels['pod'] ?? labels['exported_pod'] ?? labels['pod_name']);
      if (namespace === undefined || pod === undefined) return { ignored: `${rule}: its labels name no pod` };
      const container = presentText(labels['container'] ?? labels['exported_container']);
      const severity = presentText(labels['severity']);
      return {
        alert: {
          id: alertId('alertmanager', fingerprint, startsAt),
          source: 'alertmanager',
          rule,
          severity: severity === undefined ? undefined : severities[severity.toLowerCase()],
          priority: severity,
          observedAt: momentOf(startsAt),
          cluster: presentText(labels['cluster']),
          target: {
            namespace: requireLabel(namespace, 'namespace'),
            pod: requireSubdomain(pod, 'pod'),
            podUid: presentText(labels['uid'] ?? labels['pod_uid']),
            container: container === undefined || container === 'POD' ? undefined : requireLabel(container, 'container'),
            containerId: containerIdOf(labels['container_id']),
            workload: undefined,
            node: presentText(labels['node']),
          },
          process: undefined,
          peer: undefined,
          image: presentText(labels['image']),
          techniques: [],
          tags: [],
          fields: plainFields({ ...annotations, ...labels }),
          truncated: false,
        },
      };
    });
  },
};
