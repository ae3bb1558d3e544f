import type { Alert } from '../alert.ts';
import { alertId } from '../identity.ts';
import { mismatch, type TargetFacts } from './match.ts';
import type { FollowUp, Policy, PolicyRule, Retention } from './policy.ts';

/** The pod that an alert's target turned out to be, as the cluster has it now. */
export interface ResolvedPod extends TargetFacts {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly phase: string;
  /** Containers that run, with the id that the runtime gave them (hex, without prefix). */
  readonly containers: readonly { readonly name: string; readonly containerId: string | undefined; readonly running: boolean; readonly image: string }[];
}

/** What was captured or asked for before, as far as it bears on a decision. */
export interface History {
  /** When the same workload was last captured, in milliseconds since the epoch. */
  lastCapture(workload: string): number | undefined;
  /** When an alert of the same meaning was last accepted. */
  lastMeaning(meaning: string): number | undefined;
  /** Captures of the node in the hour before the given moment. */
  capturesOnNode(node: string, since: number): number;
}

/** One capture to take. */
export interface PlannedCapture {
  readonly container: string;
  readonly containerId: string | undefined;
  readonly rule: string;
  /** 0-based index in its series, and how long after the first it is due, in milliseconds. */
  readonly index: number;
  readonly afterMs: number;
  readonly retention: Retention;
  readonly then: readonly FollowUp[];
}

/** Steps by which a decision came about, in order: each names a check and what it said. */
export interface Reason {
  readonly check: string;
  readonly holds: boolean;
  readonly says: string;
}

export interface Decision {
  readonly action: 'capture' | 'skip';
  readonly captures: readonly PlannedCapture[];
  readonly dryRun: boolean;
  readonly reasons: readonly Reason[];
  /** What the alert means apart from its time: equal for alerts that are the same to the policy. */
  readonly meaning: string;
  /** Whose cool-down counts: the owner, or the pod where it has none. */
  readonly workload: string;
}

/** Orders of people are not deduplicated, cooled down or held to the age of an alert; protection and budget bind them too. */
const orderedByPeople = new Set(['annotation', 'operator']);

/** Decides what an alert about a pod calls for. Pure: the clock and all that was before come as arguments. */
export function decide(policy: Policy, alert: Alert, pod: ResolvedPod, history: History, now: number): Decision {
  const reasons: Reason[] = [];
  const workload = `${pod.namespace}/${pod.owner ?? pod.pod}`;
  const meaning = alertId(alert.source, alert.rule, pod.uid, alert.target.container, alert.target.containerId?.slice(0, 12));
  const says = (check: string, holds: boolean, text: string): boolean => {
    reasons.push({ check, holds, says: text });
    return holds;
  };
  const skip = (): Decision => ({ action: 'skip', captures: [], dryRun: policy.dryRun, reasons, meaning, workload });

  if (!says('target', staleness(alert, pod) === undefined, staleness(alert, pod) ?? `pod ${pod.namespace}/${pod.pod} is there and is the one that was meant`)) return skip();
  const rule = firstRule(policy, alert, pod, says);
  if (rule?.capture === undefined) return skip();
  const chosen = pod.containers.filter((container) => chosenBy(rule.capture?.containers ?? 'alerted', container.name, alert, pod));
  const running = chosen.filter((container) => container.running && protection(policy, alert, pod, container.name) === undefined);
  for (const { name } of chosen) {
    const protectedBy = protection(policy, alert, pod, name);
    if (protectedBy !== undefined) says('protection', false, `container ${name} is protected: ${protectedBy}`);
  }
  if (!says('containers', running.length > 0, running.length > 0 ? running.map(({ name }) => name).join(', ') : 'none that runs and may be captured')) return skip();
  if (!orderedByPeople.has(alert.source) && !fresh(policy, alert, { workload, meaning }, history, now, says)) return skip();
  const taken = history.capturesOnNode(pod.node, now - 3_600_000);
  const budget = policy.limits.perNodePerHour;
  const series = rule.capture.series ?? { count: 1, every: 0 };
  if (!says('budget', taken + running.length <= budget, `${taken} captures on node ${pod.node} in the last hour, ${running.length} more asked, ${budget} allowed`)) return skip();
  const captures = running.flatMap(({ name, containerId }) =>
    Array.from({ length: series.count }, (_, index): PlannedCapture => ({
      container: name,
      containerId,
      rule: rule.name,
      index,
      afterMs: index * series.every,
      retention: rule.capture?.retention ?? policy.retention,
      then: rule.then,
    })),
  );
  return { action: 'capture', captures, dryRun: policy.dryRun, reasons, meaning, workload };
}

