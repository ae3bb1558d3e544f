import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { s3ClientFor, s3Vault } from '@icecore/aws';
import { type Gate, startGate } from '@icecore/aws/s3-gate';
import { readAll } from '@icecore/bytes';
import { type EvidenceVault, objectKeys, parseEntry, parseHead, parseManifest, type Trust, trustIn, verifyCapture } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from '@icecore/local';
import { root } from '../run.test-support.ts';
import { killOrder, nextKill, randomNumbers } from './kill-plan.test-support.ts';
import { capture, halves, lock, sealFile } from './sealing-child.test-support.ts';
import { sealAndKill, stepListeners } from './sealing-run.test-support.ts';

const server = process.env['ICECORE_S3_ENDPOINT'];
/** How many kills at least into vaults of each kind, more than 200 in all; how many of them while the archive was on its way; and how many vaults at once. */
const kills = Number(process.env['ICECORE_CRASH_KILLS'] ?? (server === undefined ? 210 : 72));
const leastMidUpload = Math.floor(kills * 0.3);
const lanes = 4;
/** How long each step of a request is held up, in milliseconds: what a network does, and time for a kill to fall into. */
const delayMs = 5;
const seed = Number(process.env['ICECORE_CRASH_SEED'] ?? randomBytes(4).readUInt32LE());

/** In memory where there is room: a killed process loses nothing that a disk has not got yet, and each fsync would take its time. */
const folder = mkdtempSync(join(freeBytes('/dev/shm') > 2 ** 29 ? '/dev/shm' : tmpdir(), 'icecore-crash-'));
const programs = join(folder, 'programs');
const child = join(programs, 'sealing-child.test-support.js');
const key = join(folder, 'signing.pem');
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let trust: Trust;

/** Vaults of one kind: how its writer reaches them, and how its owner looks into them. */
interface Kind {
  readonly archiveBytes: number;
  place(name: string): string;
  /** For the writer. */
  env(name: string): NodeJS.ProcessEnv;
  owned(place: string): EvidenceVault;
  listen(name: string, take: (step: string) => void): () => void;
  /** True where uploads that were given up are ended by the store, for their writer cannot see them. */
  readonly leavesUploads: boolean;
}

/** What the vault holds after a kill. */
type Found = 'nothing' | 'incomplete' | 'stored' | 'sealed';

