export { type Definition, readDefinition, type State } from './definition.ts';
export { checkDefinition } from './check-definition.ts';
export { DefinitionError, JournalError, StateError } from './errors.ts';
export { type Json, type JsonObject, maxPayloadBytes } from './json.ts';
export type { ExecutionEvent, ExecutionOptions, ItemStore, Journal, StepResult, TaskCall, TaskRunner } from './ports.ts';
export { type ExecutionResult, runExecution } from './run.ts';
