import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { readAll } from '@icecore/bytes';
import { keyIdOf, memoryVault, readLedger, type Signer } from '@icecore/evidence';
import { type LakeStore, memoryLake } from '@icecore/lake';
import { errorNames, type ExecutionInput, executionSeconds, rangesPerChild, toleratedFailurePercentage } from '@icecore/pipeline';
import type { Json } from '@icecore/states';
import { definition, stateAt, states, type TaskState, taskStates } from './definition-states.ts';
import { contentOf, type ProofPorts, proofPorts } from './ports.ts';
import { sealArchive } from './sealed.ts';
import { type Fault, named, type Records, redriven, type Trial, tryRun } from './trial.ts';

const sample = join(import.meta.dirname, '../../../samples/podman-loop.tar.zst');
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer: Signer = { keyId: keyIdOf(publicKey), algorithm: 'ed25519', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), sign: async (bytes) => sign(null, bytes, privateKey) };
const ownVault = () => memoryVault(() => new Date('2026-11-25T10:00:00Z'));
const vault = ownVault();
const custody = { vault, signer: async () => signer };

let input: ExecutionInput;
let clean: Trial;
let cleanLake: ReadonlyMap<string, string>;

/** Stores of a run of its own. */
function fresh(more: Partial<ProofPorts> = {}): ProofPorts {
  return proofPorts({ custody, ...more });
}

let cleanPorts: ProofPorts;
beforeAll(async () => {
  const capture = await sealArchive(sample, vault, signer);
  input = { name: 'faults', tenant: '333333333333', evidence: { kind: 'sealed', capture, version: null, parents: [] }, cluster: null, node: null };
  cleanPorts = fresh();
  clean = await tryRun(input, { ports: cleanPorts });
  cleanLake = await contentOf(cleanPorts.lake);
});
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => jest.restoreAllMocks());

/** How each state of the definition leads on where its work fails; a state that is added to the definition has to be added here. */
const onBadInput: Readonly<Record<string, 'quarantine' | 'fails' | 'no work'>> = {
  verify: 'quarantine',
  verified: 'no work',
  inventory: 'quarantine',
  decode: 'quarantine',
  scan: 'no work',
  'scan-ranges': 'fails',
  detect: 'quarantine',
  tables: 'quarantine',
  publish: 'quarantine',
  done: 'no work',
  quarantine: 'fails',
  quarantined: 'no work',
};

const tasks = [...taskStates].map(([name, state]) => ({ name, state }));
/** The states before the one that is looked at are remembered, so that it alone is worked on. */
const others = (state: string): Records => new Map([...clean.records].filter(([place]) => stateAt(place) !== state));
const alwaysIn = (state: string, error: string): Fault => (here) => (here === state ? named(error) : undefined);
/** What leads to quarantine, where that is the state that is looked at. */
const towards = (state: string): Fault => (here) => (state === 'quarantine' && here === 'verify' ? named(errorNames.badInput, 'is no archive') : undefined);
const both = (...faults: readonly Fault[]): Fault => (state, call) => faults.map((fault) => fault(state, call)).find((each) => each !== undefined);
const recordsTowards = (state: string): Records => (state === 'quarantine' ? new Map() : others(state));

describe('the cases of this test', () => {
  it('are the states of the definition, each with what it does', () => {
    expect(Object.keys(onBadInput).sort()).toEqual([...states.keys()].sort());
    for (const [name, state] of states) {
      const caught = state.Type === 'Task' && state.Catch.some(({ ErrorEquals, Next }) => Next === 'quarantine' && ErrorEquals.includes(errorNames.badInput));
      expect([name, onBadInput[name]]).toEqual([name, caught ? 'quarantine' : state.Type === 'Task' ? 'fails' : 'no work']);
    }
  });

  it('rest on a run without faults that passes all states on the way to its end', () => {
    expect(clean.result).toMatchObject({ status: 'succeeded', output: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), missingBlocks: 0 } });
    expect(clean.calls).toEqual(['verify', 'inventory', 'decode', 'scan/0/scan-ranges', 'detect', 'tables', 'publish']);
    expect(cleanPorts.notices).toEqual([expect.objectContaining({ kind: 'analyzed', name: 'faults' })]);
  });

  it('have for every state that works some faults that are tried again, and never bad input', () => {
    for (const { state } of tasks) {
      expect(state.Retry.length).toBeGreaterThan(0);
      expect(state.Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toEqual(expect.arrayContaining([errorNames.badInput]));
      expect(state.Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toEqual(expect.arrayContaining(['States.ALL']));
    }
  });
});

