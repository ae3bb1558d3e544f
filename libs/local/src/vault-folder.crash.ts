import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, readAll, sliceSource } from '@icecore/bytes';
import { fingerprint, objectKeys, parseEntry, parseHead, parseManifest, trustIn, verifyCapture } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from './index.ts';
import { sealFile } from './sealing-child.test-support.ts';

/** Kills in all, and how many of them the sealing into one vault meets before it may end. */
const kills = 200;
const killsEach = 6;
const archiveBytes = 4 * 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'icecore-crash-'));
afterAll(() => rmSync(folder, { recursive: true }));

const child = join(import.meta.dirname, 'sealing-child.test-support.ts');
const key = join(folder, 'signing.pem');
const original = join(folder, 'original.tar');
const bytes = Buffer.alloc(archiveBytes, 'a page of memory, and then another one; ');
for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
writeFileSync(original, bytes);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const capture = 'clusters/local/lab/2026-03-01/c1/';

const openEntries = async (archive: ByteSource) => {
  const half = Math.floor(archive.size / 2);
  return [
    { rawPath: 'pages-1.img', type: 'file', source: sliceSource(archive, 0, half) },
    { rawPath: 'pages-2.img', type: 'file', source: sliceSource(archive, half, archive.size) },
  ];
};

/** Runs the sealing program and kills it some milliseconds after it began; tells how long it ran, and whether it ended itself. */
async function sealAndKill(vault: string, copy: string, afterMs: number): Promise<{ ms: number; ended: boolean }> {
  const program = spawn(process.execPath, [child, vault, key, copy], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '--no-warnings' } });
  let begun = 0;
  let timer: NodeJS.Timeout | undefined;
  program.stdout.once('data', () => {
    begun = performance.now();
    timer = setTimeout(() => program.kill('SIGKILL'), afterMs);
  });
  const code = await new Promise<number | null>((resolve) => program.once('close', resolve));
  clearTimeout(timer);
  return { ms: performance.now() - begun, ended: code === 0 };
}

/** What must hold whenever the power goes. Gives a word for what was found. */
async function checkAfterCrash(root: string, copy: string): Promise<'nothing' | 'incomplete' | 'stored' | 'sealed'> {
  const vault = vaultFolder(root);
  const found: string[] = [];
  for await (const object of vault.list('')) {
    found.push(object.key);
    expect(object.lock).toEqual({ retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false });
    const source = await vault.open(object.key);
    if (object.key === objectKeys.archive(capture)) expect((await fingerprint(source)).sha256).toBe(sha256);
    else if (object.key === objectKeys.manifest(capture)) parseManifest(await readAll(source));
    else if (object.key.startsWith(`${capture}ledger/`)) parseEntry(await readAll(source));
    else if (object.key.startsWith(`${capture}heads/`)) parseHead(await readAll(source));
  }
  const incomplete: string[] = [];
  for await (const left of vault.incomplete('')) incomplete.push(left.key);
  const report = await verifyCapture(vault, capture, trustIn(await signingKeyFile(key)), { openEntries });
  if (existsSync(copy)) expect(createHash('sha256').update(readFileSync(copy)).digest('hex')).toBe(sha256);
  else expect(report).toMatchObject({ holds: true });
  if (report.holds) return 'sealed';
  if (found.includes(objectKeys.archive(capture))) return 'stored';
  return incomplete.length > 0 ? 'incomplete' : 'nothing';
}

describe('a folder vault whose writer is killed', () => {
  it(`has no half object and has lost nothing after ${kills} kills, and ends up whole`, async () => {
    await signingKeyFile(key);
    const warm = join(folder, 'warm.tar');
    copyFileSync(original, warm);
    const whole = (await sealAndKill(join(folder, 'warm'), warm, 60_000)).ms;
    const seen: Record<string, number> = { nothing: 0, incomplete: 0, stored: 0, sealed: 0 };
    let killed = 0;
    for (let i = 0; killed < kills; i += 1) {
      const [root, copy] = [join(folder, `vault-${i}`), join(folder, `copy-${i}.tar`)];
      copyFileSync(original, copy);
      for (let kill = 0; kill < killsEach && existsSync(copy); kill += 1) {
        const { ended } = await sealAndKill(root, copy, Math.random() * whole);
        if (!ended) killed += 1;
        const state = await checkAfterCrash(root, copy);
        seen[state] = (seen[state] ?? 0) + 1;
      }
      await sealFile(root, key, existsSync(copy) ? copy : original);
      expect(await verifyCapture(vaultFolder(root), capture, trustIn(await signingKeyFile(key)), { openEntries })).toMatchObject({ holds: true, checked: { entries: 2, ledgerEntries: 4 } });
      for await (const left of vaultFolder(root).incomplete('')) throw new Error(`${left.key} is still incomplete`);
      for (const path of [root, copy]) rmSync(path, { recursive: true, force: true });
    }
    console.log(`killed ${killed} times; found afterwards: ${JSON.stringify(seen)}; a sealing takes ${whole.toFixed(0)} ms`);
    expect(killed).toBeGreaterThanOrEqual(kills);
  });
});
