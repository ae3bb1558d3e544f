import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { icecore, icecoreIn, loop } from './run.test-support.ts';

const containerd = 'samples/checkpoint-loop_lab-counter-2026-11-23T07-26-29Z.tar';

describe('a copy of an archive', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'icecore-restore-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('as an image is written once, and show reads it', () => {
    const file = join(folder, 'image.tar');
    const made = icecore('image', containerd, `oci-archive:${file}:v1`);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('sha256:39c90dd8054d422238d5cca69e9e664e0386c55b026b7a76a2f6716ed61bc818, 269.5 KiB tar, the archive byte for byte');
    expect(icecore('show', file)).toMatchObject({ code: 0, out: expect.stringContaining('oci-image') });
    expect(icecore('image', containerd, `oci-archive:${file}:v1`).code).toBe(3);
  });

  it.each([['web'], ['http://registry.example/x'], ['oci:folder:-tag']])('is not made for the reference %s', (reference) => {
    expect(icecore('image', containerd, reference).code).toBe(2);
  });

  it('without secrets is read as before, sealed and verified, and its manifest names its parent', () => {
    const out = join(folder, 'clean.tar.zst');
    const key = join(folder, 'key');
    const redacted = icecore('redact', loop, '--secrets', '--out', out, '--secret-key', key);
    expect(redacted).toMatchObject({ code: 0, err: '' });
    expect(redacted.out).not.toMatch(/ENV-SECRET|AKIAIOSFODNN7EXAMPLE/);
    const manifest = readFileSync(`${out}.redaction.json`, 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ format: 'icecore.redaction/1', parent: { sha256: 'b1cab68c8d4296404974ecd5f56c4a9e6dc17e8f9264f9b28f1e3ae88c5b2ca1' } });
    expect(icecore('show', out).code).toBe(0);
    expect(icecore('search', out, 'ENV-SECRET-1111').code).toBe(1);
  });

  it('says of itself what it is a copy of: in show, and in verify, in a vault and out of it', () => {
    const out = join(folder, 'clean.tar.zst');
    expect(icecore('redact', loop, '--secrets', '--file', 'ctr.log', '--out', out, '--secret-key', join(folder, 'key')).code).toBe(0);
    const parent = 'b1cab68c8d4296404974ecd5f56c4a9e6dc17e8f9264f9b28f1e3ae88c5b2ca1';
    const says = new RegExp(`redacted: a copy of sha256 ${parent} without \\d+ secrets, 1 file`);
    expect(icecore('show', out).out).toMatch(says);
    expect(JSON.parse(icecore('show', '--json', out).out)).toMatchObject({ redactions: [{ parent: { sha256: parent } }] });
    expect(icecore('show', loop).out).not.toContain('redacted');
    const alone = icecore('verify', out);
    expect(alone).toMatchObject({ code: 0, err: '' });
    expect(alone.out).toMatch(says);
    expect(alone.out).not.toContain('not checked');

    const vault = ['--vault', join(folder, 'vault'), '--key', join(folder, 'signing-key')];
    expect(icecore('seal', out, ...vault).code).toBe(0);
    const sealed = icecore('verify', ...vault);
    expect(sealed.code).toBe(0);
    expect(sealed.out).toMatch(says);
    expect(JSON.parse(icecore('verify', '--json', ...vault).out)).toMatchObject({ holds: true, redactions: [{ parent: { sha256: parent } }] });
  });

  it('that is another than is told of beside it does not hold, and an archive that nothing was taken from is no copy', () => {
    const out = join(folder, 'clean.tar.zst');
    icecore('redact', loop, '--file', 'ctr.log', '--out', out, '--secret-key', join(folder, 'key'));
    const beside = readFileSync(`${out}.redaction.json`, 'utf8');
    writeFileSync(`${out}.redaction.json`, beside.replace('ctr.log', 'dump.log'));
    expect(icecore('verify', out)).toMatchObject({ code: 1, out: expect.stringContaining('something else of itself') });
    writeFileSync(`${out}.redaction.json`, beside.replace(/("copy": \{\s*"sha256": ")[0-9a-f]{4}/, '$10000'));
    expect(icecore('verify', out)).toMatchObject({ code: 1, out: expect.stringContaining('not the copy that is told of beside it') });
    rmSync(`${out}.redaction.json`);
    expect(icecore('verify', out)).toMatchObject({ code: 0, out: expect.stringContaining('not checked: whether it is whole') });
    expect(icecore('verify', loop).code).toBe(2);
  });

  it('is not written for nothing, nor over another', () => {
    const out = join(folder, 'there.tar');
    writeFileSync(out, 'evidence');
    expect(icecore('redact', loop, '--out', out).code).toBe(2);
    expect(icecore('redact', loop, '--secrets', '--out', out, '--secret-key', join(folder, 'key')).code).toBe(3);
    expect(readFileSync(out, 'utf8')).toBe('evidence');
    expect(existsSync(`${out}.redaction.json`)).toBe(false);
  });

  it('is planned: no with the reason and exit code 1, unknown as unknown', () => {
    const target = join(folder, 'node.json');
    writeFileSync(target, JSON.stringify({ name: 'node-b', architecture: 'arm64', page_size: 65536 }));
    const no = icecore('restore', 'plan', containerd, '--target', target);
    expect(no.code).toBe(1);
    expect(no.out).toMatch(/^Does not restore on node-b\./);
    expect(no.out).toContain('the dump is of amd64, and node-b is arm64');
    expect(icecore('restore', 'plan', containerd)).toMatchObject({ code: 0, out: expect.stringContaining('not all is known') });
  });

  it('has manifests of a sandbox for an image by digest alone', () => {
    const digest = `registry.example/c@sha256:${'a'.repeat(64)}`;
    expect(icecore('restore', 'sandbox', containerd, '--manifests', '--image', digest).out).toContain(`image: ${digest}`);
    expect(icecore('restore', 'sandbox', containerd, '--manifests', '--image', 'registry.example/c:1').code).toBe(2);
    expect(icecore('restore', 'sandbox', containerd).code).toBe(2);
  });
});

describe('a migration', () => {
  const cluster = ['shop/web-7/app', '--to', 'node-b', '--image', 'registry.example/moves/web'];

  it('is planned step by step, each with its way back, and nothing is done unless --run', () => {
    const podman = icecore('migrate', 'podman:web', '--as', 'web-2');
    expect(podman).toMatchObject({ code: 0, err: '' });
    expect(podman.out).toContain('Nothing was done');
    expect(podman.out.match(/back: /g)).toHaveLength(5);
    const planned = icecoreIn({ KUBECONFIG: '/dev/null' }, 'migrate', ...cluster);
    expect(planned).toMatchObject({ code: 0, err: expect.stringContaining('nothing was looked at') });
    expect(planned.out.match(/back: /g)).toHaveLength(5);
    expect(planned.out).toContain('create pod shop/web-7-moved on node-b');
    expect(icecoreIn({ KUBECONFIG: '/dev/null' }, 'migrate', ...cluster, '--run').code).toBe(3);
  });

  it.each([
    [['shop/web-7/app', '--to', 'node-b']],
    [[...cluster, '--run', '--dry-run']],
    [[...cluster, '--as', 'web-7']],
    [[...cluster, '--steady', 'long']],
    [['shop/web-7']],
  ])('is not understood as %j', (words) => {
    expect(icecore('migrate', ...words).code).toBe(2);
  });
});