describe.each(tasks)('in the state $name', ({ name, state }) => {
  it('each fault that it names is tried again, ever later, and in the end nothing is different', async () => {
    const longest = Math.max(...state.Retry.map(({ ErrorEquals }) => ErrorEquals.length));
    const most = Math.min(...state.Retry.map(({ MaxAttempts }) => MaxAttempts));
    for (let from = 0; from < longest; from += most) {
      const suffered: string[] = [];
      const expected: number[] = [];
      for (const { ErrorEquals, MaxAttempts, IntervalSeconds, BackoffRate, MaxDelaySeconds } of state.Retry) {
        for (let nth = 0; nth < MaxAttempts; nth++) {
          suffered.push(ErrorEquals[(from + nth) % ErrorEquals.length] ?? '');
          expected.push(0.5 * Math.min(IntervalSeconds * BackoffRate ** nth, MaxDelaySeconds ?? Number.POSITIVE_INFINITY));
        }
      }
      const left = [...suffered];
      const ports = fresh({ lake: cleanPorts.lake, working: cleanPorts.working });
      const fault: Fault = (here) => (here === name && left.length > 0 ? named(left.shift() ?? '') : undefined);
      const { result, calls, waits } = await tryRun(input, { ports, records: recordsTowards(name), fault: both(fault, towards(name)) });
      expect(waits.filter(({ place }) => stateAt(place) === name).map(({ seconds }) => seconds)).toEqual(expected);
      expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(suffered.length + 1);
      if (name !== 'quarantine') expect(result).toEqual(clean.result);
      else expect(result).toMatchObject({ status: 'failed', error: errorNames.badInput });
    }
    expect(withoutQuarantine(await contentOf(cleanPorts.lake))).toEqual(cleanLake);
  });

  it.each(state.Retry.map((retrier) => [retrier.ErrorEquals[0] ?? '', retrier.MaxAttempts] as const))('%s for good ends the execution there, after %i new tries', async (error, attempts) => {
    const ports = fresh({ lake: cleanPorts.lake, working: cleanPorts.working });
    const { result, calls } = await tryRun(input, { ports, records: recordsTowards(name), fault: both(alwaysIn(name, error), towards(name)) });
    expect(result).toMatchObject(name === 'scan-ranges' ? { status: 'failed', error: 'States.ExceedToleratedFailureThreshold', reason: expect.stringContaining(error) } : { status: 'failed', error });
    expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(attempts + 1);
    expect(ports.notices.filter(({ kind }) => kind === 'analyzed')).toEqual([]);
  });

  it('a defect of icecore is not tried again, and sends no evidence to quarantine', async () => {
    const ports = fresh({ lake: cleanPorts.lake, working: cleanPorts.working });
    const { result, calls } = await tryRun(input, { ports, records: recordsTowards(name), fault: both(alwaysIn(name, 'TypeError'), towards(name)) });
    expect(result).toMatchObject({ status: 'failed', error: name === 'scan-ranges' ? 'States.ExceedToleratedFailureThreshold' : 'TypeError' });
    expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(1);
    if (name !== 'quarantine') expect(calls).not.toContain('quarantine');
  });

  it(onBadInput[name] === 'quarantine' ? 'bad input is quarantined with its reason, and not tried again' : 'bad input ends its work, and is not tried again', async () => {
    const ports = fresh({ working: cleanPorts.working });
    const bad: Fault = (here) => (here === name ? named(errorNames.badInput, 'the entry pages-1.img ends early; AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY') : undefined);
    const { result, calls } = await tryRun(input, { ports, records: recordsTowards(name), fault: both(bad, towards(name)) });
    expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(1);
    if (onBadInput[name] !== 'quarantine') return expect(result.status).toBe('failed');
    expect(result).toMatchObject({ status: 'failed', error: errorNames.badInput, reason: expect.stringContaining('pages-1.img ends early') });
    const record = JSON.parse(await textOf(ports.lake, `quarantine/tenant=${input.tenant}/${input.name}.json`));
    expect(record).toMatchObject({ name: input.name, tenant: input.tenant, evidence: input.evidence, error: errorNames.badInput, reason: expect.stringContaining('pages-1.img ends early'), at: '2026-11-25T10:00:00.000Z' });
    expect(JSON.stringify([record, ports.notices])).not.toContain('wJalrXUtnFEMI');
    expect(ports.notices).toEqual([expect.objectContaining({ kind: 'quarantined', error: errorNames.badInput, reason: record.reason })]);
  });
});

