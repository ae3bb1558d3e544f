/**
 * Where a capture stands. Each is written down before its work begins, so that whoever comes after a crash knows what may
 * have been done.
 */
export const phases = ['pending', 'checking', 'checkpointing', 'hashing', 'shipping', 'verifying', 'removing', 'sealed', 'failed', 'refused'] as const;
export type Phase = (typeof phases)[number];

/** `sealed`: the vault holds it. `failed`: it was tried and could not be done. `refused`: it was not tried, for a reason. */
export type FinalPhase = 'sealed' | 'failed' | 'refused';

const following: Readonly<Record<Phase, readonly Phase[]>> = {
  pending: ['checking', 'hashing', 'refused', 'failed'],
  checking: ['checkpointing', 'refused', 'failed'],
  checkpointing: ['hashing', 'checking', 'failed'],
  hashing: ['shipping', 'failed'],
  shipping: ['verifying', 'failed'],
  verifying: ['removing', 'failed'],
  removing: ['sealed', 'failed'],
  sealed: [],
  failed: [],
  refused: [],
};

export function mayFollow(before: Phase, after: Phase): boolean {
  return before === after || following[before].includes(after);
}

export function isFinal(phase: Phase): phase is FinalPhase {
  return following[phase].length === 0;
}
