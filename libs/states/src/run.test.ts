import { describe, expect, it, test } from '@jest/globals';
import { StateMachine } from 'aws-local-stepfunctions';
import fc from 'fast-check';
import { type ExecutionEvent, type ExecutionOptions, type ExecutionResult, type ItemStore, type Json, type JsonObject, type Journal, JournalError, readDefinition, runExecution, StateError, type StepResult } from './index.ts';

const lambda = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
type Handler = (input: Json, attempt: number) => Promise<Json> | Json;

function failing(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function options(handlers: Readonly<Record<string, Handler>>, more: Partial<ExecutionOptions> = {}): ExecutionOptions {
  return {
    name: 'test',
    startedAt: new Date('2026-11-02T14:00:00Z'),
    sleep: () => Promise.resolve(),
    tasks: {
      run: async (resource, input, { attempt }) => {
        const handler = handlers[resource.slice(resource.lastIndexOf(':') + 1)];
        if (handler === undefined) throw new Error(`no ${resource}`);
        return handler(input, attempt);
      },
    },
    ...more,
  };
}

const run = (definition: unknown, input: Json, given: ExecutionOptions): Promise<ExecutionResult> => runExecution(readDefinition(definition), input, given);
const one = (state: unknown): unknown => ({ StartAt: 'A', States: { A: state } });

/** What the same definition gives in another interpreter, which never saw ours. */
async function oracle(definition: unknown, input: Json, handlers: Readonly<Record<string, (input: Json) => Json>>): Promise<Json> {
  const machine = new StateMachine(JSON.parse(JSON.stringify(definition)), { validationOptions: { checkArn: false } });
  const local = Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, async (given: unknown) => JSON.parse(JSON.stringify(handler(JSON.parse(JSON.stringify(given)))))]));
  return JSON.parse(JSON.stringify(await machine.run(JSON.parse(JSON.stringify(input)), { overrides: { taskResourceLocalHandlers: local } }).result));
}

describe('the same as an independent interpreter', () => {
  const handlers = {
    double: (input: Json): Json => (typeof input === 'number' ? input * 2 : input),
    wrap: (input: Json): Json => ({ got: input }),
    size: (): Json => ({ size: 200, kind: 'criu-ckpt', chunks: [1, 2, 3] }),
  };
  const task = (name: string, more: object): object => ({ Type: 'Task', Resource: lambda(name), ...more });
  const cases: readonly (readonly [string, object, Json])[] = [
    ['paths in and out', { StartAt: 'A', States: { A: { Type: 'Pass', InputPath: '$.a', OutputPath: '$.b', End: true } } }, { a: { b: 7 } }],
    ['a result put beside the input', { StartAt: 'A', States: { A: { Type: 'Pass', Result: { x: 1 }, ResultPath: '$.new.place', End: true } } }, { old: true }],
    ['a result thrown away', { StartAt: 'A', States: { A: { Type: 'Pass', Result: 1, ResultPath: null, End: true } } }, { old: true }],
    ['parameters', { StartAt: 'A', States: { A: { Type: 'Pass', Parameters: { 'x.$': '$.a[1]', y: [{ 'z.$': "States.Format('{}-{}', $.b, 3)" }] }, End: true } } }, { a: [1, 2], b: 'q' }],
    ['a choice by number and text', { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.n', NumericGreaterThan: 3 }, { Variable: '$.t', StringMatches: 'criu*' }], Next: 'B' }], Default: 'C' }, B: { Type: 'Pass', Result: 'b', End: true }, C: { Type: 'Pass', Result: 'c', End: true } } }, { n: 4, t: 'criu-x' }],
    ['the default of a choice', { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Not: { Variable: '$.n', IsPresent: true }, Next: 'B' }], Default: 'C' }, B: { Type: 'Pass', Result: 'b', End: true }, C: { Type: 'Succeed' } } }, { n: 4 }],
    ['a task and its selected result', { StartAt: 'size', States: { size: task('size', { ResultSelector: { 'n.$': '$.size' }, ResultPath: '$.r', End: true }) } }, { a: 1 }],
    ['a map over items', { StartAt: 'M', States: { M: { Type: 'Map', ItemsPath: '$.l', MaxConcurrency: 2, ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'o.$': '$.o' }, ItemProcessor: { StartAt: 'wrap', States: { wrap: task('wrap', { End: true }) } }, ResultPath: '$.m', End: true } } }, { l: [5, 6, 7], o: 'k' }],
    ['branches', { StartAt: 'P', States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'double', States: { double: task('double', { InputPath: '$.n', End: true }) } }, { StartAt: 'wrap', States: { wrap: task('wrap', { End: true }) } }], End: true } } }, { n: 21 }],
  ];
  test.each(cases)('%s', async (_what, definition, input) => {
    const ours = await run(definition, input, options(handlers));
    expect(ours).toEqual({ status: 'succeeded', output: await oracle(definition, input, handlers) });
  });

  test.each([
    ["States.Array('a', 1, $.n)"],
    ["States.ArrayPartition($.l, 2)"],
    ["States.ArrayContains($.l, 3)"],
    ["States.ArrayRange(1, 9, 2)"],
    ["States.ArrayGetItem($.l, 1)"],
    ["States.ArrayLength($.l)"],
    ["States.ArrayUnique($.d)"],
    ["States.Base64Encode($.t)"],
    ["States.Base64Decode('aGk=')"],
    ["States.Hash($.t, 'SHA-256')"],
    ["States.JsonMerge($.o, $.p, false)"],
    ["States.StringToJson($.j)"],
    ["States.JsonToString($.o)"],
    ["States.MathAdd($.n, -3)"],
    ["States.StringSplit('a,b,c', ',')"],
    ["States.Format('{} of {}', $.n, States.ArrayLength($.l))"],
  ])('%s', async (expression) => {
    const definition = one({ Type: 'Pass', Parameters: { 'x.$': expression }, End: true });
    const input = { n: 4, l: [1, 2, 3], d: [1, 1, 'a', 'a'], t: 'text', o: { a: 1 }, p: { b: 2 }, j: '{"k":[1]}' };
    expect(await run(definition, input, options({}))).toEqual({ status: 'succeeded', output: await oracle(definition, input, {}) });
  });
});

