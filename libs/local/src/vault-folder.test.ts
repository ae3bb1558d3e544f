import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { memorySource, readAll } from '@icecore/bytes';
import { type EvidenceVault, sealCapture, type Trust, trustIn, vaultContract, verifyCapture } from '@icecore/evidence';
import { signingKeyFile, vaultFolder } from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'icecore-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = 'clusters/local/lab/2025-03-01/c1/archive.tar';
const lock = { retainUntil: new Date(Date.now() + 3_600_000), held: false };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a vault in a folder', () => {
  it.each(vaultContract({ expires: true }))('$title', async ({ check }) => {
    await expect(check(vaultFolder(join(folder, 'vault')))).resolves.toBeUndefined();
  });

  it('leaves a read-only file under the key, and nothing else but its lock', async () => {
    await vaultFolder(folder).put(key, memorySource(bytes('x')), { lock });
    expect(statSync(join(folder, key)).mode & 0o777).toBe(0o400);
    expect(statSync(join(folder, key)).nlink).toBe(1);
    expect(readdirSync(dirname(join(folder, key))).sort()).toEqual(['.archive.tar.lock', 'archive.tar']);
  });

  it('lists what a writer that is gone left, and takes it up', async () => {
    const vault = vaultFolder(folder);
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    const failing = { size: 4 << 20, read: async (start: number, end: number) => (start > 1 << 20 ? Promise.reject(new Error('gone')) : new Uint8Array(end - start)) };
    await expect(vault.put(key, failing, { lock })).rejects.toThrow('gone');
    expect(await incomplete(vault)).toEqual([[key, 2 << 20]]);
    await vault.put(key, memorySource(new Uint8Array(4 << 20)), { lock });
    expect(await incomplete(vault)).toEqual([]);
    expect(await readAll(await vault.open(key))).toEqual(new Uint8Array(4 << 20));
  });

  it('leaves alone what a writer on another machine is at', async () => {
    const vault = vaultFolder(folder);
    const other = join(folder, dirname(key), '.archive.tar.elsewhere-7-00000000-0000-0000-0000-000000000000.part');
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, 'half');
    expect(await incomplete(vault)).toEqual([[key, 4]]);
    await vault.put(key, memorySource(bytes('x')), { lock });
    expect(statSync(other).size).toBe(4);
  });

  it('knows the lock of an object whose put ended between name and lock', async () => {
    const vault = vaultFolder(folder);
    await vault.put(key, memorySource(bytes('x')), { lock: { ...lock, held: true } });
    const { linkSync } = await import('node:fs');
    const left = join(folder, dirname(key), '.archive.tar.elsewhere-7-00000000-0000-0000-0000-000000000000');
    linkSync(join(folder, key), `${left}.part`);
    renameSync(join(folder, dirname(key), '.archive.tar.lock'), `${left}.lock`);
    expect((await vault.describe(key))?.lock).toEqual({ ...lock, held: true });
    expect(await incomplete(vault)).toEqual([]);
  });

  it('does not write through a link that leads out of it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'icecore-outside-'));
    mkdirSync(join(folder, 'vault'));
    symlinkSync(outside, join(folder, 'vault/clusters'));
    await expect(vaultFolder(join(folder, 'vault')).put(key, memorySource(bytes('x')), { lock })).rejects.toMatchObject({ code: 'refused' });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });

  it.each([
    ['the archive', 'archive.tar', /is reached by a link/],
    ['the manifest', 'manifest.json', /is reached by a link/],
    ['an entry of the ledger', 'ledger/00000002.json', /is reached by a link/],
    ['the folder of the ledger', 'ledger', /is reached by a link/],
    ['the folder of the heads', 'heads', /is reached by a link/],
  ])('does not hold where %s is a link to the same bytes elsewhere', async (_what, name, reason) => {
    const { vault, capture, trust } = await sealedCapture();
    expect(await verifyCapture(vault, capture, trust)).toMatchObject({ holds: true });
    const [path, outside] = [join(folder, 'vault', capture, name), join(folder, 'outside')];
    renameSync(path, outside);
    symlinkSync(outside, path);
    expect(await verifyCapture(vault, capture, trust)).toMatchObject({ holds: false, place: expect.stringContaining(capture + name), reason: expect.stringMatching(reason) });
  });

  it('names a link and a pipe that were laid beside the evidence', async () => {
    const { vault, capture, trust } = await sealedCapture();
    symlinkSync('/etc/hostname', join(folder, 'vault', capture, 'notes'));
    symlinkSync('/etc', join(folder, 'vault', capture, 'side'));
    execFileSync('mkfifo', [join(folder, 'vault', capture, 'pipe')]);
    const report = await verifyCapture(vault, capture, trust);
    expect(report.holds ? [] : [report, ...report.more].map(({ place, reason }) => [place.slice(capture.length), reason])).toEqual(['notes', 'pipe', 'side'].map((name) => [name, 'is in the vault, and nothing says where it comes from']));
  });

  it('never waits for a pipe in the place of evidence', async () => {
    const { vault, capture, trust } = await sealedCapture();
    const path = join(folder, 'vault', capture, 'manifest.json');
    rmSync(path, { force: true });
    execFileSync('mkfifo', [path]);
    expect(await verifyCapture(vault, capture, trust)).toMatchObject({ holds: false, place: `${capture}manifest.json` });
  });

  it('holds where the vault as a whole is reached by a link', async () => {
    const { capture, trust } = await sealedCapture();
    symlinkSync(join(folder, 'vault'), join(folder, 'by-link'));
    expect(await verifyCapture(vaultFolder(join(folder, 'by-link')), capture, trust)).toMatchObject({ holds: true });
  });

  it('refuses a key below another object, and one above others', async () => {
    const vault = vaultFolder(folder);
    await vault.put('a/b', memorySource(bytes('x')), { lock });
    await expect(vault.put('a/b/c', memorySource(bytes('x')), { lock })).rejects.toMatchObject({ code: 'refused' });
    await expect(vault.put('a', memorySource(bytes('x')), { lock })).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('a key in a file', () => {
  it('is made once, for its owner only, also by many at once', async () => {
    const path = join(folder, 'keys/signing.pem');
    const signers = await Promise.all(Array.from({ length: 4 }, () => signingKeyFile(path)));
    expect(new Set(signers.map(({ keyId }) => keyId)).size).toBe(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['signing.pem']);
  });

  it('is refused where others may read it', async () => {
    const path = join(folder, 'signing.pem');
    await signingKeyFile(path);
    chmodSync(path, 0o644);
    await expect(signingKeyFile(path)).rejects.toThrow('others than its owner may read this key');
  });
});

/** A vault with one capture in it. */
async function sealedCapture(): Promise<{ readonly vault: EvidenceVault; readonly capture: string; readonly trust: Trust }> {
  const [vault, signer] = [vaultFolder(join(folder, 'vault')), await signingKeyFile(join(folder, 'signing.pem'))];
  const archive = memorySource(bytes('an archive'));
  const { captureKey } = await sealCapture(vault, signer, () => new Date(), {
    captureId: 'c1', archive, entries: [], gaps: [], side: [], lock, takenAt: new Date('2026-03-01T10:00:00Z'), timeSource: 'node', clockOffsetMs: 0, by: 'node role', tools: [{ name: 'icecore', version: '0.1.0' }],
    where: { account: 'local', cluster: 'lab', node: 'n1', namespace: null, pod: null, podUid: null, container: null, containerId: null, image: null, imageDigest: null },
    why: { alert: null, policy: null, case: null, reason: null },
  });
  return { vault, capture: captureKey, trust: trustIn(signer) };
}

async function incomplete(vault: EvidenceVault): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const left of vault.incomplete('')) found.push([left.key, left.bytes]);
  return found;
}
