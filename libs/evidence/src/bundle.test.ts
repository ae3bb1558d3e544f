import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readAll } from '@icecore/bytes';
import { caseBundle, objectKeys } from './index.ts';
import { opensslAuthority } from './authority.test-support.ts';
import { testCapture, testSigner } from './capture.test-support.ts';

const authority = opensslAuthority();
const folder = mkdtempSync(join(tmpdir(), 'icecore-bundle-'));
afterAll(() => {
  authority.close();
  rmSync(folder, { recursive: true });
});

const { vault, sealed, trust } = await testCapture({ captureId: 'c1', authority: authority.authority, certificates: [authority.certificate] });
const files = new Map<string, Uint8Array>();
for await (const { path, source } of caseBundle(vault, [sealed.captureKey], trust)) files.set(path, await readAll(source));
for (const [path, bytes] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}
const scripts = [...readFileSync(join(folder, 'VERIFY.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script = '']) => script).filter((script) => !script.startsWith('icecore'));

describe('a case bundle', () => {
  it('has the evidence, the keys, the ends of the ledgers, a CASE document, and how to check it', () => {
    expect([...files.keys()].filter((path) => !path.startsWith('evidence/'))).toEqual(['trust.json', 'keys/1.pem', 'authorities/1.pem', 'heads.json', 'case.jsonld', 'VERIFY.md', 'SHA256SUMS']);
    expect([...files.keys()].filter((path) => path.startsWith('evidence/'))).toHaveLength(17);
  });

  it('is the same bytes for the same captures', async () => {
    for await (const { path, source } of caseBundle(vault, [sealed.captureKey], trust)) expect(files.get(path)).toEqual(await readAll(source));
  });

  it('holds by what its instructions say, with no icecore', () => {
    expect(scripts).toHaveLength(3);
    const said = scripts.map((script) => execFileSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }));
    expect(said.join('')).toContain(`holds: ${sealed.captureKey}, 6 ledger entries, the last of hash `);
  });

  it.each([
    [objectKeys.archive(sealed.captureKey), 'does not have the SHA-256 that the manifest or the ledger gives'],
    [objectKeys.derived(sealed.captureKey, 'processes.parquet'), 'does not have the SHA-256 that the manifest or the ledger gives'],
    [objectKeys.entry(sealed.captureKey, 2), 'signature that does not hold'],
    [objectKeys.head(sealed.captureKey, 2), 'signature that does not hold'],
    [objectKeys.manifest(sealed.captureKey), ''],
  ])('does not hold by its instructions where %s has one other byte', (key, reason) => {
    const path = join(folder, 'evidence', key);
    const before = readFileSync(path);
    writeFileSync(path, before.toString('latin1').replace('c1', 'cX'), 'latin1');
    expect(spawnSync('bash', ['-c', scripts[0] ?? ''], { cwd: folder }).status).not.toBe(0);
    const { status, stderr } = spawnSync('bash', ['-c', scripts[1] ?? ''], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
    writeFileSync(path, before);
  });

  it.each([
    ['another key in the place of the one that is trusted', (ledger: string) => writeFileSync(join(ledger, '../../../../../../../keys/1.pem'), testSigner().publicKey), 'is not what trust.json has'],
    ['another authority’s certificate', (ledger: string) => writeFileSync(join(ledger, '../../../../../../../authorities/1.pem'), 'another'), 'is not what trust.json has'],
    ['a file that nobody exported', (ledger: string) => writeFileSync(join(ledger, '../side/more.json'), '{}'), 'SHA256SUMS does not speak of it'],
    ['an entry that is gone', (ledger: string) => rmSync(join(ledger, '00000003.json')), 'does not follow'],
    ['an end that is gone', (ledger: string) => ['ledger', 'heads'].forEach((name) => rmSync(join(ledger, '..', name, '00000006.json'))), 'does not end as heads.json says'],
    ['a head whose entry is gone', (ledger: string) => rmSync(join(ledger, '00000006.json')), 'an entry that the ledger does not have'],
    ['two entries in each other’s place', (ledger: string) => {
      renameSync(join(ledger, '00000002.json'), join(ledger, 'x'));
      renameSync(join(ledger, '00000003.json'), join(ledger, '00000002.json'));
      renameSync(join(ledger, 'x'), join(ledger, '00000003.json'));
    }, 'does not follow'],
  ])('does not hold by its instructions with %s', (_, change, reason) => {
    const copy = mkdtempSync(join(tmpdir(), 'icecore-bundle-'));
    cpSync(folder, copy, { recursive: true });
    change(join(copy, 'evidence', sealed.captureKey, 'ledger'));
    const { status, stderr } = spawnSync('bash', ['-c', scripts[1] ?? ''], { cwd: copy, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining(reason)]);
    rmSync(copy, { recursive: true });
  });

  it('has a CASE document in which every reference leads to something', () => {
    const { '@graph': graph } = JSON.parse(readFileSync(join(folder, 'case.jsonld'), 'utf8'));
    const known = new Set(graph.map((node: { '@id': string }) => node['@id']));
    const actions = graph.filter((node: { '@type': string }) => node['@type'] === 'case-investigation:InvestigativeAction');
    expect(actions.map((node: { 'uco-core:name': string }) => node['uco-core:name'])).toEqual(['captured', 'hashed', 'uploaded', 'sealed', 'derived', 'accessed']);
    for (const node of actions) for (const { '@id': id } of [...(node['uco-action:object'] ?? []), ...(node['uco-action:result'] ?? []), node['uco-action:performer']]) expect(known).toContain(id);
  });
});
