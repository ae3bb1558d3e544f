import type { History } from '@icecore/alerts';
import type { Capture } from './resource.ts';

const hourMs = 3_600_000;

/** What a capture counts for in history: known from the moment it is planned, before the API has it. */
export interface HistoryItem {
  readonly name: string;
  readonly alertId: string | undefined;
  readonly meaning: string;
  readonly workload: string;
  readonly node: string;
  readonly at: number;
}

export function historyItem({ metadata, spec }: Capture): HistoryItem {
  return { name: metadata.name, alertId: spec.alert?.id, meaning: spec.meaning, workload: spec.target.workload, node: spec.target.node, at: Date.parse(metadata.creationTimestamp) };
}

/**
 * What was asked for before, by the captures that are known. What the same alert asked for does not count against it: where
 * it is sent again after a crash, the rest of its captures is made. Archives that another made and the node found count for nothing.
 */
export function historyOf(items: Iterable<HistoryItem>, alertId: string): History {
  const lastCapture = new Map<string, number>();
  const lastMeaning = new Map<string, number>();
  const byNode = new Map<string, number[]>();
  const later = (map: Map<string, number>, key: string, at: number): void => void map.set(key, Math.max(at, map.get(key) ?? 0));
  for (const { alertId: of, meaning, workload, node, at } of items) {
    if (of === alertId || of === undefined) continue;
    later(lastCapture, workload, at);
    later(lastMeaning, meaning, at);
    byNode.set(node, [...(byNode.get(node) ?? []), at]);
  }
  return {
    lastCapture: (workload) => lastCapture.get(workload),
    lastMeaning: (meaning) => lastMeaning.get(meaning),
    capturesOnNode: (node, since) => (byNode.get(node) ?? []).filter((at) => at >= since).length,
  };
}

/** Calls of a node's kubelet in the last hour, by what captures wrote down before each. */
export function checkpointsInLastHour(captures: Iterable<Capture>, node: string, now: number): number {
  let calls = 0;
  for (const { spec, status } of captures) {
    if (spec.target.node !== node) continue;
    calls += (status.attempts ?? []).filter(({ startedAt }) => now - Date.parse(startedAt) < hourMs).length;
  }
  return calls;
}