describe('an execution that failed in a state', () => {
  it.each(tasks.filter(({ name }) => name !== 'quarantine').map(({ name }) => name))('%s leaves what was proven, and a redrive does the rest and nothing else', async (name) => {
    const ports = fresh();
    const failed = await tryRun(input, { ports, fault: alwaysIn(name, errorNames.unavailable) });
    expect(failed.result.status).toBe('failed');
    const left = await contentOf(ports.lake);
    for (const [path, sha256] of left) expect([path, cleanLake.get(path)]).toEqual([path, sha256]);
    const position = clean.calls.findIndex((place) => stateAt(place) === name);
    const proven = await partsProvenBefore(name);
    for (const path of proven) expect(left.has(path)).toBe(true);
    const again = await tryRun(input, { ports, records: redriven(failed.records) });
    expect(again.result).toEqual(clean.result);
    expect(again.calls).toEqual(clean.calls.slice(position));
    expect(await contentOf(ports.lake)).toEqual(cleanLake);
    expect(ports.notices).toHaveLength(1);
  });

  it('and is quarantined keeps the first reason, however often it comes again', async () => {
    const ports = fresh();
    const bad = (reason: string): Fault => (state) => (state === 'inventory' ? named(errorNames.badInput, reason) : undefined);
    await tryRun(input, { ports, fault: bad('first') });
    await tryRun(input, { ports, fault: bad('second') });
    expect(JSON.parse(await textOf(ports.lake, `quarantine/tenant=${input.tenant}/${input.name}.json`))).toMatchObject({ reason: 'first' });
  });
});

describe('the Map', () => {
  /** Children of the Map, of which one holds blocks and the others have nothing to do. */
  const children = 12;
  const withChildren = async (): Promise<ProofPorts> => {
    const ports = fresh();
    await tryRun(input, { ports, fault: (state) => (state === 'scan-ranges' ? named('Stop') : undefined) });
    const ranges: { first: number; end: number }[] = JSON.parse(await textOf(ports.working.store, `${input.name}/ranges.json`));
    const { end: blocks } = ranges.at(-1) ?? { end: 0 };
    const items = Array.from({ length: children * rangesPerChild }, (_, i) => ({ first: Math.min(i, blocks), end: Math.min(i + 1, blocks) }));
    await ports.working.store.writePart(`${input.name}/ranges.json`, new TextEncoder().encode(JSON.stringify(items)));
    return ports;
  };
  const before = (): Records => new Map([...clean.records].filter(([place]) => ['verify', 'inventory', 'decode'].includes(place)));
  const lost = (...ofChildren: readonly number[]): Fault => (_state, { place }) => (ofChildren.some((child) => place.startsWith(`scan/${child}/`)) ? named('Runtime.ExitError', 'killed') : undefined);

  it('gives the same result, however the blocks are divided', async () => {
    const ports = await withChildren();
    const { result, calls } = await tryRun(input, { ports, records: before() });
    expect(calls.filter((place) => place.startsWith('scan/'))).toHaveLength(children);
    expect(result).toEqual(clean.result);
    expect(await contentOf(ports.lake)).toEqual(cleanLake);
  });

  it('goes on without a child that failed for good, up to the stated share, and says in the result what is not scanned', async () => {
    const ports = await withChildren();
    expect(100 / children).toBeLessThanOrEqual(toleratedFailurePercentage);
    const { result, waits } = await tryRun(input, { ports, records: before(), fault: lost(0) });
    expect(waits).toHaveLength(2);
    expect(result).toMatchObject({ status: 'succeeded', output: { missingBlocks: expect.any(Number) } });
    const report = JSON.parse(await textOf(ports.lake, Object(result).output.report));
    expect(report.blocks_not_scanned).toBeGreaterThan(0);
    expect(report.gaps.missing).toBeGreaterThanOrEqual(1);
  });

  it('fails as a whole when more fail, and a redrive scans what is left', async () => {
    const ports = await withChildren();
    const failed = await tryRun(input, { ports, records: before(), fault: lost(0, 1) });
    expect(failed.result).toMatchObject({ status: 'failed', error: 'States.ExceedToleratedFailureThreshold', reason: expect.stringContaining('2 of 12') });
    const again = await tryRun(input, { ports, records: redriven(failed.records) });
    expect(again.calls.filter((place) => place.startsWith('scan/'))).toEqual(['scan/0/scan-ranges', 'scan/1/scan-ranges']);
    expect(again.result).toEqual(clean.result);
  });
});

