import type { Json, JsonObject } from './json.ts';

/** What a task is told of the attempt that it is. */
export interface TaskCall {
  /** Place in the execution: `scan/3/scan-range`; the same when an execution is taken up again. */
  readonly place: string;
  readonly attempt: number;
  /** Aborted when the task's time is over, or its heartbeat did not come, or the execution was stopped. */
  readonly signal: AbortSignal;
  /** Says that the task is alive; counts where the state has `HeartbeatSeconds`. */
  heartbeat(): void;
}

/** Does the work of Task states. */
export interface TaskRunner {
  /** Runs what `Resource` names. A rejection's `name` is the error name that `Retry` and `Catch` see. */
  run(resource: string, input: Json, call: TaskCall): Promise<Json>;
}

/** Where a distributed Map reads its items and writes its results: S3, or a folder that stands for it. */
export interface ItemStore {
  /** The objects of a JSON list, or a JSON line each. */
  readItems(resource: string, parameters: JsonObject, inputType: 'JSON' | 'JSONL'): AsyncIterable<Json>;
  writeResults(parameters: JsonObject, name: string, results: readonly Json[]): Promise<JsonObject>;
}

/** What a step of an execution came to. */
export type StepResult = { readonly output: Json } | { readonly error: string; readonly reason: string };

/**
 * Remembers what steps came to, so that an execution that was broken off goes on where it stopped. Writing must be
 * durable when it resolves.
 */
export interface Journal {
  read(place: string): Promise<StepResult | undefined>;
  write(place: string, result: StepResult): Promise<void>;
}

/** What happens in an execution, for a progress view and for logs. */
export type ExecutionEvent =
  | { readonly kind: 'entered' | 'succeeded' | 'resumed'; readonly place: string; readonly type: string; readonly at: Date }
  | { readonly kind: 'failed' | 'caught'; readonly place: string; readonly type: string; readonly error: string; readonly reason: string; readonly at: Date }
  | { readonly kind: 'retried'; readonly place: string; readonly error: string; readonly reason: string; readonly delaySeconds: number; readonly at: Date }
  | { readonly kind: 'items'; readonly place: string; readonly done: number; readonly failed: number; readonly total: number; readonly at: Date };

export interface ExecutionOptions {
  readonly tasks: TaskRunner;
  /** Needed where the definition has an ItemReader or a ResultWriter. */
  readonly items?: ItemStore;
  readonly journal?: Journal;
  /** Name of the execution, and what `$$` tells of it. */
  readonly name: string;
  readonly machineName?: string;
  readonly startedAt: Date;
  readonly onEvent?: (event: ExecutionEvent) => void;
  readonly signal?: AbortSignal;
  /** Waits; a test may wait less. Rejects when the signal aborts. */
  readonly sleep?: (seconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly now?: () => Date;
  /** From [0, 1): for jitter alone, which no result depends on. */
  readonly random?: () => number;
  /** Most items of a Map that are worked on at once, where the definition allows more. */
  readonly maxConcurrency?: number;
}
