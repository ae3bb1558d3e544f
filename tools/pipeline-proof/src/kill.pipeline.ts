import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLargeArchive } from '@icecore/bench';
import { readLedger, trustIn, verifyCapture } from '@icecore/evidence';
import { type Random, randomOf } from '@icecore/hostile';
import { lakeFolder, signingKeyFile, vaultFolder } from '@icecore/local';
import { bundleChild } from './bundle-child.ts';
import { stateAt, taskStates } from './definition-states.ts';
import { contentOf } from './ports.ts';
import { sealArchive } from './sealed.ts';

/** Kills of each state, at least; seed of where they fall. */
const killsEach = Number(process.env['ICECORE_PIPELINE_KILLS'] ?? 6);
const seed = Number(process.env['ICECORE_PIPELINE_SEED'] ?? randomBytes(4).readUInt32LE());

const folder = mkdtempSync(join(tmpdir(), 'icecore-killed-'));
const key = join(folder, 'signing.pem');
const samples = join(import.meta.dirname, '../../../samples');
let child = '';

beforeAll(async () => {
  child = await bundleChild(folder);
  await signingKeyFile(key);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly killed: boolean;
  /** `KIND PLACE` of each event that was told. */
  readonly events: readonly string[];
  /** How often a place waits until something else is entered or ends. */
  readonly waits: ReadonlyMap<string, number>;
}

/** A capture that is sealed once and copied for each run. */
interface Sealed {
  readonly vault: string;
  readonly capture: string;
}

interface Own extends Sealed {
  readonly lake: string;
  readonly notices: string;
}

async function seal(name: string, archive: string): Promise<Sealed> {
  const vault = join(folder, name);
  return { vault, capture: await sealArchive(archive, vaultFolder(vault), await signingKeyFile(key)) };
}

function ownCopy({ vault, capture }: Sealed, name: string): Own {
  const home = join(folder, name);
  mkdirSync(home);
  cpSync(vault, join(home, 'vault'), { recursive: true });
  writeFileSync(join(home, 'notices'), '');
  return { vault: join(home, 'vault'), capture, lake: join(home, 'lake'), notices: join(home, 'notices') };
}

async function run({ vault, lake, capture, notices }: Own, kill?: { readonly place: string; readonly atWait: number }): Promise<Ran> {
  const words = [child, vault, key, lake, capture, notices, ...(kill === undefined ? [] : [kill.place, String(kill.atWait)])];
  const program = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '--no-warnings', NODE_COMPILE_CACHE: join(folder, 'cache') } });
  let [said, wrong] = ['', ''];
  program.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString()));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => program.once('close', (...ended) => resolve(ended)));
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the analysing program ended with ${code ?? signal}: ${wrong}`);
  const lines = said.trim().split('\n').map((line) => line.split(' '));
  const waits = new Map(lines.flatMap(([kind, place = ''], at) => (kind === 'entered' ? [[place, Number(lines[at + 1]?.[2] ?? 0)] as const] : [])));
  return { killed: code !== 0, events: lines.map(([kind, place]) => `${kind} ${place}`), waits };
}

/** What a run must come to, however often it was killed on the way. */
interface Whole {
  readonly waits: ReadonlyMap<string, number>;
  readonly lake: ReadonlyMap<string, string>;
  readonly notices: string;
  readonly ledger: readonly string[];
  /** Why the vault does not hold; undefined where it does. */
  readonly fault: string | undefined;
}

async function wholeOf(own: Own): Promise<Omit<Whole, 'waits'>> {
  expect(existsSync(join(own.lake, '.working'))).toBe(false);
  const told = readFileSync(own.notices, 'utf8').trim().split('\n');
  const ledger = await readLedger(vaultFolder(own.vault), own.capture);
  const lake = lakeFolder(own.lake);
  const report = await verifyCapture(vaultFolder(own.vault), own.capture, trustIn(await signingKeyFile(key)), { openDerived: (path) => lake.open(path) });
  return {
    lake: new Map([...(await contentOf(lake))].map(([path, sha256]) => [unnamed(path), path.startsWith('quarantine/') ? withoutTime(join(own.lake, path)) : sha256])),
    notices: unnamed([...new Set(told)].join('\n')),
    ledger: ledger.map(({ action, subjects }) => `${action} ${subjects.map(({ key: name, sha256 }) => `${name} ${sha256}`).sort().join(' ')}`),
    fault: report.holds ? undefined : `${report.place}: ${report.reason}`,
  };
}

/** The name of an execution depends on where the vault is, and so is another in each copy. */
function unnamed(text: string): string {
  return text.replaceAll(/\bc1-[0-9a-f]{32}\b/g, 'c1-NAME');
}

/** A record of quarantine tells when the evidence was first found bad. */
function withoutTime(path: string): string {
  const { at, ...record } = JSON.parse(readFileSync(path, 'utf8'));
  expect(Date.parse(at)).toBeGreaterThan(0);
  return unnamed(JSON.stringify(record));
}

async function expectWhole(own: Own, { lake, notices, ledger, fault }: Whole): Promise<void> {
  expect(await wholeOf(own)).toEqual({ lake, notices, ledger, fault });
}

/** Places that a run left behind it: what is told as done has to be remembered. */
function doneIn({ events }: Ran): string[] {
  return events.flatMap((event) => (event.startsWith('succeeded ') && taskStates.has(stateAt(event.slice(10))) ? [event.slice(10)] : []));
}

async function unkilled(sealed: Sealed, name: string): Promise<Whole> {
  const own = ownCopy(sealed, name);
  const { waits, events } = await run(own);
  expect(events.at(-1)).toMatch(/^ended /);
  return { waits, ...(await wholeOf(own)) };
}

/** Kills analyses of a capture in these places, each one to three times, and lets them end. Gives how often each place was met. */
async function killIn(sealed: Sealed, name: string, places: readonly string[], times: number): Promise<Readonly<Record<string, number>>> {
  const whole = await unkilled(sealed, `${name}-whole`);
  const met: Record<string, number> = Object.fromEntries(places.map((place) => [place, 0]));
  let next = 0;
  const chain = async (place: string, number: number): Promise<void> => {
    const random = randomOf(seed, number);
    const own = ownCopy(sealed, `${name}-${number}`);
    let done: string[] = [];
    for (let target: string | undefined = place; target !== undefined; target = random.oneIn(2) ? random.pick(places) : undefined) {
      const ran = await run(own, { place: target, atWait: 1 + random.below(whole.waits.get(target) ?? 1) });
      requireTakenUp(ran, done);
      if (!ran.killed) break;
      met[target] = (met[target] ?? 0) + 1;
      done = [...done, ...doneIn(ran)];
    }
    requireTakenUp(await run(own), done);
    await expectWhole(own, whole);
    rmSync(join(folder, `${name}-${number}`), { recursive: true });
  };
  const lane = async (): Promise<void> => {
    for (let place = places.find((each) => (met[each] ?? 0) < times); place !== undefined && next < 4 * times * places.length; place = leastMet(met, times)) await chain(place, next++);
  };
  await Promise.all([lane(), lane()]);
  return met;
}

function leastMet(met: Readonly<Record<string, number>>, times: number): string | undefined {
  const [place, count] = Object.entries(met).reduce((least, each) => (each[1] < least[1] ? each : least));
  return count < times ? place : undefined;
}

/** No step whose end was told is entered again, but for its result to be taken up: unless the run had ended as a whole. */
function requireTakenUp({ events }: Ran, done: readonly string[]): void {
  const resumed = new Set(events.flatMap((event) => (event.startsWith('resumed ') ? [event.slice(8)] : [])));
  if (resumed.size === 0) return;
  for (const place of done) if (events.includes(`succeeded ${place}`)) expect([place, resumed.has(place)]).toEqual([place, true]);
}

function told(what: string, met: Readonly<Record<string, number>>): void {
  process.stderr.write(`seed ${seed}: ${what} was killed ${Object.values(met).reduce((sum, count) => sum + count, 0)} times: ${JSON.stringify(met)}\n`);
}

describe('an analysis that is killed and run again', () => {
  const places = ['verify', 'inventory', 'decode', 'scan', 'scan/0/scan-ranges', 'detect', 'tables', 'publish'];

  it('comes to the same tables and the same ledger, in whatever state it was killed', async () => {
    const sealed = await seal('small', join(samples, 'podman-loop.tar.zst'));
    expect((await unkilled(sealed, 'small-alone')).fault).toBeUndefined();
    expect(new Set([...taskStates.keys()].filter((state) => state !== 'quarantine'))).toEqual(new Set(places.map(stateAt).filter((state) => state !== 'scan')));
    const met = await killIn(sealed, 'small', places, killsEach);
    told('an analysis', met);
    for (const place of places) expect([place, (met[place] ?? 0) >= killsEach]).toEqual([place, true]);
  });

  it('also where threads scan what is large, children of the Map at once', async () => {
    const large = join(folder, 'large.tar');
    await writeLargeArchive(join(samples, 'podman-loop.tar.zst'), large, 160 * 2 ** 20);
    const inTheMap = ['scan/0/scan-ranges', 'scan/1/scan-ranges'];
    const met = await killIn(await seal('large', large), 'large', inTheMap, Math.ceil(killsEach / 2));
    told('a scan by threads', met);
    for (const place of inTheMap) expect((met[place] ?? 0) >= killsEach / 2).toBe(true);
  });

  it('and ends in quarantine with the same word, where the evidence is not what was sealed', async () => {
    const sealed = await seal('bad', join(samples, 'crio-loop.tar'));
    const archive = join(sealed.vault, sealed.capture, 'archive.tar');
    const bytes = readFileSync(archive);
    bytes[5000]! ^= 1;
    rmSync(archive);
    writeFileSync(archive, bytes);
    const met = await killIn(sealed, 'bad', ['verify', 'quarantine'], Math.ceil(killsEach / 2));
    told('a quarantine', met);
    expect((met['quarantine'] ?? 0) >= killsEach / 2).toBe(true);
    const whole = await unkilled(sealed, 'bad-once-more');
    expect([...whole.lake.keys()]).toEqual([expect.stringMatching(/^quarantine\//)]);
    expect([whole.ledger.length, whole.fault]).toEqual([4, expect.stringContaining('archive.tar')]);
  });
});

describe('an analysis that is delivered twice', () => {
  it('at once, in three processes of which one is killed, comes to one result', async () => {
    const sealed = await seal('together', join(samples, 'podman-loop.tar.zst'));
    const whole = await unkilled(sealed, 'together-whole');
    const random: Random = randomOf(seed, 1_000_000);
    for (let round = 0; round < 4; round++) {
      const own = ownCopy(sealed, `together-${round}`);
      const place = random.pick(['decode', 'tables', 'publish']);
      await Promise.all([run(own), run(own), run(own, { place, atWait: 1 + random.below(whole.waits.get(place) ?? 1) })]);
      await run(own);
      await expectWhole(own, whole);
    }
  });

  it('and of two captures comes to the same lake, whichever is first', async () => {
    const one = await seal('order', join(samples, 'podman-loop.tar.zst'));
    const other = await seal('other', join(samples, 'podman-userns.tar.gz'));
    const lakes = [];
    for (const [name, order] of [['a', [one, other]], ['b', [other, one, other]]] as const) {
      const lake = join(folder, `order-${name}`);
      for (const sealed of order) await run({ ...ownCopy(sealed, `order-${name}-${lakes.length}-${Math.random()}`), lake });
      lakes.push(await contentOf(lakeFolder(lake)));
    }
    expect(lakes[0]).toEqual(lakes[1]);
  });
});
