import { type PipelinePorts, runStep, type StepName } from '@icecore/pipeline';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { portsOf } from './ports.ts';
import { observed, tellable } from './telemetry.ts';

/** Time that is left for an error to reach Step Functions, in milliseconds. */
const reserveMs = 3000;

let ports: PipelinePorts | undefined;

const named = z.object({ name: z.string() });
const batched = z.object({ BatchInput: named });

/** The handler of one step: the event is the state that Step Functions gives, the result the step's own. */
export function stepHandler(step: StepName): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>) => Promise<unknown> {
  return async (event, context) => {
    const execution = batched.safeParse(event).data?.BatchInput.name ?? named.safeParse(event).data?.name ?? 'unnamed';
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new Error(`${step}: the function's time is over`)), Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
    try {
      return await observed(step, { execution, request: context.awsRequestId }, () => runStep(step, event, (ports ??= portsOf(process.env)), { signal: stop.signal, progress: () => undefined }));
    } catch (error) {
      throw tellableError(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The error by its name, which `Retry` and `Catch` match, with a message that may stand in the execution's history. */
function tellableError(error: unknown): Error {
  const told = new Error(tellable(error instanceof Error ? error.message : String(error)));
  told.name = error instanceof Error ? error.name : 'Error';
  return told;
}
