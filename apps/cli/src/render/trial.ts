import { formatBytes } from '@icecore/bytes';
import type { JsonValue } from '@icecore/criu';
import type { Alert, PlannedCapture, Policy } from '@icecore/alerts';
import type { Trial } from '../policy/trial.ts';
import type { Terminal } from '../terminal.ts';
import { shown } from './text-table.ts';

/** A decision in words: what would happen, and each step to it. */
export async function printTrial({ alert, pod, assumed, at, decision }: Trial, policy: Policy, terminal: Terminal): Promise<void> {
  await terminal.line(`  ${alertLine(alert)}`);
  await terminal.line(`  at ${at.toISOString()}, pod ${shown(`${pod.namespace}/${pod.pod}`, 200)} on node ${shown(pod.node, 100)}`);
  const verdict = decision.action === 'skip' ? terminal.style('yellow', 'would not capture') : terminal.style('green', decision.dryRun ? 'would capture, were the policy no dry run' : 'would capture');
  await terminal.line(`  ${verdict}${decision.action === 'skip' ? `: ${shown(lastNo(decision.reasons), 300)}` : ''}`);
  for (const line of plan(decision.captures)) await terminal.line(`    ${shown(line, 300)}`);
  for (const { check, holds, says } of decision.reasons) await terminal.line(`      ${holds ? 'yes' : 'no '}  ${shown(check, 60)}: ${shown(says, 300)}`);
  if (decision.action === 'capture') await terminal.line(`      the node role then asks: ${formatBytes(policy.limits.freeBytes)} free after it, and no other checkpoint of the container under way`);
  for (const each of assumed) await terminal.line(`      assumed: ${shown(each, 300)}`);
  if (alert.truncated) await terminal.line('      the source cut long fields of this alert: a condition on their ends cannot hold');
}

function alertLine({ source, rule, severity, priority }: Alert): string {
  return `${source}: ${shown(rule, 200)}, severity ${severity ?? 'not graded'}${priority === undefined ? '' : ` (${shown(priority, 40)})`}`;
}

function lastNo(reasons: Trial['decision']['reasons']): string {
  const reason = reasons.findLast(({ holds }) => !holds) ?? reasons.at(-1);
  return reason === undefined ? 'nothing asks for it' : `${reason.check}: ${reason.says}`;
}

/** One line for each container: how often, how long it is kept, what follows. */
function plan(captures: readonly PlannedCapture[]): readonly string[] {
  return [...Map.groupBy(captures, ({ container }) => container)].map(([container, series]) => {
    const [first, second] = series;
    const times = second === undefined ? 'once' : `${series.length} times, ${duration(second.afterMs)} apart`;
    const retention = first === undefined ? '' : `, locked for ${duration(first.retention.lock)}${first.retention.hold ? ' and held' : ''}${first.retention.case === undefined ? '' : `, case ${first.retention.case}`}`;
    const then = (first?.then ?? []).map((step) => (step.action === 'label' ? `label ${Object.entries(step.labels).map((pair) => pair.join('=')).join(', ')}` : step.action));
    return `container ${container}, ${times}${retention}${then.length === 0 ? '' : `; then ${then.join(', then ')}`}`;
  });
}

const units = [['y', 365 * 86_400_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000]] as const;

/** A duration as policies write it: `90d`. */
function duration(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ['s', 1000];
  return `${milliseconds / size}${unit}`;
}

/** The same for programs. */
export function trialJson(file: string, { alert, pod, assumed, at, decision }: Trial): JsonValue {
  const { namespace, pod: name, container, containerId } = { ...alert.target, pod: pod.pod };
  return {
    file,
    alert: { id: alert.id, source: alert.source, rule: alert.rule, severity: alert.severity ?? null, observed_at: alert.observedAt?.toISOString() ?? null, truncated: alert.truncated },
    target: { namespace, pod: name, container: container ?? null, container_id: containerId ?? null, node: pod.node, owner: pod.owner ?? null },
    at: at.toISOString(),
    action: decision.action,
    dry_run: decision.dryRun,
    captures: decision.captures.map(({ container: captured, rule, index, afterMs, retention, then }) => ({
      container: captured,
      rule,
      index,
      after_ms: afterMs,
      retention: { lock_ms: retention.lock, hold: retention.hold, case: retention.case ?? null },
      then: then.map((step): JsonValue => (step.action === 'label' ? { action: step.action, labels: { ...step.labels } } : { action: step.action })),
    })),
    reasons: decision.reasons.map((reason) => ({ ...reason })),
    assumed: [...assumed],
    workload: decision.workload,
    meaning: decision.meaning,
  };
}
