import type { Json } from '@icecore/states';
import { z } from 'zod';
import type { StepName } from './definition.ts';
import { stepFailureOf } from './errors.ts';
import { stepInputs } from './input.ts';
import type { PipelinePorts, StepCall } from './ports.ts';
import { decode } from './steps/decode.ts';
import { detect } from './steps/detect.ts';
import { inventory } from './steps/inventory.ts';
import { publish } from './steps/publish.ts';
import { quarantine } from './steps/quarantine.ts';
import { scan } from './steps/scan.ts';
import { tables } from './steps/tables.ts';
import { verify } from './steps/verify.ts';

/** Parses a step's input and runs it. */
const steps: Readonly<Record<StepName, (input: unknown, ports: PipelinePorts, call: StepCall) => Promise<unknown>>> = {
  verify: (input, ports, call) => verify(stepInputs.verify.parse(input), ports, call),
  inventory: (input, ports) => inventory(stepInputs.inventory.parse(input), ports),
  decode: (input, ports, call) => decode(stepInputs.decode.parse(input), ports, call),
  scan: (input, ports, call) => scan(stepInputs.scan.parse(input), ports, call),
  detect: (input, ports) => detect(stepInputs.detect.parse(input), ports),
  tables: (input, ports) => tables(stepInputs.tables.parse(input), ports),
  publish: (input, ports) => publish(stepInputs.publish.parse(input), ports),
  quarantine: (input, ports) => quarantine(stepInputs.quarantine.parse(input), ports),
};

const json = z.json();

/** Runs one step. Rejects with a `StepFailure` for bad input and for faults of stores, with anything else for a defect. */
export async function runStep(step: StepName, input: unknown, ports: PipelinePorts, call: StepCall): Promise<Json> {
  try {
    return json.parse(await steps[step](input, ports, call));
  } catch (error) {
    throw stepFailureOf(error);
  }
}
