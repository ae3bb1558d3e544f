import { type Definition, type ExecutionEvent, type ExecutionResult, type Journal, readDefinition, runExecution, type TaskRunner } from '@icecore/states';
import { pipelineDefinition, type StepName, stepNames } from './definition.ts';
import type { ExecutionInput } from './input.ts';
import type { PipelinePorts } from './ports.ts';
import { runStep } from './run-step.ts';
import { workingItems } from './working.ts';

export interface EmbeddedOptions {
  readonly ports: PipelinePorts;
  /** Remembers what steps came to, so that an execution that was broken off goes on. */
  readonly journal?: Journal;
  readonly onEvent?: (event: ExecutionEvent) => void;
  readonly onProgress?: (step: StepName, done: number, total: number) => void;
  /** Children of the Map at once. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly sleep?: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Runs a step; `runStep` in this process where it is not given. */
  readonly tasks?: TaskRunner;
}

/** How an embedded run ended. `thrown` is what the step that failed threw, with its stack; undefined where the journal tells of the failure. */
export type EmbeddedResult = ExecutionResult & { readonly thrown?: unknown };

/** Runs the same definition as AWS does, with the steps in this process. */
export async function runEmbedded(input: ExecutionInput, { ports, journal, onEvent, onProgress, concurrency, signal, sleep, tasks }: EmbeddedOptions): Promise<EmbeddedResult> {
  let thrown: unknown;
  const result = await runExecution(embeddedDefinition(), { ...input }, {
    name: input.name,
    machineName: 'icecore',
    startedAt: ports.clock(),
    items: workingItems(ports.working),
    tasks: tasks ?? {
      async run(resource, value, { signal: stop, heartbeat }) {
        const step = stepNames.find((each) => each === resource);
        if (step === undefined) throw new TypeError(`${resource} is no step`);
        const progress = (done: number, total: number): void => {
          heartbeat();
          onProgress?.(step, done, total);
        };
        try {
          return await runStep(step, value, ports, { signal: stop, progress });
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
    },
    ...(journal === undefined ? {} : { journal }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(concurrency === undefined ? {} : { maxConcurrency: concurrency }),
    ...(signal === undefined ? {} : { signal }),
    ...(sleep === undefined ? {} : { sleep }),
  });
  return result.status === 'failed' && thrown !== undefined ? { ...result, thrown } : result;
}

/** Embedded, a step's resource is its name. */
const names: Readonly<Record<StepName, string>> = {
  verify: 'verify', inventory: 'inventory', decode: 'decode', scan: 'scan', detect: 'detect', tables: 'tables', publish: 'publish', quarantine: 'quarantine',
};

let definition: Definition | undefined;

/** Read once, for a process may run it for thousands of captures. */
function embeddedDefinition(): Definition {
  return (definition ??= readDefinition(pipelineDefinition(names)));
}
