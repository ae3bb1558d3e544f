import { migrate, type MigrationOutcome, type MigrationPorts, type MigrationStep } from './migration.ts';

type Call = keyof MigrationPorts<string, string>;

/** A call that fails: the n-th of its name, before or after it has done what it does; `times` in a row. */
interface Fault {
  readonly call: Call;
  readonly when: 'before' | 'after';
  readonly times: number;
}

/** A cluster in memory that knows what runs in it, and lets calls fail. */
function cluster(faults: readonly Fault[], { healthyAfter = 2, stops = true } = {}) {
  const running = new Set(['source']);
  const left = faults.map((fault) => ({ ...fault }));
  let asked = 0;
  const perform = async <T>(call: Call, act: () => T): Promise<T> => {
    const fault = left.find((each) => each.call === call && each.times > 0);
    if (fault !== undefined) fault.times -= 1;
    if (fault?.when === 'before') throw new Error(`${call} fails`);
    const value = act();
    if (fault?.when === 'after') throw new Error(`${call} did it, and fails`);
    return value;
  };
  const ports: MigrationPorts<string, string> = {
    capture: () => perform('capture', () => 'archive'),
    image: (capture) => perform('image', () => `image of ${capture}`),
    restore: () => perform('restore', () => void running.add('copy')),
    isHealthy: () => perform('isHealthy', () => ++asked >= healthyAfter),
    stopSource: () => perform('stopSource', () => void (stops && running.delete('source'))),
    isSourceRunning: () => perform('isSourceRunning', () => running.has('source')),
    removeCopy: () => perform('removeCopy', () => void running.delete('copy')),
  };
  return { ports, running };
}

const options = { healthAttempts: 5, attempts: 3, pause: () => Promise.resolve() };

function expectTruth(outcome: MigrationOutcome, running: ReadonlySet<string>): void {
  if (outcome.kind === 'moved') expect([...running]).toEqual(['copy']);
  else if (outcome.kind === 'rolled_back') expect([...running]).toEqual(['source']);
  // What may run is not known to the machine; something must, and it must say so.
  else expect(running.size).toBeGreaterThan(0);
}

const calls: readonly Call[] = ['capture', 'image', 'restore', 'isHealthy', 'stopSource', 'isSourceRunning', 'removeCopy'];
const times = [1, 2, 100];

describe('a migration', () => {
  it('moves: capture, image, restore, health, and only then the source is stopped', async () => {
    const { ports, running } = cluster([]);
    const steps: string[] = [];
    expect(await migrate(ports, { ...options, onStep: (step) => steps.push(`${step}: ${[...running].join(' and ')}`) })).toEqual({ kind: 'moved' });
    expect(steps).toEqual(['capture: source', 'image: source', 'restore: source', 'health: source and copy', 'stop: source and copy']);
    expect([...running]).toEqual(['copy']);
  });

  const single: [Call, Fault['when'], number, MigrationOutcome['kind'], MigrationStep | undefined][] = [
    ['capture', 'before', 1, 'rolled_back', 'capture'],
    ['capture', 'after', 1, 'rolled_back', 'capture'],
    ['image', 'before', 1, 'rolled_back', 'image'],
    ['image', 'after', 1, 'rolled_back', 'image'],
    ['restore', 'before', 1, 'rolled_back', 'restore'],
    ['restore', 'after', 1, 'rolled_back', 'restore'],
    ['isHealthy', 'before', 2, 'moved', undefined],
    ['isHealthy', 'before', 100, 'rolled_back', 'health'],
    ['stopSource', 'before', 1, 'moved', undefined],
    ['stopSource', 'before', 100, 'rolled_back', 'stop'],
    ['stopSource', 'after', 100, 'moved', undefined],
    ['isSourceRunning', 'before', 2, 'moved', undefined],
    ['isSourceRunning', 'before', 100, 'undecided', 'stop'],
  ];
  it.each(single)('whose %s fails %s its effect %d times ends %s', async (call, when, count, kind, failedAt) => {
    const { ports, running } = cluster([{ call, when, times: count }]);
    const outcome = await migrate(ports, options);
    expect(outcome).toMatchObject({ kind, ...(failedAt === undefined ? {} : { failedAt }) });
    expectTruth(outcome, running);
  });

  it('leaves exactly one running, or says that it does not know, for every pair of failures', async () => {
    let decided = 0;
    const whens = [['before', 'before'], ['before', 'after'], ['after', 'before'], ['after', 'after']] as const;
    const pairs = calls.flatMap((first) => calls.flatMap((second) => whens.flatMap(([one, other]) => times.map((count) => ({ first, second, one, other, count })))));
    for (const { first, second, one, other, count } of pairs) {
      const { ports, running } = cluster([{ call: first, when: one, times: count }, { call: second, when: other, times: count }]);
      const outcome = await migrate(ports, options);
      expectTruth(outcome, running);
      // Nobody but a call that never answers may leave it open.
      if (count < options.attempts && first !== second) expect(outcome.kind).not.toBe('undecided');
      if (outcome.kind !== 'undecided') decided += 1;
    }
    expect(decided).toBeGreaterThan(400);
  });

  it('takes nothing away where it fails before there is a copy: a container of that name is somebody else’s', async () => {
    for (const call of ['capture', 'image'] as const) {
      const { ports } = cluster([{ call, when: 'before', times: 100 }]);
      let removed = 0;
      expect(await migrate({ ...ports, removeCopy: async () => void (removed += 1) }, options)).toMatchObject({ kind: 'rolled_back', failedAt: call });
      expect(removed).toBe(0);
    }
  });

  it('takes back a copy that is never well, and a source that cannot be stopped', async () => {
    const ill = cluster([], { healthyAfter: 100 });
    expect(await migrate(ill.ports, options)).toMatchObject({ kind: 'rolled_back', failedAt: 'health' });
    expect([...ill.running]).toEqual(['source']);
    const stubborn = cluster([], { stops: false });
    expect(await migrate(stubborn.ports, options)).toMatchObject({ kind: 'rolled_back', failedAt: 'stop', reason: 'the source runs on though it was stopped' });
    expect([...stubborn.running]).toEqual(['source']);
  });
});
