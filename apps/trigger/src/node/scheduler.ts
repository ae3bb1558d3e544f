import { type Advance, type Capture, captureFinalizer, type CaptureWalk, isFinal } from '@icecore/capture';

interface Entry {
  due: number;
  running: boolean;
  deleted: boolean;
  /** What is severe goes first. */
  readonly severity: number;
}

/** Walks the captures of a node, several at once, each when it is due. */
export interface Scheduler {
  /** Told of each capture that the watch brings. */
  consider(capture: Capture): void;
  /** Captures that are not at their end. */
  readonly waiting: number;
  /** Begins no more, and resolves when those that run have ended or stand at a place to stop. */
  stop(): Promise<void>;
}

export interface SchedulerOptions {
  readonly parallel: number;
  readonly onAdvance: (name: string, advance: Advance) => void;
}

export function scheduler(walk: CaptureWalk, { parallel, onAdvance }: SchedulerOptions): Scheduler {
  const entries = new Map<string, Entry>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const run = async (name: string, entry: Entry): Promise<void> => {
    entry.running = true;
    const advance = await walk.advance(name, stopping.signal);
    entry.running = false;
    if (advance.kind === 'wait') entry.due = Date.now() + advance.ms;
    else entries.delete(name);
    onAdvance(name, advance);
  };

  const next = (): void => {
    clearTimeout(timer);
    if (stopping.signal.aborted) return;
    const now = Date.now();
    const idle = [...entries].filter(([, { running: at }]) => !at);
    const due = idle.filter(([, entry]) => entry.due <= now).sort(([, a], [, b]) => b.severity - a.severity || a.due - b.due);
    for (const [name, entry] of due.slice(0, Math.max(0, parallel - running.size))) {
      const work = run(name, entry).finally(() => {
        running.delete(work);
        next();
      });
      running.add(work);
    }
    if (running.size >= parallel) return;
    const soonest = Math.min(...idle.filter(([, entry]) => entry.due > now).map(([, { due: at }]) => at));
    if (Number.isFinite(soonest)) timer = setTimeout(next, Math.min(soonest - now, 60_000));
  };

  return {
    consider(capture) {
      const { metadata, status, spec } = capture;
      const deleted = metadata.deletionTimestamp != null;
      const entry = entries.get(metadata.name);
      if (entry !== undefined) {
        if (!deleted || entry.deleted) return;
        entry.deleted = true;
        entry.due = Date.now();
      } else {
        if (isFinal(status.phase) && metadata.finalizers?.includes(captureFinalizer) !== true) return;
        entries.set(metadata.name, { due: Date.now(), running: false, deleted, severity: spec.alert?.severity ?? 0 });
      }
      next();
    },
    get waiting() {
      return entries.size;
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.allSettled(running);
    },
  };
}