/** Why the pod is not the one that the alert meant; undefined where it is. */
function staleness({ target }: Alert, pod: ResolvedPod): string | undefined {
  if (target.podUid !== undefined && target.podUid !== pod.uid) return `the alert is about pod uid ${target.podUid}, which is gone; ${pod.pod} is now ${pod.uid}`;
  if (pod.phase !== 'Running') return `pod ${pod.namespace}/${pod.pod} is ${pod.phase}`;
  const { container, containerId } = target;
  if (container !== undefined && !pod.containers.some(({ name }) => name === container)) return `pod ${pod.pod} has no container ${container}`;
  if (containerId === undefined) return undefined;
  const same = pod.containers.some((each) => each.containerId?.startsWith(containerId) === true || (each.containerId !== undefined && containerId.startsWith(each.containerId)));
  return same ? undefined : `container ${containerId.slice(0, 12)} is gone: it was restarted since`;
}

function firstRule(policy: Policy, alert: Alert, pod: ResolvedPod, says: (check: string, holds: boolean, text: string) => boolean): PolicyRule | undefined {
  for (const rule of policy.rules) {
    const reason = mismatch(rule.match, alert, pod, alert.target.container);
    if (reason !== undefined) {
      says(`rule ${rule.name}`, false, reason);
      continue;
    }
    says(`rule ${rule.name}`, true, rule.ignore === true ? 'matches, and says to ignore it' : rule.capture === undefined ? 'matches, and asks for no capture' : 'matches');
    return rule;
  }
  says('rules', false, 'no rule matches');
  return undefined;
}

function chosenBy(wanted: 'alerted' | 'all' | readonly string[], name: string, { target }: Alert, pod: ResolvedPod): boolean {
  if (wanted === 'all') return true;
  if (wanted !== 'alerted') return wanted.includes(name);
  const { container, containerId } = target;
  if (container !== undefined) return container === name;
  return containerId === undefined || pod.containers.find((each) => each.containerId?.startsWith(containerId) === true)?.name === name;
}

function protection(policy: Policy, alert: Alert, pod: ResolvedPod, container: string): string | undefined {
  const index = policy.protect.findIndex((match) => mismatch(match, alert, pod, container) === undefined);
  return index === -1 ? undefined : `entry ${index + 1} of protect`;
}

function fresh(policy: Policy, alert: Alert, { workload, meaning }: { workload: string; meaning: string }, history: History, now: number, says: (check: string, holds: boolean, text: string) => boolean): boolean {
  const { maxAge, deduplicate, cooldown } = policy.limits;
  const age = alert.observedAt === undefined ? 0 : now - alert.observedAt.getTime();
  if (!says('age', age <= maxAge, `${Math.round(age / 1000)} s old, ${Math.round(maxAge / 1000)} s allowed`)) return false;
  const same = history.lastMeaning(meaning);
  const again = same !== undefined && now - same < deduplicate;
  if (!says('deduplication', !again, again ? `the same alert was accepted ${Math.round((now - same) / 1000)} s ago` : 'the first of its meaning')) return false;
  const captured = history.lastCapture(workload);
  const cooling = captured !== undefined && now - captured < cooldown;
  return says('cool-down', !cooling, cooling ? `${workload} was captured ${Math.round((now - captured) / 1000)} s ago, ${Math.round(cooldown / 1000)} s is the least` : `${workload} is free`);
}