beforeAll(async () => {
  // Few files start in a fraction of the time that all modules take one by one; what S3 needs is one of its own.
  const header = `import { createRequire } from 'node:module'; const require = createRequire('${root}/');`;
  const options = ['--bundle', '--splitting', '--platform=node', '--format=esm', '--minify', '--log-level=error', '--external:@duckdb/node-api', '--external:@litko/*', `--banner:js=${header}`];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [join(import.meta.dirname, 'sealing-child.test-support.ts'), ...options, `--outdir=${programs}`]);
  writeFileSync(join(programs, 'package.json'), '{"type":"module"}');
  trust = trustIn(await signingKeyFile(key));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What must hold whenever the power goes. */
async function checkAfterCrash(vault: EvidenceVault, copy: string, sha256: string): Promise<Found> {
  const report = await verify(vault);
  let stored = false;
  for await (const object of vault.list('')) {
    const isArchive = object.key === objectKeys.archive(capture);
    // Until all of it is there, a store that locks an upload in parts only once it is whole may have it unlocked.
    if (report.holds || !isArchive || object.lock !== undefined) expect(object.lock).toEqual(lock);
    stored ||= isArchive;
    // Of what holds all was read and compared already, but for what the node has.
    if (report.holds && !isArchive) continue;
    const bytes = await readAll(await vault.open(object.key));
    if (isArchive) expect(sha256Of(bytes)).toBe(sha256);
    else if (object.key === objectKeys.manifest(capture)) parseManifest(bytes);
    else if (object.key.startsWith(`${capture}ledger/`)) parseEntry(bytes);
    else if (object.key.startsWith(`${capture}heads/`)) parseHead(bytes);
  }
  if (existsSync(copy)) expect(sha256Of(readFileSync(copy))).toBe(sha256);
  else expect(report).toMatchObject({ holds: true });
  if (report.holds) return 'sealed';
  if (stored) return 'stored';
  return (await incompleteIn(vault)).length > 0 ? 'incomplete' : 'nothing';
}

function verify(vault: EvidenceVault): ReturnType<typeof verifyCapture> {
  return verifyCapture(vault, capture, trust, { openEntries: async (archive) => halves(archive) });
}

async function incompleteIn(vault: EvidenceVault): Promise<string[]> {
  const left: string[] = [];
  for await (const each of vault.incomplete('')) left.push(each.key);
  return left;
}

/** Kills sealings into one vault after the other until there were enough. Gives how often which phase was met, and what was found. */
async function killMany(title: string, kind: Kind): Promise<{ readonly killed: number; readonly midUpload: number }> {
  const begun = performance.now();
  const bytes = Buffer.alloc(kind.archiveBytes, 'a page of memory, and then another one; ');
  for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
  const [original, sha256] = [join(folder, `original-${title.replaceAll(' ', '-')}`), sha256Of(bytes)];
  writeFileSync(original, bytes);
  const table = new Map<string, number>();
  const copyOf = (name: string): string => {
    copyFileSync(original, join(folder, name));
    return join(folder, name);
  };
  const run = (name: string, copy: string, kill: Parameters<typeof sealAndKill>[2]): ReturnType<typeof sealAndKill> =>
    sealAndKill([child, kind.place(name), key, copy], kind.env(name), kill, (take) => kind.listen(name, take));
  const whole = await run('warm', copyOf('copy-warm'), undefined);
  expect(whole.killed).toBe(false);
  let [killed, midUpload, next] = [0, 0, 0];
  const killInto = async (i: number): Promise<void> => {
    const [random, name] = [randomNumbers(seed + i), `v${i}`];
    const [copy, vault] = [copyOf(`copy-${i}`), kind.owned(kind.place(name))];
    for (const phase of killOrder) {
      if (!existsSync(copy)) break;
      const ran = await run(name, copy, nextKill(random, phase, whole));
      if (!ran.killed) continue;
      killed += 1;
      const found = await checkAfterCrash(vault, copy, sha256);
      if ((ran.phase === 'storing' || ran.phase === 'settling') && (found === 'nothing' || found === 'incomplete')) midUpload += 1;
      const cell = `${ran.phase ?? 'starting'} ${found}`;
      table.set(cell, (table.get(cell) ?? 0) + 1);
    }
    await sealFile(kind.place(name), key, original, kind.env(name));
    expect(await verify(vault)).toMatchObject({ holds: true, checked: { entries: 2, ledgerEntries: 4 } });
    if (!kind.leavesUploads) expect(await incompleteIn(vault)).toEqual([]);
    for await (const object of vault.list('')) expect(object.lock).toEqual(lock);
    for (const path of [kind.place(name), copy]) rmSync(path, { recursive: true, force: true });
  };
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (killed < kills) await killInto(next++);
  }));
  const took = ((performance.now() - begun) / 1000).toFixed(0);
  process.stderr.write(`${title}: ${killed} kills into ${next} vaults in ${took} s, seed ${seed}, ${midUpload} while the archive was on its way\n${tableText(table)}`);
  return { killed, midUpload };
}

