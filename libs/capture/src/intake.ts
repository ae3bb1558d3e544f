import { type Alert, decide, type Policy, type Reason } from '@icecore/alerts';
import { type HistoryItem, historyOf } from './history.ts';
import { planCaptures } from './plan.ts';
import { ownerOf, type Pod, resolvedPod } from './pod.ts';
import type { NewCapture } from './resource.ts';

/** Most pods of a workload that one alert is followed to. */
export const maxPodsOfAlert = 20;

/** What became of an alert. */
export interface AlertAnswer {
  readonly alert: string;
  readonly outcome: 'accepted' | 'skipped' | 'dry_run';
  /** Names of the captures that are there because of it; whether they were there before makes no difference. */
  readonly captures: readonly string[];
  readonly reasons: readonly Reason[];
}

/** What the intake of alerts needs. All reject where the cluster does not answer: then nothing was accepted. */
export interface IntakePorts {
  readonly now: () => number;
  /** The policy in force. */
  readonly policy: () => Policy;
  pod(namespace: string, name: string): Promise<Pod | undefined>;
  podsOf(namespace: string): Promise<readonly Pod[]>;
  namespaceLabels(namespace: string): Promise<Readonly<Record<string, string>>>;
  /** Captures that the cluster is known to hold. */
  known(): Iterable<HistoryItem>;
  create(capture: NewCapture): Promise<'created' | 'exists'>;
}

export interface AlertContext {
  readonly sha256?: string;
  readonly traceparent?: string;
}

/** A capture that is being stored: it counts already, and its fate is awaited by those who were skipped because of it. */
interface Reservation extends HistoryItem {
  readonly stored: Promise<boolean>;
}

/** Takes alerts in: decides, and stores what is decided before it answers. */
export function alertIntake(ports: IntakePorts): (alert: Alert, context: AlertContext) => Promise<AlertAnswer> {
  const reserved = new Map<string, Reservation>();
  const items = function* (): Iterable<HistoryItem> {
    for (const item of ports.known()) {
      // Once the watch tells of it, the cluster's own time counts.
      if (!reserved.has(item.name)) yield item;
    }
    yield* reserved.values();
  };

  const storeAll = async (captures: readonly NewCapture[], alert: Alert): Promise<void> => {
    const stored = captures.map(async (capture) => {
      const creating = ports.create(capture);
      const { meaning, target } = capture.spec;
      const reservation: Reservation = { name: capture.name, alertId: alert.id, meaning, workload: target.workload, node: target.node, at: ports.now(), stored: creating.then(() => true, () => false) };
      reserved.set(capture.name, reservation);
      try {
        await creating;
      } catch (error) {
        reserved.delete(capture.name);
        throw error;
      }
    });
    await Promise.allSettled(stored);
    await Promise.all(stored);
  };

  /** Waits for what is being stored and bears on a decision. True where something of it failed: decide anew. */
  const someFailed = async (alertId: string, meaning: string, workload: string, node: string): Promise<boolean> => {
    const bearing = [...reserved.values()].filter((each) => each.alertId !== alertId && (each.meaning === meaning || each.workload === workload || each.node === node));
    const outcomes = await Promise.all(bearing.map(({ stored }) => stored));
    return outcomes.includes(false);
  };

  const forget = (): void => {
    const seen = new Set([...ports.known()].map(({ name }) => name));
    for (const name of reserved.keys()) if (seen.has(name)) reserved.delete(name);
  };

  const takePod = async (alert: Alert, pod: Pod, context: AlertContext): Promise<AlertAnswer> => {
    const labels = await ports.namespaceLabels(pod.metadata.namespace);
    const resolved = resolvedPod(pod, labels);
    for (;;) {
      forget();
      const [policy, now] = [ports.policy(), ports.now()];
      const decision = decide(policy, alert, resolved, historyOf(items(), alert.id), now);
      if (decision.action === 'skip') {
        if (await someFailed(alert.id, decision.meaning, decision.workload, resolved.node)) continue;
        return { alert: alert.id, outcome: 'skipped', captures: [], reasons: decision.reasons };
      }
      const captures = planCaptures({ alert, pod: resolved, decision, policy, sha256: context.sha256, traceparent: context.traceparent, now });
      const names = captures.map(({ name }) => name);
      if (decision.dryRun) return { alert: alert.id, outcome: 'dry_run', captures: names, reasons: decision.reasons };
      await storeAll(captures, alert);
      return { alert: alert.id, outcome: 'accepted', captures: names, reasons: decision.reasons };
    }
  };

  return async (alert, context) => {
    const pods = await podsOfAlert(alert, ports);
    if (pods.length === 0) return { alert: alert.id, outcome: 'skipped', captures: [], reasons: [{ check: 'target', holds: false, says: missing(alert) }] };
    const answers: AlertAnswer[] = [];
    for (const pod of pods) answers.push(await takePod(alert, pod, context));
    const outcomes = new Set(answers.map(({ outcome }) => outcome));
    return {
      alert: alert.id,
      outcome: outcomes.has('accepted') ? 'accepted' : outcomes.has('dry_run') ? 'dry_run' : 'skipped',
      captures: answers.flatMap(({ captures }) => captures),
      reasons: answers.flatMap(({ reasons }) => reasons),
    };
  };
}

async function podsOfAlert({ target }: Alert, ports: IntakePorts): Promise<readonly Pod[]> {
  if (target.pod !== undefined) {
    const pod = await ports.pod(target.namespace, target.pod);
    return pod === undefined ? [] : [pod];
  }
  const { workload } = target;
  if (workload === undefined) return [];
  // GuardDuty says `deployments`, owners say `Deployment`.
  const wanted = `${workload.kind.toLowerCase().replace(/s$/, '')}/${workload.name}`;
  const pods = await ports.podsOf(target.namespace);
  return pods.filter((pod) => pod.status.phase === 'Running' && ownerOf(pod)?.replace(/^\w+/, (kind) => kind.toLowerCase()) === wanted).slice(0, maxPodsOfAlert);
}

function missing({ target: { namespace, pod, workload } }: Alert): string {
  if (pod !== undefined) return `there is no pod ${namespace}/${pod}`;
  return workload === undefined ? 'the alert names no pod' : `no pod of ${workload.kind} ${namespace}/${workload.name} runs`;
}
