import { isFinal, type Phase } from './phase.ts';
import type { NodePorts } from './ports.ts';
import { type Capture, type CaptureStatus, captureFinalizer } from './resource.ts';
import { begin, checkRoom, checkTarget } from './steps/check.ts';
import { hash, remove, ship, verify } from './steps/keep.ts';
import { end, type Step, type StepInput } from './steps/step.ts';
import { take } from './steps/take.ts';

/** How far a capture got: it ended, it is no longer there, or it is to be looked at again after a time. */
export type Advance =
  | { readonly kind: 'ended'; readonly capture: Capture }
  | { readonly kind: 'gone' }
  | { readonly kind: 'wait'; readonly ms: number; readonly error?: unknown };

/** Told of each phase as it is written down, for metrics, logs and traces. */
export type OnPhase = (capture: Capture, before: Phase) => void;

/** Walks captures of one node to their end. */
export interface CaptureWalk {
  /** Goes as far as it can. Never rejects: what does not answer now is a wait. One capture is walked by one caller at a time. */
  advance(name: string, signal: AbortSignal): Promise<Advance>;
}

/** A result that the API did not take yet: the kubelet was called, and what it said must not be lost. */
interface Unstored {
  readonly phase: Phase;
  readonly attempts: number;
  readonly status: CaptureStatus;
}

/**
 * The state machine of a capture. Every phase is stored before its work is begun, and its work can be done twice without
 * harm, but for the checkpoint: whoever finds that phase stored and did not store it looks for the archive first.
 */
export function captureWalk(ports: NodePorts, onPhase: OnPhase = () => undefined): CaptureWalk {
  const unstored = new Map<string, Unstored>();
  const tries = new Map<string, number>();
  const admission = mutex();

  const store = async (capture: Capture, status: CaptureStatus): Promise<Capture | undefined> => {
    let current = capture;
    for (;;) {
      const written = await ports.store.writeStatus(current, status);
      if (written.outcome === 'stored') return written.capture;
      if (written.outcome === 'gone') return undefined;
      const read = await ports.store.get(capture.metadata.name);
      // Another wrote something else of it, a label or an annotation; what was found out holds. Where the phase moved, it does not.
      if (read === undefined || !samePlace(read, capture)) return read;
      current = read;
    }
  };

  const stepOf = async (input: StepInput): Promise<{ step: Step; stored: Capture | undefined }> => {
    const { capture } = input;
    const kept = unstored.get(capture.metadata.name);
    if (kept !== undefined && kept.phase === capture.status.phase && kept.attempts === attemptsOf(capture)) {
      return storing(input, { kind: 'next', status: kept.status });
    }
    if (capture.status.phase !== 'checking') return storing(input, await stepFor(input));
    const refused = await checkTarget(input);
    if (refused !== undefined) return storing(input, refused);
    await ports.beside.gather(capture, 'before');
    return admission(async () => storing(input, await checkRoom(input)));
  };

  const storing = async ({ capture }: StepInput, step: Step): Promise<{ step: Step; stored: Capture | undefined }> => {
    if (step.status === undefined) return { step, stored: capture };
    const { name } = capture.metadata;
    if (capture.status.phase === 'checkpointing') unstored.set(name, { phase: capture.status.phase, attempts: attemptsOf(capture), status: step.status });
    const stored = await store(capture, step.status);
    unstored.delete(name);
    if (stored !== undefined && stored.status.phase !== capture.status.phase) onPhase(stored, capture.status.phase);
    return { step, stored };
  };

  return {
    async advance(name, signal) {
      try {
        let capture = await ports.store.get(name);
        let fresh = false;
        while (capture !== undefined && !signal.aborted) {
          const { phase } = capture.status;
          if (isFinal(phase)) return await finish(capture, ports);
          const { step, stored }: { step: Step; stored: Capture | undefined } = await stepOf({ capture, ports, fresh, tries: tries.get(name) ?? 0 });
          if (step.kind === 'wait') {
            tries.set(name, (tries.get(name) ?? 0) + 1);
            return stored === undefined ? { kind: 'gone' } : { kind: 'wait', ms: Math.max(1, step.ms) };
          }
          tries.delete(name);
          fresh = stored?.status.phase === 'checkpointing' && phase === 'checking' && step.status.attempts?.length === stored.status.attempts?.length;
          capture = stored;
        }
        return capture === undefined ? { kind: 'gone' } : { kind: 'wait', ms: 1 };
      } catch (error) {
        const count = tries.get(name) ?? 0;
        tries.set(name, count + 1);
        const [first, longest] = ports.limits.backoffMs;
        return { kind: 'wait', ms: Math.min(longest, first * 2 ** Math.min(count, 20)), error };
      }
    },
  };
}

async function stepFor(input: StepInput): Promise<Step> {
  switch (input.capture.status.phase) {
    case 'pending':
      return begin(input);
    case 'checkpointing':
      return take(input);
    case 'hashing':
      return hash(input);
    case 'shipping':
      return ship(input);
    case 'verifying':
      return verify(input);
    case 'removing':
      return remove(input);
    default:
      return end(input, 'failed', 'UnknownPhase', `phase ${input.capture.status.phase} has no step`);
  }
}

/** Tells people, lets go of what was kept for it on the node, and lets the capture be deleted. Done again it does no harm. */
async function finish(capture: Capture, { store, beside }: Pick<NodePorts, 'store' | 'beside'>): Promise<Advance> {
  if (capture.metadata.finalizers?.includes(captureFinalizer) !== true) return { kind: 'ended', capture };
  const { phase, reason = phase, message = '' } = capture.status;
  await store.tell(capture, { type: phase === 'sealed' ? 'Normal' : 'Warning', reason, message: `${capture.spec.subject}: ${message}` });
  const { finding } = capture.status;
  if (finding !== undefined) await store.tell(capture, { type: 'Warning', reason: 'Finding', message: `${capture.spec.subject}: ${finding.signal} ${finding.title}, ${finding.severity}: ${finding.summary}` });
  await beside.discard(capture);
  for (let current: Capture | undefined = capture; current !== undefined; ) {
    const released = await store.release(current);
    if (released.outcome === 'stored') return { kind: 'ended', capture: released.capture };
    if (released.outcome === 'gone') break;
    current = await store.get(capture.metadata.name);
  }
  return { kind: 'gone' };
}

function samePlace(a: Capture, b: Capture): boolean {
  return a.status.phase === b.status.phase && attemptsOf(a) === attemptsOf(b);
}

function attemptsOf({ status }: Capture): number {
  return status.attempts?.length ?? 0;
}

/** Runs one at a time, in the order of asking. */
function mutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}