describe('an archive that is hashed call by call', () => {
  it('comes to the same result, whatever a call hashes, and whatever fails in between', async () => {
    const ports = fresh({ verifySliceBytes: 1 << 12 });
    const fault: Fault = (state, { attempt, place }) => (state === 'verify' && attempt === 0 && place !== 'verify' ? named('Sandbox.Timedout') : undefined);
    const { result, calls } = await tryRun(input, { ports, fault });
    expect(calls.filter((place) => stateAt(place) === 'verify').length).toBeGreaterThan(6);
    expect(result).toEqual(clean.result);
    expect(await contentOf(ports.lake)).toEqual(cleanLake);
  });
});

describe('time', () => {
  const hangs = (name: string, beating: boolean): Fault => (state, call) => (state !== name ? undefined : new Promise<Json>(() => {
    const beat = beating ? setInterval(() => call.heartbeat(), 60_000) : undefined;
    call.signal.addEventListener('abort', () => clearInterval(beat));
  }));
  const limits = tasks.filter(({ name }) => name !== 'quarantine');
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] }));
  afterEach(() => void jest.useRealTimers());

  async function after(seconds: number, run: Promise<Trial>): Promise<Trial> {
    let ended = false;
    void run.finally(() => (ended = true));
    for (let passed = 0; !ended && passed < seconds; passed += 10) await jest.advanceTimersByTimeAsync(10_000);
    return run;
  }

  it.each(limits)('a silent $name ends by its heartbeat, and is tried again', async ({ name, state }) => {
    const { result, calls } = await after(4 * 3600, tryRun(input, { ports: fresh({ lake: cleanPorts.lake, working: cleanPorts.working }), records: others(name), fault: hangs(name, false) }));
    expect(told(result)).toContain('States.HeartbeatTimeout');
    expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(1 + retriesOf(state, 'States.HeartbeatTimeout'));
  });

  it.each(limits)('a $name that lives and does not end is ended by the limit of its state', async ({ name, state }) => {
    const { result, calls } = await after(4 * 3600, tryRun(input, { ports: fresh({ lake: cleanPorts.lake, working: cleanPorts.working }), records: others(name), fault: hangs(name, true) }));
    expect(told(result)).toContain('States.Timeout');
    expect(calls.filter((place) => stateAt(place) === name)).toHaveLength(1 + retriesOf(state, 'States.Timeout'));
  });

  it('an execution that never ends is ended by the limit of the definition', async () => {
    expect(definition.TimeoutSeconds).toBe(executionSeconds);
    const sleep = (_seconds: number, signal: AbortSignal | undefined): Promise<void> => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const { result } = await after(executionSeconds + 60, tryRun(input, { ports: fresh(), fault: alwaysIn('verify', errorNames.unavailable), sleep }));
    expect(result).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });
});

