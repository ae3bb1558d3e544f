import { isFinal } from './phase.ts';
import type { Capture, CaptureFollowUp, CaptureStatus } from './resource.ts';

/** Label that marks the pods which `isolate` cut off; its network policies select by it. */
export const isolatedLabel = 'icecore.dev/isolated';

/** What may be done to a workload once its capture is over. Rejects where it cannot be done. */
export interface FollowUpPorts {
  label(namespace: string, pod: string, podUid: string | undefined, labels: Readonly<Record<string, string>>): Promise<void>;
  /** Lets nothing in or out of the pods that carry the label. Where it is there already, that is as good. */
  isolate(namespace: string, name: string, label: readonly [string, string]): Promise<void>;
  now(): number;
}

/** True where something is still to be done that policy asked for. */
export function needsFollowUp({ spec, status }: Capture): boolean {
  return isFinal(status.phase) && status.reason !== 'Deleted' && spec.found === undefined && (status.followedUp?.length ?? 0) < spec.then.length;
}

/** Does what is left, each in its turn, and gives the status that tells of it. What fails is told and not tried again. */
export async function followUp(capture: Capture, ports: FollowUpPorts): Promise<CaptureStatus> {
  const done = [...(capture.status.followedUp ?? [])];
  for (const each of capture.spec.then.slice(done.length)) {
    try {
      done.push({ action: each.action, outcome: 'done', message: await act(each, capture, ports) });
    } catch (error) {
      done.push({ action: each.action, outcome: 'failed', message: (error instanceof Error ? error.message : String(error)).slice(0, 2000) });
    }
  }
  return { ...capture.status, followedUp: done };
}

async function act({ action, labels = {} }: CaptureFollowUp, { spec: { target } }: Capture, ports: FollowUpPorts): Promise<string> {
  const { namespace, pod, podUid } = target;
  if (action === 'label') {
    await ports.label(namespace, pod, podUid, labels);
    return Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ');
  }
  const mark = (podUid ?? pod).slice(0, 63);
  // The policy first: a label alone cuts nothing off, and a pod that is labelled is cut off from then on.
  await ports.isolate(namespace, `icecore-isolate-${mark}`, [isolatedLabel, mark]);
  await ports.label(namespace, pod, podUid, { [isolatedLabel]: mark });
  return `network policy icecore-isolate-${mark}`;
}