it('splits at each of several separators, as the documentation of Step Functions shows', async () => {
  const definition = one({ Type: 'Pass', Parameters: { 'x.$': "States.StringSplit($.text, '.+,=')" }, OutputPath: '$.x', End: true });
  expect(await run(definition, { text: 'This.is+a,test=string' }, options({}))).toEqual({ status: 'succeeded', output: ['This', 'is', 'a', 'test', 'string'] });
});

describe('failures', () => {
  const retry = (more: object): unknown => one({ Type: 'Task', Resource: lambda('f'), End: true, ...more });

  it('are tried again with longer and longer waits, up to the longest', async () => {
    const delays: number[] = [];
    const sleep = async (seconds: number): Promise<void> => void delays.push(seconds);
    const f: Handler = (_input, attempt) => {
      if (attempt < 4) throw failing('Throttled', 'later');
      return attempt;
    };
    const state = { Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 20, MaxAttempts: 5 }] };
    expect(await run(retry(state), null, options({ f }, { sleep }))).toEqual({ status: 'succeeded', output: 4 });
    expect(delays).toEqual([2, 6, 18, 20]);
  });

  test.each<[string, object, Partial<ExecutionResult>]>([
    ['that no retrier names end it', { Retry: [{ ErrorEquals: ['Other'] }] }, { status: 'failed', error: 'Poison', reason: 'bad' }],
    ['of bad input are not tried again', { Retry: [{ ErrorEquals: ['Poison'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }] }, { status: 'failed', error: 'Poison' }],
    ['are caught by name', { Catch: [{ ErrorEquals: ['Poison'], ResultPath: '$.error', Next: 'B' }] }, { status: 'succeeded', output: { a: 1, error: { Error: 'Poison', Cause: 'bad' } } }],
    ['are caught by States.TaskFailed', { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'B' }] }, { status: 'succeeded', output: { Error: 'Poison', Cause: 'bad' } }],
  ])('%s', async (_what, more, expected) => {
    const catching = 'Catch' in more;
    const states = { A: { Type: 'Task', Resource: lambda('f'), End: true, ...more }, ...(catching ? { B: { Type: 'Succeed' } } : {}) };
    const f: Handler = () => {
      throw failing('Poison', 'bad');
    };
    expect(await run({ StartAt: 'A', States: states }, { a: 1 }, options({ f }))).toMatchObject(expected);
  });

  it('by time are told as a time-out, which States.TaskFailed does not stand for', async () => {
    const f: Handler = () => new Promise<Json>((resolve) => void setTimeout(() => resolve(1), 3000).unref());
    const definition = retry({ TimeoutSeconds: 1, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] });
    expect(await run(definition, null, options({ f }))).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });

  it('of the execution as a whole end it with a time-out that nothing catches', async () => {
    const f: Handler = () => new Promise<Json>((resolve) => void setTimeout(() => resolve(1), 3000).unref());
    const definition = { ...Object(retry({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] })), TimeoutSeconds: 1 };
    const caught = { ...definition, States: { ...definition.States, B: { Type: 'Succeed' } } };
    expect(await run(caught, null, options({ f }))).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });

  it('by silence are told as a missing heartbeat, and beats keep a task alive', async () => {
    const definition = readDefinition(retry({ HeartbeatSeconds: 1 }));
    const work = (beats: boolean): ExecutionOptions['tasks'] => ({
      run: async (_resource, _input, { heartbeat }) => {
        for (let i = 0; i < 6; i++) {
          await new Promise<void>((resolve) => void setTimeout(resolve, 250));
          if (beats) heartbeat();
        }
        return 'done';
      },
    });
    expect(await runExecution(definition, null, options({}, { tasks: work(true) }))).toEqual({ status: 'succeeded', output: 'done' });
    expect(await runExecution(definition, null, options({}, { tasks: work(false) }))).toMatchObject({ status: 'failed', error: 'States.HeartbeatTimeout' });
  });

  test.each([
    ['a path that leads nowhere', one({ Type: 'Pass', InputPath: '$.b', End: true }), 'States.ParameterPathFailure'],
    ['a choice that nothing meets', one({ Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 2, Next: 'A' }] }), 'States.NoChoiceMatched'],
    ['a Fail', one({ Type: 'Fail', Error: 'Mine', Cause: 'so' }), 'Mine'],
    ['a result that does not fit', one({ Type: 'Pass', Result: 1, ResultPath: '$.a.b', End: true }), 'States.ResultPathMatchFailure'],
    ['more than passes between states', retry({}), 'States.DataLimitExceeded'],
  ])('%s', async (_what, definition, error) => {
    expect(await run(definition, { a: 1 }, options({ f: () => ({ text: 'x'.repeat(300_000) }) }))).toMatchObject({ status: 'failed', error });
  });
});

