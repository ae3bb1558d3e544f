import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAll } from '@icecore/bytes';
import { objectKeys, parseEntry, parseHead, parseManifest, trustIn, verifyCapture } from '@icecore/evidence';
import { signingKeyFile } from '@icecore/local';
import { root } from '../run.test-support.ts';
import { halves, lock, sealFile, vaultFor } from './sealing-child.test-support.ts';

/** How many kills at least, how many of them the sealing into one vault meets before it may end, and how many vaults at once. */
const kills = Number(process.env['ICECORE_CRASH_KILLS'] ?? 200);
const killsEach = 6;
const lanes = 3;
const seed = Number(process.env['ICECORE_CRASH_SEED'] ?? randomBytes(4).readUInt32LE());

const folder = mkdtempSync(join(tmpdir(), 'icecore-crash-'));
afterAll(() => rmSync(folder, { recursive: true }));

const child = join(folder, 'sealing-child.mjs');
const key = join(folder, 'signing.pem');
const capture = 'clusters/local/lab/2026-03-01/c1/';
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  // One file starts in a fraction of the time that its modules take one by one.
  const program = join(import.meta.dirname, 'sealing-child.test-support.ts');
  const header = `import { createRequire } from 'node:module'; const require = createRequire('${root}/');`;
  const options = ['--bundle', '--platform=node', '--format=esm', '--minify', '--log-level=error', '--external:@duckdb/node-api', '--external:@litko/*', `--banner:js=${header}`];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [program, ...options, `--outfile=${child}`]);
  await signingKeyFile(key);
});

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomNumbers(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When a child is killed: when it begins to wait for the nth time, or so many milliseconds after it began. */
type Kill = { readonly atWait: number } | { readonly afterMs: number };

interface Ran {
  readonly ms: number;
  readonly waits: number;
  readonly killed: boolean;
}

/** Runs the sealing program and kills it. */
async function sealAndKill(place: string, copy: string, kill: Kill): Promise<Ran> {
  const program = spawn(process.execPath, [child, place, key, copy, ...('atWait' in kill ? [String(kill.atWait)] : [])], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '--no-warnings' } });
  let said = '';
  let begun = 0;
  let timer: NodeJS.Timeout | undefined;
  program.stdout.on('data', (chunk: Buffer) => {
    if (said === '') {
      begun = performance.now();
      if ('afterMs' in kill) timer = setTimeout(() => program.kill('SIGKILL'), kill.afterMs);
    }
    said += chunk.toString();
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => program.once('close', (...ended) => resolve(ended)));
  clearTimeout(timer);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the sealing program ended with ${code ?? signal}`);
  return { ms: performance.now() - begun, waits: Number(said.split('\n')[1]), killed: code !== 0 };
}

/** What must hold whenever the power goes. Gives a word for what was found. */
async function checkAfterCrash(place: string, copy: string, sha256: string): Promise<'nothing' | 'incomplete' | 'stored' | 'sealed'> {
  const vault = await vaultFor(place);
  const found: string[] = [];
  const report = await verify(place);
  for await (const object of vault.list('')) {
    found.push(object.key);
    // Until all of it is there, a store that locks an upload in parts only once it is whole may have it unlocked.
    if (report.holds || object.key !== objectKeys.archive(capture) || object.lock !== undefined) expect(object.lock).toEqual(lock);
    const bytes = await readAll(await vault.open(object.key));
    if (object.key === objectKeys.archive(capture)) expect(sha256Of(bytes)).toBe(sha256);
    else if (object.key === objectKeys.manifest(capture)) parseManifest(bytes);
    else if (object.key.startsWith(`${capture}ledger/`)) parseEntry(bytes);
    else if (object.key.startsWith(`${capture}heads/`)) parseHead(bytes);
  }
  const incomplete = await incompleteIn(place);
  if (existsSync(copy)) expect(sha256Of(readFileSync(copy))).toBe(sha256);
  else expect(report).toMatchObject({ holds: true });
  if (report.holds) return 'sealed';
  if (found.includes(objectKeys.archive(capture))) return 'stored';
  return incomplete.length > 0 ? 'incomplete' : 'nothing';
}

async function verify(place: string): ReturnType<typeof verifyCapture> {
  return verifyCapture(await vaultFor(place), capture, trustIn(await signingKeyFile(key)), { openEntries: async (archive) => halves(archive) });
}

async function incompleteIn(place: string): Promise<string[]> {
  const left: string[] = [];
  for await (const each of (await vaultFor(place)).incomplete('')) left.push(each.key);
  return left;
}

/** Kills sealings into one vault after the other until there were enough. */
async function killMany(archiveBytes: number, placeOf: (name: string) => string): Promise<{ killed: number; seen: Readonly<Record<string, number>> }> {
  const bytes = Buffer.alloc(archiveBytes, 'a page of memory, and then another one; ');
  for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
  const [original, sha256] = [join(folder, `original-${archiveBytes}`), sha256Of(bytes)];
  writeFileSync(original, bytes);
  copyFileSync(original, `${original}-warm`);
  const whole = await sealAndKill(placeOf('warm'), `${original}-warm`, { afterMs: 120_000 });
  expect(whole.killed).toBe(false);
  const seen: Record<string, number> = { nothing: 0, incomplete: 0, stored: 0, sealed: 0 };
  let killed = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (killed < kills) await killInto(next++);
  };
  const killInto = async (i: number): Promise<void> => {
    const random = randomNumbers(seed + i);
    const [place, copy] = [placeOf(`v${i}`), join(folder, `copy-${i}`)];
    copyFileSync(original, copy);
    for (let kill = 0; kill < killsEach && existsSync(copy); kill += 1) {
      const ran = await sealAndKill(place, copy, random() < 0.5 ? { atWait: 1 + Math.floor(random() * whole.waits) } : { afterMs: random() * whole.ms });
      if (!ran.killed) continue;
      killed += 1;
      const state = await checkAfterCrash(place, copy, sha256);
      seen[state] = (seen[state] ?? 0) + 1;
    }
    await sealFile(place, key, original);
    expect(await verify(place)).toMatchObject({ holds: true, checked: { entries: 2, ledgerEntries: 4 } });
    expect(await incompleteIn(place)).toEqual([]);
    for await (const object of (await vaultFor(place)).list('')) expect(object.lock).toEqual(lock);
    for (const path of [place, copy]) rmSync(path, { recursive: true, force: true });
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  process.stderr.write(`seed ${seed}: killed ${killed} times; found afterwards: ${JSON.stringify(seen)}; a sealing takes ${whole.ms.toFixed(0)} ms and waits ${whole.waits} times\n`);
  return { killed, seen };
}

describe('a vault whose writer is killed', () => {
  it('in a folder has no half object and has lost nothing, and ends up whole', async () => {
    const { killed, seen } = await killMany(3 * 2 ** 20, (name) => join(folder, name));
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(Object.values(seen).reduce((sum, count) => sum + count)).toBe(killed);
  });

  const server = process.env['ICECORE_S3_ENDPOINT'] === undefined ? it.skip : it;
  server('in S3 has no half object and has lost nothing, and ends up whole', async () => {
    const run = randomBytes(4).toString('hex');
    const { killed, seen } = await killMany(11 * 2 ** 20, (name) => `s3://evidence/${run}/${name}`);
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(seen['incomplete']).toBeGreaterThan(0);
  });
});
