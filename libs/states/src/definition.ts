import { z } from 'zod';
import { DefinitionError } from './errors.ts';
import type { Json } from './json.ts';

/**
 * Amazon States Language as icecore runs it: the JSONPath profile, every field named here and no other. A field that
 * is not listed is refused, so that nothing in a definition is passed over in silence.
 */
const json: z.ZodType<Json> = z.json();
const count = z.number().int().min(0);
const errorNames = z.array(z.string().min(1)).min(1);

const comment = { Comment: z.string().optional() };
const flow = { Next: z.string().optional(), End: z.literal(true).optional() };
const paths = { InputPath: z.string().nullable().optional(), OutputPath: z.string().nullable().optional() };
const result = { ResultPath: z.string().nullable().optional(), ResultSelector: json.optional() };

const retrier = z.strictObject({
  ...comment,
  ErrorEquals: errorNames,
  IntervalSeconds: z.number().int().min(1).default(1),
  MaxAttempts: count.default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.number().int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const catcher = z.strictObject({ ...comment, ErrorEquals: errorNames, Next: z.string(), ResultPath: z.string().nullable().optional() });
const failing = { Retry: z.array(retrier).default([]), Catch: z.array(catcher).default([]) };

const comparisons = [
  ...['StringEquals', 'StringLessThan', 'StringGreaterThan', 'StringLessThanEquals', 'StringGreaterThanEquals', 'StringMatches'],
  ...['NumericEquals', 'NumericLessThan', 'NumericGreaterThan', 'NumericLessThanEquals', 'NumericGreaterThanEquals'],
  ...['BooleanEquals', 'IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean'],
  ...['StringEqualsPath', 'NumericEqualsPath', 'NumericLessThanPath', 'NumericGreaterThanPath', 'NumericGreaterThanEqualsPath', 'NumericLessThanEqualsPath', 'BooleanEqualsPath'],
] as const;
const comparison = Object.fromEntries(comparisons.map((name) => [name, z.union([z.string(), z.number(), z.boolean()]).optional()]));

/** A rule of a Choice: a comparison, or rules joined. */
export interface ChoiceRule {
  readonly And?: readonly ChoiceRule[] | undefined;
  readonly Or?: readonly ChoiceRule[] | undefined;
  readonly Not?: ChoiceRule | undefined;
  readonly Variable?: string | undefined;
  readonly Next?: string | undefined;
  readonly Comment?: string | undefined;
  readonly [comparison: string]: unknown;
}
const choiceRule: z.ZodType<ChoiceRule> = z.lazy(() =>
  z.strictObject({
    ...comment,
    ...comparison,
    Variable: z.string().optional(),
    Next: z.string().optional(),
    And: z.array(choiceRule).min(1).optional(),
    Or: z.array(choiceRule).min(1).optional(),
    Not: choiceRule.optional(),
  }),
);

const task = z.strictObject({
  ...comment, ...flow, ...paths, ...result, ...failing,
  Type: z.literal('Task'),
  Resource: z.string().min(1),
  Parameters: json.optional(),
  TimeoutSeconds: z.number().int().min(1).optional(),
  HeartbeatSeconds: z.number().int().min(1).optional(),
});
const pass = z.strictObject({ ...comment, ...flow, ...paths, Type: z.literal('Pass'), Result: json.optional(), Parameters: json.optional(), ResultPath: z.string().nullable().optional() });
const choice = z.strictObject({ ...comment, ...paths, Type: z.literal('Choice'), Choices: z.array(choiceRule).min(1), Default: z.string().optional() });
const wait = z.strictObject({
  ...comment, ...flow, ...paths,
  Type: z.literal('Wait'),
  Seconds: count.optional(),
  SecondsPath: z.string().optional(),
  Timestamp: z.string().optional(),
  TimestampPath: z.string().optional(),
});
const succeed = z.strictObject({ ...comment, ...paths, Type: z.literal('Succeed') });
const fail = z.strictObject({ ...comment, Type: z.literal('Fail'), Error: z.string().optional(), ErrorPath: z.string().optional(), Cause: z.string().optional(), CausePath: z.string().optional() });

const parallelFields = z.strictObject({ ...comment, ...flow, ...paths, ...result, ...failing, Type: z.literal('Parallel'), Parameters: json.optional() });

const reader = z.strictObject({
  Resource: z.enum(['arn:aws:states:::s3:getObject', 'arn:aws:states:::s3:listObjectsV2']),
  ReaderConfig: z.strictObject({ InputType: z.enum(['JSON', 'JSONL']).optional(), MaxItems: count.optional() }).optional(),
  Parameters: json,
});
const writer = z.strictObject({
  Resource: z.literal('arn:aws:states:::s3:putObject'),
  Parameters: json,
  WriterConfig: z.strictObject({ OutputType: z.enum(['JSON', 'JSONL']).optional(), Transformation: z.enum(['NONE', 'COMPACT', 'FLATTEN']).optional() }).optional(),
});
const batcher = z
  .strictObject({ MaxItemsPerBatch: z.number().int().min(1).optional(), MaxInputBytesPerBatch: z.number().int().min(1).max(262_144).optional(), BatchInput: json.optional() })
  .refine((given) => given.MaxItemsPerBatch !== undefined || given.MaxInputBytesPerBatch !== undefined, 'needs MaxItemsPerBatch or MaxInputBytesPerBatch');
const processorConfig = z.strictObject({ Mode: z.enum(['INLINE', 'DISTRIBUTED']).default('INLINE'), ExecutionType: z.enum(['STANDARD', 'EXPRESS']).optional() }).prefault({});
const mapFields = z.strictObject({
  ...comment, ...flow, ...paths, ...result, ...failing,
  Type: z.literal('Map'),
  Label: z.string().max(40).optional(),
  ItemsPath: z.string().optional(),
  ItemReader: reader.optional(),
  ItemSelector: json.optional(),
  ItemBatcher: batcher.optional(),
  ResultWriter: writer.optional(),
  MaxConcurrency: count.optional(),
  ToleratedFailureCount: count.optional(),
  ToleratedFailurePercentage: z.number().min(0).max(100).optional(),
  ToleratedFailurePercentagePath: z.string().optional(),
});

export type TaskState = z.infer<typeof task>;
export type PassState = z.infer<typeof pass>;
export type ChoiceState = z.infer<typeof choice>;
export type WaitState = z.infer<typeof wait>;
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type ItemBatcher = z.infer<typeof batcher>;
export type ItemReader = z.infer<typeof reader>;
export type ResultWriter = z.infer<typeof writer>;
export type FailState = z.infer<typeof fail>;
type SucceedState = z.infer<typeof succeed>;
export type ParallelState = z.infer<typeof parallelFields> & { readonly Branches: readonly Machine[] };
export type MapState = z.infer<typeof mapFields> & { readonly ItemProcessor: Processor };
export type State = TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** A state machine, or a branch or processor within one. */
export interface Machine {
  readonly Comment?: string | undefined;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** What a Map does with each item or batch. */
export interface Processor extends Machine {
  readonly ProcessorConfig: z.infer<typeof processorConfig>;
}

const machineFields = { ...comment, StartAt: z.string(), States: z.record(z.string().min(1).max(80), z.lazy((): z.ZodType<State> => state)) };
const parallel = parallelFields.extend({ Branches: z.array(z.strictObject(machineFields)).min(1) });
const map = mapFields.extend({ ItemProcessor: z.strictObject({ ...machineFields, ProcessorConfig: processorConfig }) });
const state: z.ZodType<State> = z.discriminatedUnion('Type', [task, pass, choice, wait, succeed, fail, parallel, map]);
const whole = z.strictObject({
  ...machineFields,
  TimeoutSeconds: z.number().int().min(1).optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
});

export interface Definition extends Machine {
  readonly TimeoutSeconds?: number | undefined;
}

/** Reads a definition's form. Throws a `DefinitionError` that names every field that is not run here, with its place. */
export function readDefinition(value: unknown): Definition {
  const parsed = whole.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 20).map(({ path, message }) => `${path.length === 0 ? 'definition' : path.join('.')}: ${message}`);
  throw new DefinitionError(problems.join('\n'));
}
