import { execFile, execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { s3Vault } from './index.ts';
import { describeWithServer, newBucket, serverClient, serverCredentials, serverEndpoint } from './s3-server.test-support.ts';
import { countingStore } from './s3-stand-in.test-support.ts';
import type { Uploaded } from './upload-child.test-support.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const peakLimit = 128 * mebibyte;
/** Of an upload that is an hour's work: the heap grows somewhat with the time, not with the size. */
const longPeakLimit = 160 * mebibyte;
/** As the node's role runs (infra/cluster/base/node.yaml): what a request leaves behind is collected early. */
const nodeFlags = ['--max-semi-space-size=1'];

const folder = mkdtempSync(join(tmpdir(), 'icecore-upload-'));
afterAll(() => rmSync(folder, { recursive: true }));

const child = join(folder, 'upload-child.mjs');
const archive = join(folder, 'archive.tar');

beforeAll(() => {
  // One file, so that what is measured is not the loading of sources.
  const options = ['--bundle', '--platform=node', '--format=esm', '--log-level=error', `--banner:js=import { createRequire } from 'node:module'; const require = createRequire('${process.cwd()}/');`];
  execFileSync('../../node_modules/.bin/esbuild', [join(import.meta.dirname, 'upload-child.test-support.ts'), ...options, `--outfile=${child}`]);
  // Bytes that no store makes less of: noise, with another number in each mebibyte.
  const noise = Buffer.alloc(mebibyte);
  for (let at = 0, state = 1; at < noise.length; at += 4) noise.writeUInt32LE((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0), at);
  const file = openSync(archive, 'wx');
  for (let i = 0; i < 1024; i += 1) {
    noise.writeUInt32LE(i, 0);
    writeSync(file, noise);
  }
  closeSync(file);
}, 120_000);

async function runChild(...words: readonly string[]): Promise<Uploaded> {
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, child, ...words], { env: { ...process.env, NODE_OPTIONS: '--no-warnings', AWS_ACCESS_KEY_ID: serverCredentials.accessKeyId, AWS_SECRET_ACCESS_KEY: serverCredentials.secretAccessKey } });
  return JSON.parse(stdout);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

describe('a large object', () => {
  it('is hashed and checksummed together in no more time than sha256sum takes alone', async () => {
    const rounds: { both: number; alone: number }[] = [];
    for (let round = 0; round < 3; round += 1) {
      const begun = performance.now();
      const [expected] = (await promisify(execFile)('sha256sum', [archive])).stdout.split(' ');
      const alone = performance.now() - begun;
      const { ms: both, sha256 } = await runChild('hash', archive);
      expect(sha256).toBe(expected);
      rounds.push({ both, alone });
    }
    const ratio = median(rounds.map(({ both, alone }) => both / alone));
    say(`SHA-256 and CRC64NVME of 1 GiB together take ${ratio.toFixed(2)} times what sha256sum takes: ${rounds.map(({ both, alone }) => `${both.toFixed(0)}/${alone.toFixed(0)} ms`).join(', ')}`);
    expect(ratio).toBeLessThanOrEqual(1);
  }, 300_000);

  it('of 12 GiB, most of it holes, goes out in parts, with never much of it in memory and none on disk', async () => {
    const store = await countingStore();
    const size = 12 * gibibyte;
    const { bytes, crc64nvme, ms, peakBytes } = await runChild('upload', store.endpoint, 'evidence', 'clusters/a/b/2026-03-01/c/archive.tar', `sparse:${size}`).finally(() => store.close());
    const counted = store.counted();
    say(`12 GiB in ${counted.parts} parts: ${(ms / 1000).toFixed(1)} s, ${(size / mebibyte / (ms / 1000)).toFixed(0)} MiB/s, peak memory ${(peakBytes / mebibyte).toFixed(0)} MiB`);
    expect({ bytes, crc64nvme }).toEqual({ bytes: size, crc64nvme: counted.crc64nvme });
    expect(counted).toMatchObject({ bytes: size, parts: Math.ceil(size / (5 * mebibyte)), largestPart: 5 * mebibyte });
    expect(peakBytes).toBeLessThan(longPeakLimit);
  }, 900_000);
});

describeWithServer('an archive of 1 GiB', () => {
  it('goes to a real server with less than 128 MiB of memory', async () => {
    const client = serverClient();
    const bucket = await newBucket(client, true);
    const { bytes, ms, peakBytes } = await runChild('upload', serverEndpoint ?? '', bucket, 'a/archive.tar', archive);
    say(`1 GiB to the server and read back: ${(ms / 1000).toFixed(1)} s, peak memory ${(peakBytes / mebibyte).toFixed(0)} MiB`);
    const there = await s3Vault({ client, bucket }).describe('a/archive.tar').finally(() => client.destroy());
    expect({ bytes, there: there?.bytes }).toEqual({ bytes: gibibyte, there: gibibyte });
    expect(peakBytes).toBeLessThan(peakLimit);
  }, 600_000);
});
