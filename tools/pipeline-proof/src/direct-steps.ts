import { type ExecutionInput, inventoryOutput, type PipelinePorts, publishOutput, type PublishOutput, runStep, type StepName, verifyOutput } from '@icecore/pipeline';
import type { Json } from '@icecore/states';

/**
 * Calls the steps one after the other, with no state machine: what a run of the machine has to come to. All blocks are scanned
 * as one range, so that it also shows that no result hangs on how the Map divides them.
 */
export async function runSteps(input: ExecutionInput, ports: PipelinePorts): Promise<PublishOutput> {
  const state: Record<string, Json> = { ...input };
  const call = { signal: new AbortController().signal, progress: () => undefined };
  const step = async (name: StepName, given: Json = state): Promise<Json> => runStep(name, given, ports, call);
  do state['verify'] = await step('verify');
  while (!verifyOutput.parse(state['verify']).done);
  state['inventory'] = await step('inventory');
  state['decode'] = await step('decode');
  await step('scan', { BatchInput: state, Items: [{ first: 0, end: inventoryOutput.parse(state['inventory']).blockCount }] });
  for (const name of ['detect', 'tables', 'publish'] as const) state[name] = await step(name);
  return publishOutput.parse(state['publish']);
}