function itemStore(objects: Readonly<Record<string, readonly Json[]>>): ItemStore & { readonly written: Record<string, readonly Json[]> } {
  const written: Record<string, readonly Json[]> = {};
  return {
    written,
    async *readItems(_resource, { Key: key }) {
      yield* objects[String(key)] ?? [];
    },
    async writeResults({ Bucket: bucket, Prefix: prefix }, name, results) {
      const key = `${String(prefix)}/${name}/results.json`;
      written[key] = results;
      return { Bucket: bucket ?? null, Key: key } as JsonObject;
    },
  };
}

describe('a distributed Map', () => {
  const map = (more: object): unknown => ({
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Parameters: { Bucket: 'b', 'Key.$': '$.key' } },
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'T', States: { T: { Type: 'Task', Resource: lambda('t'), End: true } } },
        End: true,
        ...more,
      },
    },
  });
  const numbers = Array.from({ length: 10 }, (_, i) => i);
  const t: Handler = (input) => {
    if (typeof input === 'object' && input !== null && 'Items' in input && Array.isArray(input.Items)) return { sum: input.Items.reduce((sum: number, n) => sum + Number(n), 0), common: input['BatchInput'] ?? null };
    if (input === 7) throw failing('Poison', 'seven');
    return Number(input) * 10;
  };

  it('reads items, batches them, and hands each batch what is common', async () => {
    const definition = map({ ItemBatcher: { MaxItemsPerBatch: 4, BatchInput: { 'k.$': '$.key' } } });
    const output = [{ sum: 6, common: { k: 'x' } }, { sum: 22, common: { k: 'x' } }, { sum: 17, common: { k: 'x' } }];
    expect(await run(definition, { key: 'x' }, options({ t }, { items: itemStore({ x: numbers }) }))).toEqual({ status: 'succeeded', output });
  });

  it('fills batches up to their bytes', async () => {
    const seen: number[] = [];
    const count: Handler = (input) => {
      const size = Buffer.byteLength(JSON.stringify(input));
      seen.push(size);
      return size;
    };
    const items = Array.from({ length: 40 }, (_, i) => `item ${i} ${'x'.repeat(100)}`);
    await run(map({ ItemBatcher: { MaxInputBytesPerBatch: 1000 } }), { key: 'x' }, options({ t: count }, { items: itemStore({ x: items }) }));
    expect(seen.length).toBeGreaterThan(4);
    expect(Math.max(...seen)).toBeLessThanOrEqual(1000);
  });

  test.each<[string, object, object]>([
    ['none are tolerated', {}, { status: 'failed', error: 'States.ExceedToleratedFailureThreshold' }],
    ['a tenth is', { ToleratedFailurePercentage: 10 }, { status: 'succeeded' }],
    ['less than a tenth is', { ToleratedFailurePercentage: 9 }, { status: 'failed', error: 'States.ExceedToleratedFailureThreshold' }],
    ['one is', { ToleratedFailureCount: 1 }, { status: 'succeeded' }],
    ['zero are, by count', { ToleratedFailureCount: 0 }, { status: 'failed' }],
  ])('with one failure of ten where %s', async (_what, more, expected) => {
    const result = await run(map(more), { key: 'x' }, options({ t }, { items: itemStore({ x: numbers }) }));
    expect(result).toMatchObject(expected);
    if (result.status === 'succeeded') expect(result.output).toEqual([0, 10, 20, 30, 40, 50, 60, 80, 90]);
  });

  it('writes what every item came to, failures among them', async () => {
    const items = itemStore({ x: numbers });
    const writer = { ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } }, ToleratedFailureCount: 1 };
    expect(await run(map(writer), { key: 'x' }, options({ t }, { items }))).toMatchObject({ output: { ResultWriterDetails: { Key: 'p/test/M/results.json' } } });
    expect(items.written['p/test/M/results.json']?.[7]).toEqual({ Index: 7, Status: 'FAILED', Error: 'Poison', Cause: 'seven' });
  });
});

