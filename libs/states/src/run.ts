import { parseRule } from './choice.ts';
import { checkDefinition } from './check-definition.ts';
import type { Definition, FailState, Machine, ParallelState, PassState, State, TaskState, WaitState } from './definition.ts';
import { eachConcurrently } from './concurrency.ts';
import { JournalError, StateError, stateErrorOf } from './errors.ts';
import { catcherOf, retryDelay, type RetryCounts } from './failures.ts';
import { isList, type Json, type JsonObject, maxPayloadBytes } from './json.ts';
import { runMap } from './map.ts';
import { parsePath, parseReferencePath, requireAt, withValueAt } from './path.ts';
import type { ExecutionOptions, StepResult } from './ports.ts';
import { runAttempt } from './task.ts';
import { fill, parseTemplate } from './template.ts';

/** How an execution ended. */
export type ExecutionResult = { readonly status: 'succeeded'; readonly output: Json } | { readonly status: 'failed'; readonly error: string; readonly reason: string };

/** An execution while it runs: the options, and what `$$` tells at this place. */
export interface Run {
  readonly options: ExecutionOptions;
  readonly context: JsonObject;
  /** Place of the machine in the execution, with a slash at its end; empty at the top. */
  readonly prefix: string;
}

/**
 * Runs a definition to its end. Never rejects for what a task does; rejects where the execution is aborted or its
 * journal fails. Throws a `DefinitionError` for a definition that has anything that is not run here.
 */
export async function runExecution(definition: Definition, input: Json, given: ExecutionOptions): Promise<ExecutionResult> {
  checkDefinition(definition);
  using limit = timeLimit(definition.TimeoutSeconds);
  const signals = [given.signal, limit.signal].flatMap((signal) => signal ?? []);
  const options = signals.length === 0 ? given : { ...given, signal: AbortSignal.any(signals) };
  const context: JsonObject = {
    Execution: { Id: options.name, Name: options.name, Input: input, StartTime: options.startedAt.toISOString() },
    StateMachine: { Name: options.machineName ?? '' },
  };
  try {
    return { status: 'succeeded', output: await runMachine(definition, input, { options, context, prefix: '' }) };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { status: 'failed', error: error.error, reason: error.reason };
  }
}

