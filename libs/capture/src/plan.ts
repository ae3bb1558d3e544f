import { createHash } from 'node:crypto';
import type { Alert, Decision, PlannedCapture, Policy, ResolvedPod } from '@icecore/alerts';
import { nodeLabelValue } from './node-label.ts';
import { nodeLabel, traceAnnotation, type CaptureSpec, type NewCapture } from './resource.ts';

/** What a plan is made from. */
export interface PlanInput {
  readonly alert: Alert;
  readonly pod: ResolvedPod;
  readonly decision: Decision;
  readonly policy: Policy;
  /** SHA-256 of the request that carried the alert. */
  readonly sha256: string | undefined;
  readonly traceparent: string | undefined;
  readonly now: number;
}

/** The captures that a decision calls for. Each has the same name whenever and wherever it is planned for the same event. */
export function planCaptures(input: PlanInput): readonly NewCapture[] {
  const { decision, pod, traceparent } = input;
  const annotations: Readonly<Record<string, string>> = traceparent === undefined ? {} : { [traceAnnotation]: traceparent };
  return decision.captures.map((planned) => ({
    name: captureName(input, planned),
    labels: { [nodeLabel]: nodeLabelValue(pod.node), 'icecore.dev/source': input.alert.source },
    annotations,
    spec: specOf(input, planned),
  }));
}

/**
 * A name from the meaning of the alert and the time slot it was observed in, so that the same event makes the same object
 * whichever replica hears of it, and however often. Orders of people, and alerts that tell no time, go by their own id.
 */
function captureName({ alert, pod, decision, policy }: PlanInput, { container, index }: PlannedCapture): string {
  const byId = alert.source === 'operator' || alert.source === 'annotation' || alert.observedAt === undefined;
  const slot = byId ? alert.id : `${decision.meaning}@${Math.floor((alert.observedAt?.getTime() ?? 0) / Math.max(policy.limits.deduplicate, 1))}`;
  const digest = createHash('sha256').update(`${slot}\n${pod.uid}\n${container}\n${index}`).digest('hex').slice(0, 16);
  const readable = `${pod.pod.slice(0, 40)}-${container.slice(0, 20)}`.replaceAll('.', '-').replace(/-+$/, '');
  return `${readable}-${digest}`;
}

function specOf({ alert, pod, decision, policy, sha256, now }: PlanInput, planned: PlannedCapture): CaptureSpec {
  const { container, containerId, rule, index, afterMs, retention, then } = planned;
  const inSeries = decision.captures.filter((each) => each.container === container).length;
  return {
    subject: `${pod.namespace}/${pod.pod}/${container}`,
    target: { namespace: pod.namespace, pod: pod.pod, podUid: pod.uid, container, ...(containerId === undefined ? {} : { containerId }), node: pod.node, workload: decision.workload },
    reason: (alert.fields['reason'] ?? `${alert.source}: ${alert.rule}`).slice(0, 2000),
    alert: {
      id: alert.id,
      source: alert.source,
      rule: alert.rule.slice(0, 2000),
      ...(alert.severity === undefined ? {} : { severity: alert.severity }),
      ...(alert.observedAt === undefined ? {} : { observedAt: alert.observedAt.toISOString() }),
      ...(sha256 === undefined ? {} : { sha256 }),
    },
    policyRule: rule,
    meaning: decision.meaning,
    ...(inSeries > 1 ? { series: { index, count: inSeries } } : {}),
    ...(afterMs > 0 ? { notBefore: new Date(now + afterMs).toISOString() } : {}),
    retention: { lockSeconds: Math.ceil(retention.lock / 1000), hold: retention.hold, ...(retention.case === undefined ? {} : { case: retention.case }) },
    limits: { freeBytes: policy.limits.freeBytes, perNodePerHour: policy.limits.perNodePerHour },
    // What follows a series follows its last capture: isolation must not change what the next one would show.
    then: index === inSeries - 1 ? [...then] : [],
  };
}

/** The capture of an archive that was found on the node, made by another. */
export function captureOfFoundArchive(found: { readonly node: string; readonly archive: string; readonly bytes: number; readonly takenAt: Date; readonly namespace: string; readonly pod: string; readonly container: string; readonly lockSeconds: number; readonly keepNodeCopy: boolean }): NewCapture {
  const { node, archive, bytes, namespace, pod, container, lockSeconds, keepNodeCopy } = found;
  const digest = createHash('sha256').update(`${node}\n${archive}\n${bytes}`).digest('hex');
  return {
    name: `found-${digest.slice(0, 20)}`,
    labels: { [nodeLabel]: nodeLabelValue(node), 'icecore.dev/source': 'folder' },
    annotations: {},
    spec: {
      subject: `${namespace}/${pod}/${container}`,
      target: { namespace, pod, container, node, workload: `${namespace}/${pod}` },
      reason: `found in the checkpoint folder of ${node}: ${archive}`,
      meaning: digest.slice(0, 32),
      found: archive,
      keepNodeCopy,
      retention: { lockSeconds, hold: false },
      limits: { freeBytes: 0, perNodePerHour: 1 },
      then: [],
    },
  };
}
