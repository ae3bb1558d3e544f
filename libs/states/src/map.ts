import { eachConcurrently } from './concurrency.ts';
import type { ItemBatcher, MapState } from './definition.ts';
import { JournalError, StateError, stateErrorOf } from './errors.ts';
import { isList, isObject, type Json, type JsonObject, maxPayloadBytes } from './json.ts';
import { parsePath, requireAt } from './path.ts';
import type { ItemStore } from './ports.ts';
import { type Run, runMachine } from './run.ts';
import { fill, parseTemplate } from './template.ts';

/** Most items that a Map takes from its input or its reader. */
const maxItems = 1_000_000;

/**
 * Runs a Map. An inline one fails with its first failing item; a distributed one goes on up to the tolerated failures
 * and then fails with `States.ExceedToleratedFailureThreshold`.
 */
export async function runMap(state: MapState, input: Json, place: string, run: Run): Promise<Json> {
  const distributed = state.ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED';
  const items = await itemsOf(state, input, run);
  const inputs = batched(state.ItemBatcher, items.map((item, i) => itemInput(state, input, item, i, run)), input, run);
  const outcomes = await runItems(state, inputs, items, place, run, distributed);
  if (distributed) requireTolerated(state, outcomes, input, run, place);
  const outputs = outcomes.flatMap((outcome) => ('output' in outcome ? [outcome.output] : []));
  if (state.ResultWriter === undefined) return outputs;
  const parameters = objectOf(fill(parseTemplate(state.ResultWriter.Parameters), input, run.context), 'ResultWriter.Parameters');
  return { MapRunArn: `${run.options.name}/${place}`, ResultWriterDetails: await storeOf(run).writeResults(parameters, `${run.options.name}/${place}`, outcomes.map(resultRow)) };
}

type Outcome = { readonly output: Json } | { readonly error: StateError };

async function runItems(state: MapState, inputs: readonly Json[], items: readonly Json[], place: string, run: Run, tolerant: boolean): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const count = { done: 0, failed: 0 };
  const limit = Math.min(state.MaxConcurrency === undefined || state.MaxConcurrency === 0 ? Number.POSITIVE_INFINITY : state.MaxConcurrency, run.options.maxConcurrency ?? 40);
  await eachConcurrently(inputs.map((input) => ({ input })), limit, async ({ input }, i) => {
    const context: JsonObject = state.ItemBatcher === undefined ? { ...run.context, Map: { Item: { Index: i, Value: items[i] ?? null } } } : run.context;
    try {
      outcomes[i] = { output: await runMachine(state.ItemProcessor, input, { ...run, context, prefix: `${place}/${i}/` }) };
    } catch (thrown) {
      run.options.signal?.throwIfAborted();
      if (thrown instanceof JournalError) throw thrown;
      const error = stateErrorOf(thrown);
      if (!tolerant) throw error;
      outcomes[i] = { error };
      count.failed += 1;
    }
    count.done += 1;
    run.options.onEvent?.({ kind: 'items', place, ...count, total: inputs.length, at: run.options.now?.() ?? new Date() });
  });
  return outcomes;
}

async function itemsOf(state: MapState, input: Json, run: Run): Promise<readonly Json[]> {
  const { ItemReader: reader } = state;
  if (reader === undefined) {
    const items = state.ItemsPath === undefined ? input : requireAt(parsePath(state.ItemsPath), input, run.context);
    if (!isList(items)) throw new StateError('States.Runtime', `${state.ItemsPath ?? '$'} is no list of items`);
    return items;
  }
  const parameters = objectOf(fill(parseTemplate(reader.Parameters), input, run.context), 'ItemReader.Parameters');
  const most = Math.min(reader.ReaderConfig?.MaxItems ?? maxItems, maxItems);
  const items: Json[] = [];
  for await (const item of storeOf(run).readItems(reader.Resource, parameters, reader.ReaderConfig?.InputType ?? 'JSON')) {
    if (items.length >= most) break;
    items.push(item);
  }
  return items;
}

function itemInput(state: MapState, input: Json, item: Json, index: number, run: Run): Json {
  if (state.ItemSelector === undefined) return item;
  return fill(parseTemplate(state.ItemSelector), input, { ...run.context, Map: { Item: { Index: index, Value: item } } });
}

/** Batches as a distributed Map makes them: `{ BatchInput?, Items }`. */
function batched(batcher: ItemBatcher | undefined, items: readonly Json[], input: Json, run: Run): readonly Json[] {
  if (batcher === undefined) return items;
  const common: JsonObject = batcher.BatchInput === undefined ? {} : { BatchInput: fill(parseTemplate(batcher.BatchInput), input, run.context) };
  const mostItems = batcher.MaxItemsPerBatch ?? Number.POSITIVE_INFINITY;
  const mostBytes = batcher.MaxInputBytesPerBatch ?? maxPayloadBytes;
  const batches: { Items: Json[] }[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = batches.at(-1);
    if (last !== undefined && last.Items.length < mostItems && bytes + size <= mostBytes) {
      last.Items.push(item);
      bytes += size;
    } else {
      batches.push({ Items: [item] });
      bytes = Buffer.byteLength(JSON.stringify({ ...common, Items: [] })) + size;
    }
  }
  return batches.map((batch) => ({ ...common, ...batch }));
}

function requireTolerated(state: MapState, outcomes: readonly Outcome[], input: Json, run: Run, place: string): void {
  const failed = outcomes.filter((outcome) => 'error' in outcome);
  if (failed.length === 0) return;
  const path = state.ToleratedFailurePercentagePath;
  const told = path === undefined ? undefined : requireAt(parsePath(path), input, run.context);
  const percentage = typeof told === 'number' ? told : state.ToleratedFailurePercentage;
  const tooMany = state.ToleratedFailureCount !== undefined && failed.length > state.ToleratedFailureCount;
  const tooLarge = percentage === undefined ? state.ToleratedFailureCount === undefined : (100 * failed.length) / outcomes.length > percentage;
  if (!tooMany && !tooLarge) return;
  const [first] = failed;
  const reason = first === undefined ? '' : `; the first: ${first.error.message}`;
  throw new StateError('States.ExceedToleratedFailureThreshold', `${place}: ${failed.length} of ${outcomes.length} failed${reason}`);
}

function resultRow(outcome: Outcome, index: number): Json {
  return 'output' in outcome
    ? { Index: index, Status: 'SUCCEEDED', Output: outcome.output }
    : { Index: index, Status: 'FAILED', Error: outcome.error.error, Cause: outcome.error.reason };
}

function storeOf(run: Run): ItemStore {
  if (run.options.items === undefined) throw new StateError('States.Runtime', 'the execution has no store for the items of a Map');
  return run.options.items;
}

function objectOf(value: Json, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new StateError('States.Runtime', `${what} is no object`);
}