/** Aborts with `States.Timeout` when the definition's time is over; one without a limit never does. */
function timeLimit(seconds: number | undefined): Disposable & { readonly signal: AbortSignal | undefined } {
  if (seconds === undefined) return { signal: undefined, [Symbol.dispose]: () => undefined };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new StateError('States.Timeout', `the execution took longer than ${seconds} s`)), seconds * 1000);
  return { signal: stop.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Most states that one machine may pass through: a definition that goes in circles ends here. */
const maxTransitions = 25_000;

/** Runs a machine, or a branch of one. Rejects with a `StateError` where it fails. */
export async function runMachine(machine: Machine, input: Json, run: Run): Promise<Json> {
  let name: string | undefined = machine.StartAt;
  let value = input;
  const visits = new Map<string, number>();
  for (let transitions = 0; name !== undefined; transitions++) {
    run.options.signal?.throwIfAborted();
    const state: State | undefined = machine.States[name];
    if (state === undefined || transitions >= maxTransitions) throw new StateError('States.Runtime', `${run.prefix}${name}: more than ${maxTransitions} states were passed`);
    const visit = visits.get(name) ?? 0;
    visits.set(name, visit + 1);
    const place = `${run.prefix}${name}${visit === 0 ? '' : `~${visit}`}`;
    const here = { ...run, context: { ...run.context, State: { Name: name, EnteredTime: (run.options.now?.() ?? new Date()).toISOString() } } };
    const step = await enter(state, value, place, here);
    value = requireSize(step.output, place);
    name = step.next;
  }
  return value;
}

interface Step {
  readonly output: Json;
  readonly next: string | undefined;
}

async function enter(state: State, raw: Json, place: string, run: Run): Promise<Step> {
  const tell = run.options.onEvent;
  const at = (): Date => run.options.now?.() ?? new Date();
  tell?.({ kind: 'entered', place, type: state.Type, at: at() });
  const step = await perform(state, raw, place, run);
  tell?.({ kind: 'succeeded', place, type: state.Type, at: at() });
  return step;
}

async function perform(state: State, raw: Json, place: string, run: Run): Promise<Step> {
  if (state.Type === 'Fail') throw failure(state, raw, run.context);
  const input = selected(state.InputPath, raw, run.context);
  const next = 'Next' in state ? state.Next : undefined;
  const leave = (output: Json, to = next): Step => ({ output: selected(state.OutputPath, output, run.context), next: to });
  switch (state.Type) {
    case 'Succeed':
      return leave(input);
    case 'Pass':
      return leave(passed(state, raw, input, run.context));
    case 'Choice': {
      const rule = state.Choices.map((each) => parseRule(each, true)).find(({ holds }) => holds(input, run.context));
      const to = rule?.next ?? state.Default;
      if (to === undefined) throw new StateError('States.NoChoiceMatched', `${place}: no rule holds, and there is no Default`);
      return leave(input, to);
    }
    case 'Wait':
      await waitFor(state, input, place, run);
      return leave(input);
    default:
      return performFailing(state, raw, input, place, run, leave);
  }
}

type FailingState = Extract<State, { Type: 'Task' | 'Parallel' | 'Map' }>;

async function performFailing(state: FailingState, raw: Json, input: Json, place: string, run: Run, leave: (output: Json, to?: string) => Step): Promise<Step> {
  const counts: RetryCounts = new Map();
  for (let attempt = 0; ; attempt++) {
    try {
      const result = await resultOf(state, input, attempt === 0 ? place : `${place}#${attempt}`, attempt, run);
      const shaped = state.ResultSelector === undefined ? result : fill(parseTemplate(state.ResultSelector), result, run.context);
      return leave(placed(state.ResultPath, raw, shaped));
    } catch (thrown) {
      run.options.signal?.throwIfAborted();
      if (thrown instanceof JournalError) throw thrown;
      const error = stateErrorOf(thrown);
      const at = run.options.now?.() ?? new Date();
      const told = { place, error: error.error, reason: error.reason, at };
      const delaySeconds = retryDelay(state.Retry, error, counts, run.options.random ?? Math.random);
      if (delaySeconds !== undefined) {
        run.options.onEvent?.({ kind: 'retried', ...told, delaySeconds });
        await sleep(delaySeconds, run);
        continue;
      }
      const catcher = catcherOf(state.Catch, error);
      run.options.onEvent?.({ kind: catcher === undefined ? 'failed' : 'caught', type: state.Type, ...told });
      if (catcher === undefined) throw error;
      return { output: placed(catcher.ResultPath, raw, { Error: error.error, Cause: error.reason }), next: catcher.Next };
    }
  }
}

function resultOf(state: FailingState, input: Json, place: string, attempt: number, run: Run): Promise<Json> {
  if (state.Type === 'Task') return runTask(state, input, place, attempt, run);
  return state.Type === 'Parallel' ? runParallel(state, input, place, run) : runMap(state, input, place, run);
}

async function runTask(state: TaskState, input: Json, place: string, attempt: number, run: Run): Promise<Json> {
  const { tasks, signal, onEvent, now } = run.options;
  const known = await remembered(place, run);
  if (known !== undefined) {
    onEvent?.({ kind: 'resumed', place, type: 'Task', at: now?.() ?? new Date() });
    return unfolded(known);
  }
  const parameters = state.Parameters === undefined ? input : fill(parseTemplate(state.Parameters), input, run.context);
  const result = await runAttempt(tasks, state, requireSize(parameters, place), place, attempt, signal).then(
    (output): StepResult => ({ output: requireSize(output, place) }),
    (thrown: unknown): StepResult => {
      signal?.throwIfAborted();
      const { error, reason } = stateErrorOf(thrown);
      return { error, reason };
    },
  );
  await remember(place, result, run);
  return unfolded(result);
}

async function remembered(place: string, { options: { journal } }: Run): Promise<StepResult | undefined> {
  return journal?.read(place).catch((cause: unknown) => Promise.reject(new JournalError(`${place}: the journal cannot be read`, { cause })));
}

async function remember(place: string, result: StepResult, { options: { journal } }: Run): Promise<void> {
  await journal?.write(place, result).catch((cause: unknown) => Promise.reject(new JournalError(`${place}: the journal cannot be written`, { cause })));
}

function unfolded(result: StepResult): Json {
  if ('error' in result) throw new StateError(result.error, result.reason);
  return result.output;
}

async function runParallel(state: ParallelState, input: Json, place: string, run: Run): Promise<Json> {
  const parameters = state.Parameters === undefined ? input : fill(parseTemplate(state.Parameters), input, run.context);
  const outputs: Json[] = [];
  await eachConcurrently(state.Branches, state.Branches.length, async (branch, i) => {
    outputs[i] = await runMachine(branch, parameters, { ...run, prefix: `${place}/${i}/` });
  });
  return outputs;
}

async function waitFor(state: WaitState, input: Json, place: string, run: Run): Promise<void> {
  const { now } = run.options;
  if ((await remembered(place, run)) !== undefined) return;
  const numberAt = (path: string): Json => requireAt(parsePath(path), input, run.context);
  const seconds = state.Seconds ?? (state.SecondsPath === undefined ? undefined : numberAt(state.SecondsPath));
  const moment = state.Timestamp ?? (state.TimestampPath === undefined ? undefined : numberAt(state.TimestampPath));
  const until = moment === undefined ? undefined : (Date.parse(String(moment)) - (now?.() ?? new Date()).getTime()) / 1000;
  const delay = until ?? seconds;
  if (typeof delay !== 'number' || Number.isNaN(delay)) throw new StateError('States.Runtime', `${place}: ${JSON.stringify(moment ?? seconds)} is no time to wait`);
  await sleep(Math.max(0, delay), run);
  await remember(place, { output: null }, run);
}

async function sleep(seconds: number, { options }: Run): Promise<void> {
  if (options.sleep !== undefined) return options.sleep(seconds, options.signal);
  const { setTimeout: after } = await import('node:timers/promises');
  await after(seconds * 1000, undefined, options.signal === undefined ? {} : { signal: options.signal });
}

function passed(state: PassState, raw: Json, input: Json, context: Json): Json {
  const result = state.Result ?? (state.Parameters === undefined ? input : fill(parseTemplate(state.Parameters), input, context));
  return placed(state.ResultPath, raw, result);
}

function failure(state: FailState, input: Json, context: Json): StateError {
  const textAt = (path: string | undefined): string | undefined => (path === undefined ? undefined : String(requireAt(parsePath(path), input, context)));
  return new StateError(state.Error ?? textAt(state.ErrorPath) ?? 'States.Failed', state.Cause ?? textAt(state.CausePath) ?? '');
}

/** The part of a value that a path selects: all of it without one, nothing (`{}`) for null. */
function selected(path: string | null | undefined, value: Json, context: Json): Json {
  if (path === undefined) return value;
  return path === null ? {} : requireAt(parsePath(path), value, context);
}

/** The state's input with its result put where it belongs: in its place without a path, nowhere for null. */
function placed(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === undefined) return result;
  return path === null ? input : withValueAt(parseReferencePath(path), input, result);
}

/** Throws `States.DataLimitExceeded` for more than AWS lets pass between states: what runs here shall run there. */
function requireSize(value: Json, place: string): Json {
  const bytes = isList(value) || typeof value === 'object' ? Buffer.byteLength(JSON.stringify(value)) : 0;
  if (bytes > maxPayloadBytes) throw new StateError('States.DataLimitExceeded', `${place}: ${bytes} bytes, at most ${maxPayloadBytes} pass between states`);
  return value;
}
