import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3ClientFor, s3VaultFromUrl } from '@icecore/aws';
import { readAll } from '@icecore/bytes';
import { attack, icecore, loop, root } from './run.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'icecore-cli-s3-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = randomBytes(4).toString('hex');
const vault = `s3://evidence/${run}`;
const key = ['--key', join(folder, 'signing.pem')];
const place = ['--vault', vault, ...key];
const client = s3ClientFor(process.env);
let capture = '';
let head = '';

const describeWithServer = process.env['ICECORE_S3_ENDPOINT'] === undefined ? describe.skip : describe;

/** Copies a vault to a bucket that has no Object Lock, as `change` makes it: what somebody could do who owns the store. */
async function changedCopy(name: string, change: (key: string, bytes: Buffer) => Buffer | undefined): Promise<string> {
  const source = s3VaultFromUrl(vault, process.env);
  for await (const object of source.list(capture)) {
    const bytes = change(object.key.slice(capture.length), Buffer.from(await readAll(await source.open(object.key))));
    if (bytes !== undefined) await client.send(new PutObjectCommand({ Bucket: 'lake', Key: `${run}-${name}/${object.key}`, Body: bytes }));
  }
  return `s3://lake/${run}-${name}`;
}

describeWithServer('a vault in S3', () => {
  afterAll(() => client.destroy());

  it('takes archives in, and holds', () => {
    const { code, out, err } = icecore('seal', '--json', '--cluster', 'prod', ...place, attack, loop);
    expect([code, err]).toEqual([0, '']);
    const sealed = out.trim().split(/\n(?=\{)/).map((line) => JSON.parse(line));
    expect(sealed).toMatchObject([{ fresh: true, capture: expect.stringMatching(/^clusters\/local\/prod\//) }, { fresh: true }]);
    ({ capture, head } = sealed[0]);
    const verified = icecore('verify', ...key, vault);
    expect([verified.code, verified.out.match(/^holds /gm)?.length]).toEqual([0, 2]);
  });

  it('is held, released, shown, read, copied and exported, and holds with all that was written', () => {
    const archive = join(folder, 'read.tar.zst');
    for (const words of [['hold', '--reason', 'case 1'], ['release', '--reason', 'closed'], ['read', '--reason', 'triage', '--output', archive], ['replicate', '--reason', 'second site', '--to', join(folder, 'copy')], ['export', '--reason', 'court', '--output', join(folder, 'case')]]) {
      expect(icecore('evidence', ...words, ...place, capture)).toMatchObject({ code: 0, err: '' });
    }
    expect(readFileSync(archive).equals(readFileSync(join(root, attack)))).toBe(true);
    expect(icecore('evidence', 'show', ...place, capture).out).toMatch(/sealed[\s\S]*held[\s\S]*released[\s\S]*accessed[\s\S]*replicated[\s\S]*exported/);
    expect(existsSync(join(folder, 'case', 'VERIFY.md'))).toBe(true);
    for (const word of [vault, join(folder, 'copy'), join(folder, 'case')]) expect(icecore('verify', ...key, word).code).toBe(0);
    expect(JSON.parse(icecore('evidence', 'list', '--json', ...place).out.split(/\n(?=\{)/).find((line) => line.includes(capture)) ?? '')).toMatchObject({ sealed: true, held: false });
  });

  it('holds also where other versions and marks of deletion were laid over its objects', async () => {
    const over = (name: string): { Bucket: string; Key: string } => ({ Bucket: 'evidence', Key: `${run}/${capture}${name}` });
    await client.send(new PutObjectCommand({ ...over('manifest.json'), Body: '{}', ChecksumAlgorithm: 'CRC32' }));
    await client.send(new PutObjectCommand({ ...over('ledger/00000002.json'), Body: '{}', ChecksumAlgorithm: 'CRC32' }));
    await client.send(new DeleteObjectCommand(over('archive.tar')));
    expect(icecore('verify', ...place, '--expect-head', head, capture).code).toBe(0);
  });

  it.each([
    ['one bit of the archive is another', 'archive.tar', (bytes: Buffer) => flipped(bytes, 5000)],
    ['one bit of the manifest is another', 'manifest.json', (bytes: Buffer) => flipped(bytes, 2)],
    ['one bit of an entry’s signature is another', 'ledger/00000003.json', (bytes: Buffer) => flipped(bytes, bytes.length - 10)],
    ['an entry is gone', 'ledger/00000002.json', () => undefined],
  ])('does not hold where %s, and names the place', async (title, name, change) => {
    const copy = await changedCopy(title.replaceAll(/\W/g, '-'), (each, bytes) => (each === name ? change(bytes) : bytes));
    const { code, out } = icecore('verify', ...key, copy);
    expect([code, out.split('\n')[1]]).toEqual([1, expect.stringContaining(`${capture}${name}: `)]);
  });

  it('says what is wrong with a place that is none', () => {
    expect(icecore('verify', ...key, 's3://no-such-bucket-here/x')).toMatchObject({ code: 3, err: expect.stringContaining('NoSuchBucket') });
    expect(icecore('verify', ...key, 's3://UPPER/x')).toMatchObject({ code: 3, err: expect.stringContaining('is no URL of the form') });
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 1;
  return changed;
}