function freeBytes(path: string): number {
  if (!existsSync(path)) return 0;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Rows: the phase that the kill fell into; columns: what the vault held afterwards. */
function tableText(table: ReadonlyMap<string, number>): string {
  const columns = ['nothing', 'incomplete', 'stored', 'sealed'];
  const line = (first: string, cells: readonly string[]): string => `  ${first.padEnd(10)}${cells.map((cell) => cell.padStart(12)).join('')}\n`;
  const rows = ['starting', 'hashing', 'storing', 'settling', 'recording'].map((phase) => line(phase, columns.map((found) => String(table.get(`${phase} ${found}`) ?? 0))));
  return line('', columns) + rows.join('');
}

describe('a vault whose writer is killed', () => {
  it('in a folder has no half object and has lost nothing, and ends up whole', async () => {
    const folders: Kind = { archiveBytes: 4 * 2 ** 20, place: (name) => join(folder, name), env: () => process.env, owned: (place) => vaultFolder(place), listen: () => () => undefined, leavesUploads: false };
    const { killed, midUpload } = await killMany('a folder', folders);
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(midUpload).toBeGreaterThanOrEqual(leastMidUpload);
  });
});

(server === undefined ? describe.skip : describe)('a vault in S3 whose writer is killed', () => {
  const run = randomBytes(4).toString('hex');
  const owner = s3ClientFor(process.env);
  const owned = (place: string): EvidenceVault => s3Vault({ client: owner, bucket: 'evidence', prefix: place.slice('s3://evidence/'.length) });
  const taken = async (path: string): Promise<boolean> => (await s3Vault({ client: owner, bucket: 'evidence' }).describe(path.slice('/evidence/'.length))) !== undefined;
  const listeners = stepListeners();
  let gate: Gate;
  let strict: Gate;
  beforeAll(async () => {
    gate = await startGate(server ?? '', { delayMs, onStep: listeners.onStep });
    strict = await startGate(server ?? '', { delayMs, onStep: listeners.onStep, taken });
  });
  afterAll(async () => {
    owner.destroy();
    await Promise.all([gate.close(), strict.close()]);
  });
  const kindOf = (part: string, env: (name: string) => NodeJS.ProcessEnv, leavesUploads: boolean): Kind => ({
    archiveBytes: 11 * 2 ** 20,
    place: (name) => `s3://evidence/${run}/${part}/${name}`,
    env: (name) => ({ ...process.env, ...env(name) }),
    owned,
    listen: (name, take) => listeners.listen(`/${part}/${name}/`, take),
    leavesUploads,
  });

  it('has no half object and has lost nothing, and ends up whole', async () => {
    const { killed, midUpload } = await killMany('S3', kindOf('s3', () => ({ AWS_ENDPOINT_URL_S3: gate.endpoint }), false));
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(midUpload).toBeGreaterThanOrEqual(leastMidUpload);
  });

  it('has no half object and has lost nothing, and ends up whole, where the writer may only put', async () => {
    const [user, all] = [(name: string) => ({ AWS: [`arn:aws:iam:::user/${name}`] }), 'arn:aws:s3:::evidence'];
    const actions = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectRetention', 's3:PutObjectLegalHold'];
    const reading = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads', 's3:ListMultipartUploadParts'];
    const Statement = [{ Effect: 'Allow', Principal: user('writer'), Action: actions, Resource: [`${all}/${run}/puts/*`] }, { Effect: 'Deny', Principal: user('writer'), Action: reading, Resource: [all, `${all}/*`] }, { Effect: 'Allow', Principal: user('t'), Action: ['s3:*'], Resource: [all, `${all}/*`] }];
    await owner.send(new PutBucketPolicyCommand({ Bucket: 'evidence', Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
    const env = (name: string): NodeJS.ProcessEnv => ({ AWS_ENDPOINT_URL_S3: strict.endpoint, AWS_ACCESS_KEY_ID: 'writer', AWS_SECRET_ACCESS_KEY: 'writerwriter', ICECORE_JOURNAL: join(folder, 'journals', name) });
    const { killed, midUpload } = await killMany('S3 by puts alone', kindOf('puts', env, true));
    expect(killed).toBeGreaterThanOrEqual(kills);
    expect(midUpload).toBeGreaterThanOrEqual(leastMidUpload);
  });
});
