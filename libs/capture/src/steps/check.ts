import { isArchiveOf } from '../archive-name.ts';
import { checkpointsInLastHour } from '../history.ts';
import { bareContainerId, type Pod } from '../pod.ts';
import { containerKey } from '../resource.ts';
import { end, next, type Step, type StepInput } from './step.ts';

/** How soon a capture that waits for another one is looked at again, in milliseconds. */
const soonMs = 300;

/** Takes the capture on, or waits until it is due. */
export async function begin(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  if (capture.metadata.deletionTimestamp != null) return end(input, 'refused', 'Deleted', 'it was deleted before it was begun');
  const wait = until(capture.spec.notBefore, ports.now());
  if (wait > 0) return { kind: 'wait', ms: wait };
  const { found } = capture.spec;
  if (found === undefined) return next(input, 'checking', {});
  const takenAt = (await ports.folder.list()).find(({ name }) => name === found)?.modifiedAt ?? new Date(ports.now());
  return next(input, 'hashing', { archive: { name: found, takenAt: takenAt.toISOString() } }, ['Checkpointed', true, 'Found', 'another took the checkpoint']);
}

/** Is the target still the one that was meant? */
export async function checkTarget(input: StepInput): Promise<Step | undefined> {
  const { capture, ports } = input;
  if (capture.metadata.deletionTimestamp != null) return end(input, 'refused', 'Deleted', 'it was deleted before the checkpoint was taken');
  const wait = until(capture.status.retryAt, ports.now());
  if (wait > 0) return { kind: 'wait', ms: wait };
  const { target } = capture.spec;
  if (target.node !== ports.node) return end(input, 'refused', 'OtherNode', `it is for node ${target.node}, this is ${ports.node}`);
  const stale = staleness(target, await ports.pods.pod(target.namespace, target.pod), ports.node);
  return stale === undefined ? undefined : giveUp(input, 'StaleTarget', stale);
}

/**
 * Is there room, in the budget, on the disk, and beside other checkpoints of the container? Called by one capture at a time,
 * up to and with the writing of its answer, so that two cannot both take the last of it.
 */
export async function checkRoom(input: StepInput): Promise<Step> {
  const { capture, ports } = input;
  const { target, limits } = capture.spec;
  const now = ports.now();
  const others = [...ports.store.known()].filter(({ metadata }) => metadata.name !== capture.metadata.name);
  const busy = others.find((other) => other.status.phase === 'checkpointing' && containerKey(other) === containerKey(capture));
  if (busy !== undefined) return { kind: 'wait', ms: soonMs };
  // The kubelet names archives by the second: a second one within it would overwrite the first, or be taken for one that was removed.
  const names = [...(await ports.folder.list()).map(({ name }) => name), ...others.flatMap(({ status }) => status.archive?.name ?? [])];
  if (names.some((name) => isArchiveOf(name, target, new Date(now)))) return { kind: 'wait', ms: 1000 - (now % 1000) };
  const calls = checkpointsInLastHour([...others, capture], ports.node, now);
  if (calls >= limits.perNodePerHour) return giveUp(input, 'BudgetSpent', `${calls} checkpoints were taken on node ${ports.node} within an hour, and policy allows ${limits.perNodePerHour}`);
  const free = await ports.folder.freeBytes();
  const expected = (await ports.containerMemory(capture)) ?? 0;
  if (free - expected < limits.freeBytes) {
    // What others ship now gives its room back.
    if (others.some(({ status, spec }) => spec.target.node === ports.node && ['hashing', 'shipping', 'verifying', 'removing'].includes(status.phase))) return { kind: 'wait', ms: soonMs };
    return giveUp(input, 'DiskFull', `${free} bytes are free where the node keeps archives, about ${expected} are needed, and ${limits.freeBytes} must stay free`);
  }
  return next(input, 'checkpointing', { attempts: [...(capture.status.attempts ?? []), { startedAt: new Date(now).toISOString() }] });
}

/** Before the first call it is refused; after one, it has failed. */
function giveUp(input: StepInput, reason: string, message: string): Step {
  return end(input, (input.capture.status.attempts ?? []).length === 0 ? 'refused' : 'failed', reason, message);
}

function staleness(target: StepInput['capture']['spec']['target'], pod: Pod | undefined, node: string): string | undefined {
  if (pod === undefined) return `pod ${target.namespace}/${target.pod} is gone`;
  if (target.podUid !== undefined && pod.metadata.uid !== target.podUid) return `pod ${target.pod} is another one now: its uid is ${pod.metadata.uid}, that of the alert was ${target.podUid}`;
  if (pod.spec.nodeName !== node) return `pod ${target.pod} is on node ${pod.spec.nodeName ?? 'none'}`;
  const status = [...pod.status.containerStatuses, ...pod.status.initContainerStatuses].find(({ name }) => name === target.container);
  if (status === undefined) return `pod ${target.pod} has no container ${target.container}`;
  const id = bareContainerId(status.containerID);
  if (target.containerId !== undefined && id?.startsWith(target.containerId) !== true) return `container ${target.container} was restarted: it is ${id?.slice(0, 12) ?? 'not there'}, the alert was about ${target.containerId.slice(0, 12)}`;
  return status.state?.running === undefined ? `container ${target.container} does not run` : undefined;
}

function until(moment: string | undefined, now: number): number {
  return moment === undefined ? 0 : Date.parse(moment) - now;
}
