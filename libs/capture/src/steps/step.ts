import { type ConditionType, withCondition } from '../conditions.ts';
import { mayFollow, type Phase } from '../phase.ts';
import type { NodePorts } from '../ports.ts';
import type { Capture, CaptureStatus } from '../resource.ts';

/** What a step came to: a status to write down, and go on; or to come back later, with what to write down meanwhile. */
export type Step = { readonly kind: 'next'; readonly status: CaptureStatus } | { readonly kind: 'wait'; readonly ms: number; readonly status?: CaptureStatus };

/** What a step is given. */
export interface StepInput {
  readonly capture: Capture;
  readonly ports: NodePorts;
  /** This very walk wrote the phase down a moment ago: nothing of its work can have been done before. */
  readonly fresh: boolean;
  /** How often this step was put off in a row, for the waits between tries. */
  readonly tries: number;
}

/** Goes to a phase. Throws where it cannot follow: a defect of icecore. */
export function next({ capture, ports }: Pick<StepInput, 'capture' | 'ports'>, phase: Phase, change: Partial<CaptureStatus>, condition?: readonly [ConditionType, boolean, string, string]): Step {
  const { status } = capture;
  if (!mayFollow(status.phase, phase)) throw new Error(`a capture cannot go from ${status.phase} to ${phase}`);
  // What told of the phase before is over with it.
  const kept = { ...status };
  for (const field of ['retryAt', 'reason', 'message'] as const) delete kept[field];
  const at = new Date(ports.now()).toISOString();
  const conditions = condition === undefined ? status.conditions : withCondition(status.conditions, condition[0], { holds: condition[1], reason: condition[2], message: condition[3], at, generation: capture.metadata.generation });
  return { kind: 'next', status: { ...kept, ...(conditions === undefined ? {} : { conditions }), ...change, phase } };
}

/** Ends the capture, with the reason in a word and in words. */
export function end(input: Pick<StepInput, 'capture' | 'ports'>, phase: 'sealed' | 'failed' | 'refused', reason: string, message: string): Step {
  const finishedAt = new Date(input.ports.now()).toISOString();
  return next(input, phase, { reason, message: message.slice(0, 4000), finishedAt }, ['Finished', true, reason, message]);
}

/** Puts a step off because something does not answer; the reason is written down once. */
export function putOff({ capture, ports, tries }: StepInput, reason: string, message: string): Step {
  const [first, longest] = ports.limits.backoffMs;
  const ms = Math.min(longest, first * 2 ** Math.min(tries, 20));
  if (capture.status.reason === reason) return { kind: 'wait', ms };
  return { kind: 'wait', ms, status: { ...capture.status, reason, message: message.slice(0, 4000) } };
}
