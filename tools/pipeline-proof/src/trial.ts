import { type ExecutionInput, type PipelinePorts, runEmbedded, runStep, type EmbeddedResult } from '@icecore/pipeline';
import type { Journal, Json, StepResult, TaskCall, TaskRunner } from '@icecore/states';
import { stateAt, stepOf, taskStates } from './definition-states.ts';

/** What steps came to, by their places; the journal of a run that can be looked at and cut. */
export type Records = Map<string, StepResult>;

export function journalOf(records: Records): Journal {
  return { read: async (place) => records.get(place), write: async (place, result) => void records.set(place, result) };
}

/** As a redrive finds an execution: what succeeded is kept, with the tries before it, and what failed in the end is to be done. */
export function redriven(records: ReadonlyMap<string, StepResult>): Records {
  const base = (place: string): string => place.replace(/#\d+$/, '');
  const done = new Set([...records].flatMap(([place, result]) => ('output' in result ? [base(place)] : [])));
  return new Map([...records].filter(([place]) => done.has(base(place))));
}

/** What a run is told to suffer: an error to throw instead of the work, or a promise to wait for instead of it. */
export type Fault = (state: string, call: TaskCall) => Error | Promise<Json> | undefined;

/** An error as a function gives it, by its name. */
export function named(name: string, reason = `${name}, as it was asked for`): Error {
  return Object.assign(new Error(reason), { name });
}

/** How a run went. */
export interface Trial {
  readonly result: EmbeddedResult;
  /** Places that were called, in their order. */
  readonly calls: readonly string[];
  /** Seconds before each new try, of the state of each place. */
  readonly waits: readonly { readonly place: string; readonly seconds: number }[];
  readonly records: Records;
}

export interface TrialOptions {
  readonly ports: PipelinePorts;
  readonly fault?: Fault;
  readonly records?: Records;
  readonly sleep?: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** As if the steps took and gave these, which they do where it is not given. */
  readonly work?: TaskRunner['run'];
}

/** Runs the machine with the real steps, but for the faults that are asked for. Waits between tries are told and not waited. */
export async function tryRun(input: ExecutionInput, { ports, fault = () => undefined, records = new Map(), sleep = async () => undefined, work }: TrialOptions): Promise<Trial> {
  const calls: string[] = [];
  const waits: { place: string; seconds: number }[] = [];
  const tasks: TaskRunner = {
    async run(resource, value, call) {
      calls.push(call.place);
      const state = stateAt(call.place);
      const suffered = fault(state, call);
      if (suffered instanceof Promise) return suffered;
      if (suffered !== undefined) throw suffered;
      const task = taskStates.get(state);
      if (task === undefined) throw new TypeError(`${call.place} is no task`);
      return work?.(resource, value, call) ?? runStep(stepOf(task), value, ports, { signal: call.signal, progress: () => call.heartbeat() });
    },
  };
  const result = await runEmbedded(input, {
    ports, tasks, sleep, concurrency: 2,
    journal: journalOf(records),
    onEvent: (event) => {
      if (event.kind === 'retried') waits.push({ place: event.place, seconds: event.delaySeconds });
    },
  });
  return { result, calls, waits, records };
}
