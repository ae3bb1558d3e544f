import type { SealingPhase } from './sealing-child.test-support.ts';
import type { Kill, Ran } from './sealing-run.test-support.ts';

/** In which phase the kills into one vault fall, one after the other. An upload is taken up between those in it. */
export const killOrder: readonly SealingPhase[] = ['storing', 'hashing', 'storing', 'storing', 'settling', 'recording', 'recording'];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomNumbers(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A place to be killed at: by a wait, by the clock, or by a step of a request, as the dice say. `whole` is a run that nobody broke off. */
export function nextKill(random: () => number, phase: SealingPhase, whole: Ran): Kill {
  const [how, where] = [random(), random()];
  const steps = stepsOf(phase, whole.steps);
  if (how < 0.4 && steps.length > 0) return { atStep: steps[Math.floor(where * steps.length)] ?? 1 };
  if (how < 0.7) return { phase, afterMs: where * whole.ms[phase] };
  return { phase, atWait: 1 + Math.floor(where * whole.waits[phase]) };
}

/** Numbers of the steps that belong to a phase: up to the request that makes the object, and from there to the first small object that is put. */
function stepsOf(phase: SealingPhase, steps: readonly string[]): number[] {
  const [completing, recording] = ['POST uploadId arrived', 'PUT arrived'].map((each) => steps.indexOf(each));
  const numbers = steps.map((_, i) => i + 1);
  const of: Readonly<Record<SealingPhase, number[]>> = { hashing: [], storing: numbers.slice(0, completing), settling: numbers.slice(completing, recording), recording: numbers.slice(recording) };
  return of[phase];
}