describe('an analysis that is delivered twice', () => {
  it('at once, three times, gives one result and one word in the ledger', async () => {
    const own = memoryVault(() => new Date('2026-11-25T10:00:00Z'));
    const capture = await sealArchive(sample, own, signer);
    const given = { ...input, evidence: { ...input.evidence, capture } } as ExecutionInput;
    const shared = { custody: { vault: own, signer: async () => signer }, lake: memoryLake(), working: { store: memoryLake(), bucket: 'working', prefix: '' } };
    const runs = await Promise.all([0, 1, 2].map(() => tryRun(given, { ports: fresh(shared) })));
    for (const { result } of runs) expect(result).toEqual(clean.result);
    expect(await contentOf(shared.lake)).toEqual(cleanLake);
    const ledger = await readLedger(own, capture);
    expect(ledger.map(({ action }) => action)).toEqual(['captured', 'hashed', 'uploaded', 'sealed', 'verified', 'decoded', 'derived']);
    await tryRun({ ...given, name: 'later' }, { ports: fresh(shared) });
    expect(await readLedger(own, capture)).toHaveLength(ledger.length);
  });
});

describe('what a run tells', () => {
  it('in the ledger: the archive it verified, each part it decoded, what was derived, by name and hash', async () => {
    const unshared = ownVault();
    const capture = await sealArchive(sample, unshared, signer);
    await tryRun(input, { ports: fresh({ custody: { ...custody, vault: unshared } }) });
    const entries = (await readLedger(unshared, capture)).slice(4);
    expect(entries.map(({ action }) => action)).toEqual(['verified', 'decoded', 'derived']);
    const subjects = new Map(entries.flatMap((entry) => (entry.action === 'verified' ? [] : entry.subjects.map(({ key, sha256 }) => [key, sha256] as const))));
    expect(subjects).toEqual(cleanLake);
    expect(entries[1]?.parents).toEqual(entries[0]?.subjects);
    expect(entries[0]?.subjects).toEqual([{ key: `${capture}archive.tar`, sha256: Object(clean.result).output.sha256 }]);
    for (const { tool, actor } of entries) expect([tool, actor]).toEqual([{ name: 'icecore', version: '0.1.0' }, { type: 'program', id: 'icecore' }]);
  });

  it('as OCSF: a detection finding for each finding of the report', async () => {
    const ports = fresh();
    const attack = join(import.meta.dirname, '../../../samples/podman-attack.tar.zst');
    const { result } = await tryRun({ ...input, evidence: { kind: 'file', archive: attack, parents: [] } }, { ports });
    const { report, findings, captureId } = Object(result).output;
    const told = JSON.parse(await textOf(ports.lake, report));
    const events = (await textOf(ports.lake, report.replace('.report.json', '.ocsf.jsonl'))).trim().split('\n').map((line) => JSON.parse(line));
    expect([events.length, told.findings.length, told.capture_id]).toEqual([findings, findings, captureId]);
    for (const event of events) expect(event).toMatchObject({ class_uid: 2004, category_uid: 2, finding_info: { uid: expect.any(String), title: expect.any(String) } });
    expect(ports.notices).toEqual([{ kind: 'analyzed', name: input.name, capture: attack, captureId, severity: 'critical', findings, incidents: Object(result).output.incidents, gaps: Object(result).output.gaps, report }]);
  });
});

/** Parts of the snapshot's tables in the run without faults, which `decode` wrote. */
const decodedParts: Set<string> = new Set();
beforeAll(async () => {
  const ports = fresh();
  await tryRun(input, { ports, fault: (state) => (state === 'detect' ? named('Stop') : undefined) });
  for (const path of (await contentOf(ports.lake)).keys()) decodedParts.add(path);
});

/** Parts of the lake that are there before a state is entered. */
async function partsProvenBefore(state: string): Promise<readonly string[]> {
  const at = (name: string): number => clean.calls.findIndex((place) => stateAt(place) === name);
  if (at(state) <= at('decode')) return [];
  const all = [...cleanLake.keys()];
  return state === 'publish' ? all.filter((path) => !path.startsWith('reports/')) : [...decodedParts];
}

function withoutQuarantine(content: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...content].filter(([path]) => !path.startsWith('quarantine/')));
}

function retriesOf({ Retry }: TaskState, error: string): number {
  return Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error))?.MaxAttempts ?? 0;
}

function told(result: Trial['result']): string {
  return result.status === 'failed' ? `${result.error}: ${result.reason}` : 'succeeded';
}

async function textOf(store: LakeStore, path: string): Promise<string> {
  return new TextDecoder().decode(await readAll(await store.open(path)));
}