describe('an execution that was broken off', () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Resource: lambda('a'), ResultPath: '$.a', Next: 'M' },
      M: { Type: 'Map', ItemsPath: '$.l', MaxConcurrency: 2, ItemProcessor: { StartAt: 'T', States: { T: { Type: 'Task', Resource: lambda('t'), Retry: [{ ErrorEquals: ['Flaky'] }], End: true } } }, ResultPath: '$.m', Next: 'W' },
      W: { Type: 'Wait', Seconds: 5, Next: 'Z' },
      Z: { Type: 'Task', Resource: lambda('z'), End: true },
    },
  };
  it('goes on where it stopped, wherever that was: the same result, and no task that was done is done again', async () => {
    const work = (calls: string[]): Record<string, Handler> => ({
      a: (input) => (calls.push('a'), { from: input }),
      t: (input, attempt) => {
        calls.push(`t${String(input)}#${attempt}`);
        if (input === 2 && attempt === 0) throw failing('Flaky', 'once');
        return Number(input) * 10;
      },
      z: (input) => (calls.push('z'), input),
    });
    const wholeCalls: string[] = [];
    const whole = await run(definition, { l: [1, 2, 3] }, options(work(wholeCalls)));
    expect(wholeCalls.sort()).toEqual(['a', 't1#0', 't2#0', 't2#1', 't3#0', 'z']);
    for (let stopAfter = 0; stopAfter < 8; stopAfter++) {
      const records = new Map<string, StepResult>();
      let writes = 0;
      const journal: Journal = {
        read: async (place) => records.get(place),
        write: async (place, result) => {
          if (writes++ === stopAfter) throw new Error('killed');
          records.set(place, result);
        },
      };
      const calls: string[] = [];
      const first = await run(definition, { l: [1, 2, 3] }, options(work(calls), { journal })).catch((error: unknown) => error);
      const before = new Set(records.keys());
      const again: string[] = [];
      const second = first instanceof JournalError ? await run(definition, { l: [1, 2, 3] }, options(work(again), { journal: { ...journal, write: async (place, result) => void records.set(place, result) } })) : first;
      expect(second).toEqual(whole);
      for (const call of again) {
        const place = call === 'a' ? 'A' : call === 'z' ? 'Z' : `M/${Number(call[1]) - 1}/T${call.endsWith('#1') ? '#1' : ''}`;
        expect(before.has(place)).toBe(false);
      }
    }
  });

  it('stops when it is told to, and keeps what was done by then', async () => {
    const stop = new AbortController();
    const events: ExecutionEvent[] = [];
    const handlers: Record<string, Handler> = {
      a: () => {
        stop.abort(new Error('enough'));
        return 1;
      },
    };
    await expect(run(definition, { l: [] }, options(handlers, { signal: stop.signal, onEvent: (event) => events.push(event) }))).rejects.toThrow('enough');
    expect(events.map(({ kind, place }) => `${kind} ${place}`)).toEqual(['entered A', 'succeeded A']);
  });
});

