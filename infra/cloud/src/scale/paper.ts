import { scanConcurrency, stepLimits, type StepName } from '@icecore/pipeline';
import { prices } from './prices.ts';
import { assumptions, type Stage, type Work } from './work.ts';

/** Wall time of an analysis that waits for nobody, worked out rather than simulated, in seconds. */
export function paperWallSeconds({ stages }: Work): number {
  const stageSeconds = (stage: Stage): number => Math.ceil(stage.length / scanConcurrency) * Math.max(...stage.map(({ seconds }) => seconds));
  return assumptions.startSeconds + stages.reduce((sum, stage) => sum + stageSeconds(stage), 0) + assumptions.transitionSeconds * (stages.length - 1);
}

/** Calls of each function at once on average where so many captures come in an hour: what comes in times how long it stays (Little's law). */
export function paperConcurrency({ stages }: Work, perHour: number, step: StepName): number {
  return (perHour / 3600) * stages.flat().reduce((sum, call) => (call.step === step ? sum + call.seconds : sum), 0);
}

/** What a capture costs, in US dollars, by what it is paid for. */
export interface Cost {
  readonly lambda: number;
  readonly stepFunctions: number;
  readonly requests: number;
  readonly replication: number;
  /** Keeping archive and replica for a month, cold after the first. */
  readonly firstMonth: number;
  readonly eachMonth: number;
}

/** Small objects of a capture: manifest, ledger and its heads, side files. */
const smallObjects = 20;
/** Objects that an analysis writes to the lake and between steps, besides one for each range. */
const analysisObjects = 45;
/** States of the parent that are entered, besides the calls of `verify`. */
const parentTransitions = 10;

export function costOf({ memoryGiB, stages }: Work): Cost {
  const calls = stages.flat();
  const children = calls.filter(({ step }) => step === 'scan').length;
  const lambda = calls.reduce((sum, { step, seconds }) => sum + ((stepLimits[step].memoryMiB / 1024) * seconds) * prices.lambdaGiBSecond + prices.lambdaRequest, 0);
  // Entering a child, and its one state; two transitions for each call of verify, whose Choice is one.
  const transitions = parentTransitions + 2 * children + 2 * calls.filter(({ step }) => step === 'verify').length;
  const parts = Math.ceil((memoryGiB * 1024) / 8);
  const puts = parts + smallObjects + analysisObjects + children * 8;
  // Verify and scan read the archive once each, by 8 MiB; opening it takes some forty requests a call.
  const gets = 2 * parts + 40 * calls.length;
  const requests = puts * prices.s3Put + gets * prices.s3Get + (puts + gets) * prices.dataEvent;
  const replication = memoryGiB * (prices.replicationGiB + prices.replicationTimeControlGiB) + smallObjects * prices.s3Put;
  return { lambda, stepFunctions: transitions * prices.transition, requests, replication, firstMonth: 2 * memoryGiB * prices.s3StandardGiBMonth, eachMonth: 2 * memoryGiB * prices.s3ColdGiBMonth };
}

/** What the analysis itself costs, without keeping anything. */
export function analysisCost({ lambda, stepFunctions, requests }: Cost): number {
  return lambda + stepFunctions + requests;
}
