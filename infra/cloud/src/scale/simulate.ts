import { scanConcurrency, type StepName } from '@icecore/pipeline';
import { assumptions, type Stage, type Work } from './work.ts';

/** What a simulation came to. */
export interface Simulated {
  /** From the manifest in S3 to the end of the analysis, in seconds, in the order of the captures. */
  readonly wallSeconds: readonly number[];
  /** Most calls of a function at once. */
  readonly peak: Readonly<Record<StepName, number>>;
  /** Seconds of all calls of a function together. */
  readonly busySeconds: Readonly<Record<StepName, number>>;
  /** Seconds that calls waited for concurrency. */
  readonly waitedSeconds: number;
  /** When the last analysis ended, in seconds. */
  readonly endedAt: number;
}

interface Running {
  readonly index: number;
  readonly arrivedAt: number;
  readonly stages: readonly Stage[];
  stage: number;
  /** Calls of the stage that have not begun, and that have not ended. */
  next: number;
  open: number;
}

/**
 * Simulates analyses event by event: each call waits for one of its function's places, as many as are reserved, and runs as long
 * as it takes. A call that finds no place is one that Lambda refuses and Step Functions tries again; here it is the first
 * that gets the next place.
 */
export function simulate(arrivals: readonly { readonly at: number; readonly work: Work }[], places: Readonly<Record<StepName, number>>): Simulated {
  const events = new Agenda();
  const free = { ...places };
  const waiting: Record<StepName, (() => void)[]> = byStep(() => []);
  const peak: Record<StepName, number> = byStep(() => 0);
  const busySeconds: Record<StepName, number> = byStep(() => 0);
  const wallSeconds: number[] = arrivals.map(() => 0);
  let waitedSeconds = 0;
  let now = 0;

  const beginStage = (running: Running): void => {
    const calls = running.stages[running.stage];
    if (calls === undefined) throw new Error('an analysis has ended and goes on');
    running.next = 0;
    running.open = calls.length;
    for (let at = 0; at < Math.min(scanConcurrency, calls.length); at += 1) beginCall(running);
  };
  const beginCall = (running: Running): void => {
    const call = running.stages[running.stage]?.[running.next];
    if (call === undefined) return;
    running.next += 1;
    const { step, seconds } = call;
    const askedAt = now;
    const run = (): void => {
      waitedSeconds += now - askedAt;
      free[step] -= 1;
      peak[step] = Math.max(peak[step], places[step] - free[step]);
      busySeconds[step] += seconds;
      events.add(now + seconds, () => endCall(running, step));
    };
    if (free[step] > 0) run();
    else waiting[step].push(run);
  };
  const endCall = (running: Running, step: StepName): void => {
    free[step] += 1;
    waiting[step].shift()?.();
    running.open -= 1;
    if (running.open > 0) return beginCall(running);
    running.stage += 1;
    if (running.stage < running.stages.length) events.add(now + assumptions.transitionSeconds, () => beginStage(running));
    else wallSeconds[running.index] = now - running.arrivedAt;
  };
  for (const [index, { at, work }] of arrivals.entries()) events.add(at + assumptions.startSeconds, () => beginStage({ index, arrivedAt: at, stages: work.stages, stage: 0, next: 0, open: 0 }));
  for (let event = events.take(); event !== undefined; event = events.take()) {
    now = event.at;
    event.then();
  }
  return { wallSeconds, peak, busySeconds, waitedSeconds, endedAt: now };
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly then: () => void;
}

/** What happens when: a heap, in which of two events of one moment the one that was added first comes first. */
class Agenda {
  private readonly heap: Event[] = [];
  private added = 0;

  add(at: number, then: () => void): void {
    const event = { at, order: (this.added += 1), then };
    let place = this.heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.heap[above];
      if (parent === undefined || before(parent, event)) break;
      this.heap[place] = parent;
      place = above;
    }
    this.heap[place] = event;
  }

  take(): Event | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || this.heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const [left, right] = [this.heap[2 * place + 1], this.heap[2 * place + 2]];
      const least = right !== undefined && left !== undefined && before(right, left) ? right : left;
      if (least === undefined || before(last, least)) break;
      const from = least === left ? 2 * place + 1 : 2 * place + 2;
      this.heap[place] = least;
      place = from;
    }
    this.heap[place] = last;
    return first;
  }
}

function before(left: Event, right: Event): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order);
}

function byStep<T>(make: () => T): Record<StepName, T> {
  return { verify: make(), inventory: make(), decode: make(), scan: make(), detect: make(), tables: make(), publish: make(), quarantine: make() };
}

/** Moments at which captures come: as many an hour, by chance, and the same for the same seed. */
export function arrivalsOf(perHour: number, hours: number, seed: number): readonly number[] {
  const random = randomOf(seed);
  const moments: number[] = [];
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) * 3600) / perHour;
    if (at >= hours * 3600) return moments;
    moments.push(at);
  }
}

/** Numbers from [0, 1), by Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
