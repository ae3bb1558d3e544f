import { type Capture, type CaptureStore, followUp, type FollowUpPorts, needsFollowUp } from '@icecore/capture';
import type { Logger } from '../logger.ts';
import type { AlertMetrics } from './metrics.ts';

/** Does what policy asks for after captures, one at a time. */
export interface FollowUpQueue {
  consider(capture: Capture): void;
  idle(): Promise<void>;
}

export function followUpQueue(store: Pick<CaptureStore, 'get' | 'writeStatus'>, actions: Omit<FollowUpPorts, 'now'>, metrics: AlertMetrics, log: Logger): FollowUpQueue {
  const queued = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  const work = async (name: string): Promise<void> => {
    queued.delete(name);
    try {
      const capture = await store.get(name);
      if (capture === undefined || !needsFollowUp(capture)) return;
      const before = capture.status.followedUp?.length ?? 0;
      const status = await followUp(capture, { ...actions, now: Date.now });
      for (const { action, outcome } of status.followedUp?.slice(before) ?? []) metrics.followUps.inc({ action, outcome });
      // Where another wrote meanwhile, the watch tells of it and the turn comes again; the actions themselves can be done twice.
      const written = await store.writeStatus(capture, status);
      log.info({ capture: name, done: status.followedUp?.slice(before), written: written.outcome }, 'followed up');
    } catch (error) {
      log.warn({ error, capture: name }, 'could not follow up; the next change of the capture tries again');
    }
  };
  return {
    consider(capture) {
      const { name } = capture.metadata;
      if (!needsFollowUp(capture) || queued.has(name)) return;
      queued.add(name);
      last = last.then(() => work(name));
    },
    idle: () => last,
  };
}
