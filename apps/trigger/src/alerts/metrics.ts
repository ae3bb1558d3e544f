import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { phases } from '@icecore/capture';

/** Metrics of the alerts role, with those of its process or without. No label takes a value that a sender chooses. */
export function alertMetrics(countPhases: () => ReadonlyMap<string, number>, ofProcess = true) {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: 'icecore_' });
  const registers = [registry];
  new Gauge({ name: 'icecore_captures', help: 'Captures that the cluster holds, by phase', labelNames: ['phase'], registers, collect() {
    const counts = countPhases();
    for (const phase of phases) this.set({ phase }, counts.get(phase) ?? 0);
  } });
  return {
    registry,
    requests: new Counter({ name: 'icecore_requests_total', help: 'Requests that raise alerts, by status of the answer', labelNames: ['status'], registers }),
    alerts: new Counter({ name: 'icecore_alerts_total', help: 'Alerts by source and what became of them', labelNames: ['source', 'outcome'], registers }),
    seconds: new Histogram({ name: 'icecore_request_seconds', help: 'From the request to its answer', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5], registers }),
    captures: new Counter({ name: 'icecore_captures_created_total', help: 'Captures that alerts asked for', registers }),
    policyValid: new Gauge({ name: 'icecore_policy_valid', help: '1 where the policy file can be followed, else 0 and the last good one is in force', registers }),
    watchErrors: new Counter({ name: 'icecore_watch_errors_total', help: 'Times that a watch of the Kubernetes API had trouble', registers }),
    followUps: new Counter({ name: 'icecore_follow_ups_total', help: 'What was done after captures', labelNames: ['action', 'outcome'], registers }),
  };
}

export type AlertMetrics = ReturnType<typeof alertMetrics>;
