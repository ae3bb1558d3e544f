/*
 * A program that uploads, or only hashes, one object, for its memory and its time to be measured alone.
 * Usage: upload-child upload ENDPOINT BUCKET KEY SOURCE   or   upload-child hash SOURCE
 * SOURCE is the path of a file, or `sparse:BYTES`. Credentials are those of the AWS SDK's environment. Says a line of JSON.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type ByteSource, filledSource, memorySource, sparseSource } from '@icecore/bytes';
import { fingerprint } from '@icecore/evidence';
import { s3VaultFromUrl } from './index.ts';

/** What the program says. */
export interface Uploaded {
  readonly bytes: number;
  readonly sha256: string;
  readonly crc64nvme: string;
  readonly ms: number;
  /** Most memory that it had resident at once, in bytes. */
  readonly peakBytes: number;
}

/** Holes, with a page of something every 64 MiB. */
export function sparseObject(size: number): ByteSource {
  const page = new Uint8Array(4096).fill(0xa5);
  const step = 64 * 2 ** 20;
  return sparseSource(size, Array.from({ length: Math.ceil(size / step) }, (_, i) => ({ offset: i * step, source: memorySource(page) })));
}

function openSource(word: string): ByteSource {
  if (word.startsWith('sparse:')) return sparseObject(Number(word.slice('sparse:'.length)));
  const descriptor = openSync(word, 'r');
  process.on('exit', () => closeSync(descriptor));
  return filledSource(fstatSync(descriptor).size, async (target, start) => {
    for (let done = 0; done < target.length; ) {
      const count = readSync(descriptor, target, done, target.length - done, start + done);
      if (count === 0) throw new Error(`${word} ended early`);
      done += count;
    }
  });
}

/** `ru_maxrss` would not do: a program that is started takes over that of the one that starts it (exec, getrusage(2)). */
function peakBytes(): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN) * 1024;
}

const [action, ...words] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename) {
  const source = openSource(words.at(-1) ?? '');
  const [endpoint = '', bucket = '', key = ''] = words;
  const begun = performance.now();
  const { bytes, sha256, crc64nvme } =
    action === 'upload'
      ? await s3VaultFromUrl(`s3://${bucket}`, { AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: 'us-east-1' }).put(key, source, { lock: { retainUntil: new Date('2099-01-01T00:00:00.000Z'), held: false } })
      : await fingerprint(source);
  const uploaded: Uploaded = { bytes, sha256, crc64nvme, ms: performance.now() - begun, peakBytes: peakBytes() };
  console.log(JSON.stringify(uploaded));
  process.exit(0);
}
