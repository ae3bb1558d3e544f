import { type Alert, type ClusterObjects, decide, type Decision, type History, type Policy, type ResolvedPod } from '@icecore/alerts';
import { type HistoryItem, historyOf } from '@icecore/capture';

/** What a policy would make of one alert about one pod. */
export interface Trial {
  readonly alert: Alert;
  readonly pod: ResolvedPod;
  /** What the pod is taken to be where no file told it; empty where one did. */
  readonly assumed: readonly string[];
  /** The moment of the decision. */
  readonly at: Date;
  readonly decision: Decision;
}

export interface TrialSetting {
  readonly policy: Policy;
  /** The cluster's objects; undefined where none were given. */
  readonly objects: ClusterObjects | undefined;
  readonly history: TrialHistory;
  /** When the alerts arrive; undefined: each at the moment its source saw it. */
  readonly at: Date | undefined;
  /** What would be captured counts for the alerts after it. */
  readonly together: boolean;
}

/** A history that what was decided can be added to. */
export interface TrialHistory {
  /** What came before an alert: what the same alert asked for does not count against it. */
  before(alertId: string): History;
  add(trial: Trial): void;
}

/** Decides about every pod that the alert is about; about a pod made up from the alert where no file has it. */
export function tryAlert({ policy, objects, history, at, together }: TrialSetting, alert: Alert): readonly Trial[] {
  const moment = at ?? alert.observedAt ?? new Date();
  const known = objects?.podsOf(alert.target) ?? [];
  const pods = known.length > 0 ? known.map((pod) => ({ pod, assumed: [] })) : [supposed(alert, objects !== undefined)];
  return pods.map(({ pod, assumed }) => {
    const trial = { alert, pod, assumed, at: moment, decision: decide(policy, alert, pod, history.before(alert.id), moment.getTime()) };
    if (together) history.add(trial);
    return trial;
  });
}

/** The pod as the alert has it, taken to run. */
function supposed({ target, image }: Alert, objectsGiven: boolean): { readonly pod: ResolvedPod; readonly assumed: readonly string[] } {
  const name = target.pod ?? `(a pod of ${target.workload === undefined ? 'a workload that it does not name' : `${target.workload.kind}/${target.workload.name}`})`;
  const container = target.container ?? '(its containers)';
  const pod: ResolvedPod = {
    namespace: target.namespace,
    pod: name,
    uid: target.podUid ?? '(not known)',
    node: target.node ?? '(its node)',
    phase: 'Running',
    labels: {},
    namespaceLabels: {},
    images: image === undefined ? [] : [image],
    owner: target.workload === undefined ? undefined : `${target.workload.kind}/${target.workload.name}`,
    containers: [{ name: container, containerId: target.containerId, running: true, image: image ?? '' }],
  };
  return {
    pod,
    assumed: [
      objectsGiven ? `no file has pod ${target.namespace}/${name}: it is taken to run, as the alert has it` : 'the pod is taken to run, as the alert has it; --pod FILE tells more',
      `its labels${target.workload === undefined ? ', its owner' : ''} and its namespace’s labels are not known: conditions on them do not hold`,
    ],
  };
}

/** A history of what came before; `add` adds what a trial decided to capture. */
export function trialHistory(past: readonly HistoryItem[]): TrialHistory {
  const items = [...past];
  return {
    before: (alertId) => historyOf(items, alertId),
    add({ alert, pod: { node }, at, decision: { captures, workload, meaning, dryRun } }) {
      if (dryRun) return;
      // All captures of a series are stored at once, and count from then on.
      for (const { container, index } of captures) items.push({ name: `${alert.id} ${container} ${index}`, alertId: alert.id, workload, meaning, node, at: at.getTime() });
    },
  };
}
