import { pipelineDefinition, type StepName, stepNames } from '@icecore/pipeline';
import { type Definition, readDefinition, type State } from '@icecore/states';

const names: Readonly<Record<StepName, string>> = {
  verify: 'verify', inventory: 'inventory', decode: 'decode', scan: 'scan', detect: 'detect', tables: 'tables', publish: 'publish', quarantine: 'quarantine',
};

/** The definition as it is run embedded, where a step's resource is its name. */
export const definition: Definition = readDefinition(pipelineDefinition(names));

/** Every state, those within the Map among them. */
export const states: ReadonlyMap<string, State> = new Map(Object.entries(definition.States).flatMap(([name, state]) => [[name, state] as const, ...(state.Type === 'Map' ? Object.entries(state.ItemProcessor.States) : [])]));

export type TaskState = Extract<State, { Type: 'Task' }>;

/** The states that do work. */
export const taskStates: ReadonlyMap<string, TaskState> = new Map([...states].flatMap(([name, state]) => (state.Type === 'Task' ? [[name, state] as const] : [])));

/** The step that a state calls. */
export function stepOf(state: TaskState): StepName {
  const step = stepNames.find((each) => each === state.Resource);
  if (step === undefined) throw new TypeError(`${state.Resource} is no step`);
  return step;
}

/** The state of a place in an execution, `scan/0/scan-ranges#2`. */
export function stateAt(place: string): string {
  return (place.split('/').at(-1) ?? '').replace(/[#~].*$/, '');
}
