import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attack, icecore, loop, type Ran, root } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-cli-vault-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = ['--vault', join(folder, 'vault'), '--key', join(folder, 'signing.pem')];
const bundle = join(folder, 'case-1');
let capture = '';
let head = '';

describe('the vault', () => {
  it('takes archives in, with a key made for it', () => {
    const { code, out, err } = icecore('seal', '--json', '--cluster', 'prod', '--reason', 'shell in container', ...place, attack, loop);
    expect([code, err]).toEqual([0, '']);
    const sealed = out.trim().split(/\n(?=\{)/).map((line) => JSON.parse(line));
    expect(sealed).toMatchObject([{ fresh: true, capture: expect.stringMatching(/^clusters\/local\/prod\/2026-11-23\//) }, { fresh: true }]);
    capture = sealed[0].capture;
    head = sealed[0].head;
    expect(statSync(join(folder, 'signing.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'vault', capture, 'archive.tar')).mode & 0o777).toBe(0o400);
  });

  it('takes the same archive once', () => {
    expect(JSON.parse(icecore('seal', '--json', '--cluster', 'prod', ...place, attack).out)).toMatchObject({ fresh: false, capture });
    expect(icecore('evidence', 'list', ...place).out.match(/ sealed /g)).toHaveLength(2);
  });

  it('takes in also what cannot be opened, and says so', () => {
    writeFileSync(join(folder, 'broken.tar'), 'no archive at all');
    const { code, err } = icecore('seal', '--vault', join(folder, 'other'), '--key', join(folder, 'signing.pem'), join(folder, 'broken.tar'));
    expect(code).toBe(4);
    expect(err).toContain('sealed as it is');
    expect(icecore('verify', '--key', join(folder, 'signing.pem'), '--vault', join(folder, 'other')).code).toBe(0);
  });

  it('holds, and shows what it holds and what happened to it', () => {
    const { code, out } = icecore('verify', ...place);
    expect(code).toBe(0);
    expect(out.match(/^holds /gm)).toHaveLength(2);
    expect(icecore('evidence', 'show', ...place, capture).out).toMatch(/shell in container[\s\S]*captured[\s\S]*hashed[\s\S]*uploaded[\s\S]*sealed/);
  });

  it('is held for a reason, and released for one', () => {
    expect(icecore('evidence', 'hold', ...place, capture).code).toBe(2);
    expect(icecore('evidence', 'hold', '--reason', 'case 1', ...place, capture).code).toBe(0);
    expect(JSON.parse(icecore('evidence', 'list', '--json', ...place).out.split(/\n(?=\{)/).find((line) => line.includes(capture)) ?? '')).toMatchObject({ held: true });
    expect(icecore('evidence', 'release', '--reason', 'case 1 is closed', ...place, capture).code).toBe(0);
    expect(icecore('evidence', 'show', ...place, capture).out).toMatch(/held +\S+ +case 1\n.*released +\S+ +case 1 is closed/);
  });

  it('shows by the head that sealing told whether its ledger was cut since', () => {
    const heads = join(folder, 'heads.json');
    writeFileSync(heads, icecore('evidence', 'heads', ...place).out);
    expect(JSON.parse(readFileSync(heads, 'utf8'))).toContainEqual({ captureKey: capture, seq: 6, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(icecore('verify', '--expect-head', head, ...place, capture).code).toBe(0);
    const cut = join(folder, 'cut-vault');
    cpSync(join(folder, 'vault'), cut, { recursive: true });
    for (const name of ['ledger', 'heads']) rmSync(join(cut, capture, name, '00000006.json'));
    const { code, out } = icecore('verify', '--expect-head', heads, '--key', join(folder, 'signing.pem'), cut);
    expect([code, out]).toEqual([1, expect.stringContaining('ledger/00000006.json: is missing: the ledger ends with entry 5')]);
    expect(icecore('verify', '--expect-head', head, ...place).code).toBe(2);
    expect(icecore('verify', '--expect-head', join(folder, 'signing.pem'), ...place)).toMatchObject({ code: 2, err: expect.stringContaining('no file of heads') });
  });

  it('gives an archive out for a reason, and has the same in another vault', () => {
    const archive = join(folder, 'read.tar.zst');
    expect(icecore('evidence', 'read', '--reason', 'triage', '--output', archive, ...place, capture).code).toBe(0);
    expect(readFileSync(archive).equals(readFileSync(join(root, attack)))).toBe(true);
    expect(icecore('evidence', 'read', '--reason', 'triage', '--output', archive, ...place, capture).code).toBe(2);
    const copy = join(folder, 'copy');
    expect(icecore('evidence', 'replicate', '--reason', 'second site', '--to', copy, ...place, capture).code).toBe(0);
    const { code, out } = icecore('verify', '--key', join(folder, 'signing.pem'), copy);
    expect([code, out.match(/^holds /gm)?.length]).toEqual([0, 1]);
    expect(icecore('evidence', 'show', '--vault', copy, capture).out).toMatch(/accessed +\S+ +triage[\s\S]*replicated +\S+ +second site/);
  });

  it('proves one image without the rest of its archive', () => {
    const proof = join(folder, 'proof.json');
    writeFileSync(proof, icecore('evidence', 'show', '--prove', 'checkpoint/pages-1.img', ...place, capture).out);
    const check = (...words: string[]): Ran => icecore('verify', '--proof', proof, '--key', join(folder, 'signing.pem'), ...words);
    expect(check()).toMatchObject({ code: 0, out: expect.stringMatching(/^holds {2}checkpoint\/pages-1\.img of clusters/) });
    expect(check(join(root, loop))).toMatchObject({ code: 1, out: expect.stringContaining('and the entry has') });
    writeFileSync(proof, readFileSync(proof, 'utf8').replace('pages-1.img', 'pages-9.img'));
    expect(check()).toMatchObject({ code: 1, out: expect.stringContaining('do not lead from the entry to the root') });
    expect(icecore('evidence', 'show', '--prove', 'nothing', ...place, capture).code).toBe(3);
  });

  it('lets no evidence go before its lock has ended', () => {
    const { code, err } = icecore('evidence', 'expire', '--reason', 'its time has come', ...place, capture);
    expect([code, err]).toEqual([3, expect.stringContaining('is locked until')]);
    expect(icecore('verify', ...place, capture).code).toBe(0);
  });

  it('locks by the policy that is named: severity, namespace and case', () => {
    const policy = join(folder, 'retention.json');
    writeFileSync(policy, JSON.stringify({ default: '30d', rules: [{ match: { severity: 70 }, lock: '2y' }, { match: { case: true }, lock: '60d', hold: true }] }));
    const locked = (...words: string[]): { days: number; held: boolean } => {
      const own = ['--vault', mkdtempSync(join(folder, 'policy-')), '--key', join(folder, 'signing.pem')];
      const { locked_until, held } = JSON.parse(icecore('seal', '--json', ...own, ...words, loop).out);
      return { days: Math.round((Date.parse(locked_until) - Date.now()) / 86_400_000), held };
    };
    expect(locked('--policy', policy)).toEqual({ days: 30, held: false });
    expect(locked('--policy', policy, '--severity', '80')).toEqual({ days: 730, held: false });
    expect(locked('--policy', policy, '--case', 'k1')).toEqual({ days: 60, held: true });
    expect(locked('--days', '7')).toEqual({ days: 7, held: false });
    writeFileSync(policy, '{ "default": "soon" }');
    expect(icecore('seal', '--policy', policy, ...place, loop)).toMatchObject({ code: 2, err: expect.stringContaining('default: is no period') });
    expect(icecore('seal', '--policy', policy, '--days', '7', ...place, loop).code).toBe(2);
  });

  it('gives a case away that holds by itself', () => {
    expect(icecore('evidence', 'export', '--reason', 'for court', '--output', bundle, ...place, capture).code).toBe(0);
    expect(existsSync(join(bundle, 'VERIFY.md'))).toBe(true);
    copyFileSync(join(bundle, 'trust.json'), join(folder, 'trust.json'));
    const { code, out } = icecore('verify', '--trust', join(folder, 'trust.json'), bundle);
    expect([code, out.match(/^holds /gm)?.length]).toEqual([0, 1]);
    expect(icecore('evidence', 'export', '--reason', 'again', '--output', bundle, ...place, capture).code).toBe(2);
  });

  it.each([
    ['archive.tar', 1000],
    ['manifest.json', 100],
    ['ledger/00000002.json', 100],
    ['heads/00000003.json', 100],
  ])('does not hold where %s has another byte, and says where', (name, at) => {
    const changed = join(folder, 'changed');
    cpSync(bundle, changed, { recursive: true });
    const path = join(changed, 'evidence', capture, name);
    const bytes = readFileSync(path);
    bytes[at]! ^= 1;
    chmodSync(path, 0o600);
    writeFileSync(path, bytes);
    const { code, out } = icecore('verify', '--trust', join(folder, 'trust.json'), changed);
    expect(code).toBe(1);
    expect(out).toContain(`${capture}${name}: `);
    rmSync(changed, { recursive: true });
  });

  it('does not hold where the end of a bundled ledger is gone', () => {
    const changed = join(folder, 'cut');
    cpSync(bundle, changed, { recursive: true });
    for (const name of ['ledger', 'heads']) rmSync(join(changed, 'evidence', capture, name, '00000009.json'));
    const { code, out } = icecore('verify', '--trust', join(folder, 'trust.json'), changed);
    expect([code, out]).toEqual([1, expect.stringContaining('ledger/00000009.json: is missing')]);
  });

  it('believes no key but those it is told to', () => {
    icecore('seal', '--vault', join(folder, 'third'), '--key', join(folder, 'another.pem'), loop);
    const { code, out } = icecore('verify', '--vault', join(folder, 'third'), '--key', join(folder, 'signing.pem'));
    expect([code, out]).toEqual([1, expect.stringContaining('is not trusted')]);
  });
});
