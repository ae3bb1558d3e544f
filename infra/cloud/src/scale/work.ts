import { rangesPerChild, stepLimits, type StepName, verifySliceBytes } from '@icecore/pipeline';
import { lineOf, type Recorded, type RecordedStep } from './durations.ts';

/** What is assumed of AWS and cannot be measured here. Each is on the slow side. */
export const assumptions = {
  /** A processor of Lambda on arm64 takes this many times as long as the one that was measured. */
  slowdown: 1.5,
  /** What one function reads from S3 with one request after the other, in MiB a second. */
  readMiBPerSecond: 70,
  /** Opening an archive in S3: requests that follow each other, in seconds together. */
  openSeconds: 1.2,
  /** Step Functions between two states, in seconds. */
  transitionSeconds: 0.1,
  /** A function that starts cold, in seconds; every call is taken for one. */
  coldSeconds: 1,
  /** From the manifest in S3 to the first state: EventBridge and `start`, in seconds. */
  startSeconds: 2,
} as const;

/** Mebibytes of a range: `rangesOf` of libs/pipeline. */
export const blocksPerRange = 16;
/** Memory at which a function of Lambda has one processor, in MiB (Lambda developer guide, "Configure Lambda function memory"). */
const processorMiB = 1769;

/** One call of a function. */
export interface Call {
  readonly step: StepName;
  readonly seconds: number;
}

/** Calls that may run at the same time; the next stage begins when all of them have ended. */
export type Stage = readonly Call[];

/** What an analysis of a capture does, in the order of the definition. */
export interface Work {
  readonly memoryGiB: number;
  readonly stages: readonly Stage[];
}

/** The calls that a capture of this size takes, by the durations that were recorded. */
export function workOf(recorded: Recorded, memoryGiB: number): Work {
  const one = (step: Exclude<RecordedStep, 'scan' | 'verify'>): Stage => {
    const { base, perGiB } = lineOf(recorded, step);
    return [callOf(step, base + perGiB * memoryGiB, 0)];
  };
  return { memoryGiB, stages: [...verifyCalls(recorded, memoryGiB).map((call) => [call]), one('inventory'), one('decode'), scanCalls(recorded, memoryGiB), one('detect'), one('tables'), one('publish')] };
}

/** The archive is as large as its memory, but for some MiB of other images. */
function verifyCalls({ hashing }: Recorded, memoryGiB: number): readonly Call[] {
  const sliceGiB = verifySliceBytes / 2 ** 30;
  const whole = memoryGiB <= sliceGiB;
  const rate = whole ? hashing.nativeMiBPerSecond : hashing.resumableMiBPerSecond;
  return Array.from({ length: Math.ceil(memoryGiB / sliceGiB) }, (_, at) => {
    const mebibytes = Math.min(sliceGiB, memoryGiB - at * sliceGiB) * 1024;
    return callOf('verify', mebibytes / rate, mebibytes);
  });
}

function scanCalls(recorded: Recorded, memoryGiB: number): Stage {
  const { base, perGiB } = lineOf(recorded, 'scan');
  const childMiB = rangesPerChild * blocksPerRange;
  return Array.from({ length: Math.ceil((memoryGiB * 1024) / childMiB) }, (_, at) => {
    const mebibytes = Math.min(childMiB, memoryGiB * 1024 - at * childMiB);
    return callOf('scan', base + (perGiB * mebibytes) / 1024, mebibytes);
  });
}

/** Seconds of a call: processor time on the processor that the function's memory buys, reading from S3, opening the archive, and a cold start. None of them overlaps. */
function callOf(step: StepName, processorSeconds: number, readMiB: number): Call {
  const share = Math.min(1, stepLimits[step].memoryMiB / processorMiB);
  return { step, seconds: assumptions.coldSeconds + assumptions.openSeconds + (processorSeconds * assumptions.slowdown) / share + readMiB / assumptions.readMiBPerSecond };
}

/** Size of a capture, in GiB of memory, at which one call of a step takes all of its function's time. */
export function largestFor(recorded: Recorded, step: 'detect' | 'tables'): number {
  const { base, perGiB } = lineOf(recorded, step);
  const { functionSeconds, memoryMiB } = stepLimits[step];
  const processorSeconds = ((functionSeconds - assumptions.coldSeconds - assumptions.openSeconds) / assumptions.slowdown) * Math.min(1, memoryMiB / processorMiB);
  return (processorSeconds - base) / perGiB;
}

/** Whether each call of a capture ends within its function's time, and the calls together within the execution's. */
export interface Profile {
  /** Largest capture, in GiB of memory, whose every call ends in its time. */
  readonly largestGiB: number;
  /** The step that ends first. */
  readonly first: StepName | 'execution';
}

/** Looks for the largest capture that can be analysed, to the hundredth. */
export function profileOf(recorded: Recorded, executionSeconds: number, wallSeconds: (work: Work) => number): Profile {
  const failing = (memoryGiB: number): Profile['first'] | undefined => {
    const work = workOf(recorded, memoryGiB);
    const late = work.stages.flat().find(({ step, seconds }) => seconds > stepLimits[step].functionSeconds);
    return late?.step ?? (wallSeconds(work) > executionSeconds ? 'execution' : undefined);
  };
  let [fits, fails] = [1, 2];
  while (failing(fails) === undefined) [fits, fails] = [fails, fails * 2];
  while (fails / fits > 1.01) {
    const middle = (fits + fails) / 2;
    if (failing(middle) === undefined) fits = middle;
    else fails = middle;
  }
  return { largestGiB: fits, first: failing(fails) ?? 'execution' };
}