describe('nothing in a definition is passed over', () => {
  const task = { Type: 'Task', Resource: lambda('f'), End: true };
  test.each<[string, unknown, string]>([
    ['JSONata', { ...(one(task) as object), QueryLanguage: 'JSONata' }, 'QueryLanguage'],
    ['Assign', one({ ...task, Assign: { a: 1 } }), 'Assign'],
    ['Output', one({ ...task, Output: 1 }), 'Output'],
    ['a misspelt field', one({ ...task, TimeOutSeconds: 1 }), 'TimeOutSeconds'],
    ['a comparison of times', one({ Type: 'Choice', Choices: [{ Variable: '$.a', TimestampEquals: 'x', Next: 'A' }] }), 'TimestampEquals'],
    ['a filter in a path', one({ ...task, InputPath: '$.a[?(@.b)]' }), 'is not run here'],
    ['an intrinsic that gives something else each time', one({ ...task, Parameters: { 'a.$': 'States.UUID()' } }), 'States.UUID is no function'],
    ['a reader in an inline Map', one({ Type: 'Map', ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: {} }, ItemProcessor: { StartAt: 'B', States: { B: { Type: 'Succeed' } } }, End: true }), 'belongs to a distributed Map'],
    ['a state that is not there', one({ ...task, End: undefined, Next: 'B' }), 'is no state'],
    ['a state that nothing leads to', { StartAt: 'A', States: { A: task, B: task } }, 'no state leads to it'],
    ['a state that ends and goes on', one({ ...task, Next: 'A' }), 'either Next or End'],
    ['two states of one name', { StartAt: 'A', States: { A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: task } }], End: true } } }, 'the name is taken'],
    ['a credential', one({ ...task, Credentials: { RoleArn: 'x' } }), 'Credentials'],
  ])('%s', async (_what, definition, reason) => {
    await expect((async () => run(definition, {}, options({ f: () => 1 })))()).rejects.toThrow(reason);
  });

  it('whatever else a definition may hold is refused, or run to an end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom('Type', 'Next', 'End', 'Result', 'InputPath', 'Choices', 'Seconds', 'Branches'), fc.jsonValue()), async (state) => {
        const outcome = await (async () => run(one(state), {}, options({})))().catch((error: unknown) => error);
        return outcome instanceof Error ? outcome.name === 'DefinitionError' : typeof outcome === 'object';
      }),
    );
  });
});

test('an error of a task keeps its name and cause', () => {
  expect(new StateError('A', 'b').message).toBe('A: b');
});
