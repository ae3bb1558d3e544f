import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type ByteSource, DamageError, memorySource, readAll } from '@icecore/bytes';
import { type ArchiveLimits } from '../limits.ts';
import { memorySpool, type Spool } from '../spool.ts';
import { member, tar } from '../tar-builder.test-support.ts';
import { expand, type Expanded, type ExpandOptions } from './expand.ts';
import { lines, linesBzip2, linesXz, linesXzLargeDictionary, linesXzSha256, zerosBzip2 } from './samples.test-support.ts';

const run = (bytes: Uint8Array, options: Partial<ExpandOptions> = {}): Promise<Expanded> =>
  expand(memorySource(bytes), { spool: memorySpool(), ...options });

async function bytesOf({ source }: Expanded): Promise<Buffer> {
  return Buffer.from(await readAll(source));
}

/** Bytes that do not compress to nothing, the same on each run. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647) >> 16));
}

const twice = (bytes: Buffer): Buffer => Buffer.concat([bytes, bytes]);
const skippable = (content: string): Buffer => {
  const head = Buffer.from('502a4d1800000000', 'hex');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, Buffer.from(content)]);
};

const sound: [string, string, Buffer, Buffer][] = [
  ['one gzip member', 'gzip', gzipSync(lines), lines],
  ['two gzip members', 'gzip', twice(gzipSync(lines)), twice(lines)],
  ['a padded gzip file', 'gzip', Buffer.concat([gzipSync(lines), Buffer.alloc(999)]), lines],
  ['one zstd frame', 'zstd', zstdCompressSync(lines), lines],
  ['two zstd frames', 'zstd', twice(zstdCompressSync(lines)), twice(lines)],
  [
    'zstd frames among skippable ones',
    'zstd',
    Buffer.concat([skippable('first'), zstdCompressSync(lines), skippable(''), zstdCompressSync(lines), skippable('last')]),
    twice(lines),
  ],
  ['zstd frames of several blocks', 'zstd', twice(zstdCompressSync(noise(700_000))), twice(noise(700_000))],
  ['an xz stream of several blocks', 'xz', linesXz, lines],
  ['two xz streams and padding', 'xz', Buffer.concat([linesXz, Buffer.alloc(8), linesXz]), twice(lines)],
  ['a bzip2 stream', 'bzip2', linesBzip2, lines],
  ['two bzip2 streams', 'bzip2', twice(linesBzip2), twice(lines)],
  ['bzip2 blocks of long runs', 'bzip2', zerosBzip2, Buffer.alloc(11_000_000)],
];

describe('expanding', () => {
  it.each(sound)('%s gives all of its bytes', async (_, compression, bytes, expected) => {
    const result = await run(bytes);
    expect(result).toMatchObject({ compression, gaps: [] });
    expect((await bytesOf(result)).equals(expected)).toBe(true);
  });

  it('a plain tar gives the tar itself and touches no spool', async () => {
    const source = memorySource(tar(member({ name: 'a' })));
    const spool: Spool = { create: () => Promise.reject(new Error('not needed')) };
    expect(await expand(source, { spool })).toEqual({ compression: 'none', source, gaps: [] });
  });

  it.each([
    ['an old tar', tar(member({ name: 'a', format: 'v7' }))],
    ['a tar with a wrong checksum', tar(member({ name: 'a' })).fill(0x37, 148, 156)],
    ['a tar of nothing', Buffer.alloc(1024)],
  ])('%s is known as a tar', async (_, bytes) => {
    expect((await run(bytes)).compression).toBe('none');
  });

  it.each<[string, Buffer, string, RegExp]>([
    ['nothing', Buffer.alloc(0), 'truncated', /is empty/],
    ['an ELF file', Buffer.from('7f454c460201010000000000', 'hex'), 'malformed', /begins with 0x7f454c4602010100/],
    ['a zip file', Buffer.from('PK\x03\x04'), 'malformed', /begins with 0x504b0304$/],
    ['an LZMA dictionary past 64 MiB', linesXzLargeDictionary, 'limit', /dictionary/],
    ['an xz check that is not known', linesXzSha256, 'unsupported', /check/],
    ['a gzip header and no more', Buffer.from('1f8b0800', 'hex'), 'truncated', /gzip/],
    ['a zstd magic and no more', Buffer.from('28b52ffd', 'hex'), 'truncated', /zstd/],
    ['a bzip2 header and no more', Buffer.from('BZh9'), 'truncated', /bzip2/],
  ])('%s is refused', async (_, bytes, code, message) => {
    await expect(run(bytes)).rejects.toMatchObject({ name: 'DamageError', code, message: expect.stringMatching(message) });
  });

  it('tells how far it is', async () => {
    const seen: [number, number][] = [];
    const bytes = gzipSync(noise(3 << 20));
    await run(bytes, { onProgress: (read, total) => seen.push([read, total]) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toEqual([bytes.length, bytes.length]);
  });
});

describe('damage while expanding', () => {
  const few = lines.subarray(0, 700);
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at]! ^= 0x40;
    return copy;
  };
  const content = noise(400_000);
  const gzipped = gzipSync(content);
  const zstd = zstdCompressSync(content);

  it.each([
    ['a gzip file with a wrong checksum', flipped(gzipped, gzipped.length - 6), content, 'malformed', gzipped.length - 5],
    ['a gzip file that is cut in its trailer', gzipped.subarray(0, -3), content, 'truncated', gzipped.length - 3],
    ['a gzip file with other bytes after it', Buffer.concat([gzipped, Buffer.from('junk')]), content, 'malformed', gzipped.length],
    ['a gzip file with other bytes after zeros', Buffer.concat([gzipped, Buffer.alloc(9), Buffer.from('junk')]), content, 'malformed', gzipped.length + 9],
    ['a zstd file with other bytes after it', Buffer.concat([zstd, Buffer.from('junkjunk')]), content, 'malformed', zstd.length],
    ['a zstd file with a cut second frame', Buffer.concat([zstd, zstd.subarray(0, 20)]), content, 'truncated', zstd.length + 20],
    ['an xz file with other bytes after it', Buffer.concat([linesXz, Buffer.from('junk')]), lines, 'truncated', linesXz.length + 4],
    ['a bzip2 file with other bytes after it', Buffer.concat([linesBzip2, Buffer.from('junk')]), lines, 'malformed', linesBzip2.length],
    ['a bzip2 file with a wrong checksum', flipped(linesBzip2, 12), lines, 'malformed', 4],
  ])('%s loses none of what lies before', async (_, bytes, expected, code, offset) => {
    const result = await run(bytes, { name: 'x.tar' });
    expect((await bytesOf(result)).subarray(0, expected.length).equals(expected)).toBe(true);
    expect(result.gaps).toMatchObject([{ code, place: { entry: 'x.tar' } }]);
    expect(Math.abs((result.gaps[0]?.place.offset ?? -99) - offset)).toBeLessThanOrEqual(1);
  });

  it('in the middle of gzip data keeps the bytes before it', async () => {
    const result = await run(gzipped.subarray(0, gzipped.length >> 1));
    const kept = await bytesOf(result);
    expect(kept.length).toBeGreaterThan(content.length * 0.4);
    expect(kept.equals(content.subarray(0, kept.length))).toBe(true);
    expect(result.gaps).toMatchObject([{ code: 'truncated', place: { offset: gzipped.length >> 1 } }]);
  });

  it.each([
    ['gzip', gzipSync(few)],
    ['zstd', Buffer.concat([zstdCompressSync(few), skippable('x'), zstdCompressSync(Buffer.from('end'))])],
    ['xz', linesXz],
    ['bzip2', linesBzip2],
  ])('at any byte of %s is a gap or a DamageError', async (_, bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const [cut, changed] = await Promise.allSettled([run(bytes.subarray(0, at)), run(flipped(bytes, at))]);
      for (const outcome of [cut, changed]) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DamageError);
        else expect(outcome.value.source.size).toBeLessThan(lines.length * 10);
      }
      const frameEnd = cut.status === 'fulfilled' && cut.value.gaps.length === 0;
      if (frameEnd) expect((await bytesOf(cut.value)).equals(few)).toBe(true);
    }
  });
});

describe('a limit of expanding', () => {
  const zeros = Buffer.alloc(4 << 20);

  it.each<[string, Partial<ArchiveLimits>, Buffer, number, RegExp]>([
    ['by size', { maxExpandedBytes: 1_000_000 }, gzipSync(zeros), 1_000_000, /more than 976.6 KiB/],
    ['by ratio', { freeExpandedBytes: 1 << 20, maxExpansionRatio: 100 }, zstdCompressSync(zeros), 1 << 20, /100 times/],
    ['by frames', { maxFrameCount: 2 }, Buffer.concat([skippable('a'), zstdCompressSync(lines), zstdCompressSync(lines)]), lines.length, /2 zstd frames/],
  ])('%s keeps what came out before', async (_, limits, bytes, size, reason) => {
    const result = await run(bytes, { limits });
    expect(result.source.size).toBe(size);
    expect(result.gaps).toMatchObject([{ code: 'limit', reason: expect.stringMatching(reason) }]);
  });

  it('asks no ratio of small archives', async () => {
    const result = await run(zstdCompressSync(zeros));
    expect(result).toMatchObject({ gaps: [], source: { size: zeros.length } });
  });

  it('refuses a zstd window that is too large', async () => {
    const frame = Buffer.from('28b52ffd00a8010000', 'hex');
    await expect(run(frame)).rejects.toMatchObject({ code: 'limit' });
  });

  it('never holds more than the spool has taken', async () => {
    let ahead = 0;
    let most = 0;
    const spool: Spool = {
      create: () => {
        let size = 0;
        return Promise.resolve({
          async write(chunk) {
            size += chunk.length;
            most = Math.max(most, chunk.length);
            ahead += 1;
            expect(ahead).toBe(1);
            await new Promise((resolve) => setImmediate(resolve));
            ahead -= 1;
          },
          finish: () => Promise.resolve({ size, read: (start: number, end: number) => Promise.resolve(new Uint8Array(end - start)) }),
          discard: () => Promise.resolve(),
        });
      },
    };
    for (const bytes of [zstdCompressSync(Buffer.alloc(64 << 20)), zerosBzip2, gzipSync(zeros)]) await run(bytes, { spool });
    expect(most).toBeLessThanOrEqual(1 << 20);
  });
});

describe('giving up', () => {
  function countingSpool(): Spool & { open: number } {
    const inner = memorySpool();
    const spool = {
      open: 0,
      async create() {
        const file = await inner.create();
        spool.open += 1;
        return {
          ...file,
          discard: () => {
            spool.open -= 1;
            return file.discard();
          },
        };
      },
    };
    return spool;
  }

  it.each([
    ['gzip', gzipSync(noise(3 << 20))],
    ['zstd', zstdCompressSync(noise(3 << 20))],
    ['xz', linesXz],
    ['bzip2', linesBzip2],
  ])('%s on a signal leaves nothing in the spool, and the next one works', async (_, bytes) => {
    const spool = countingSpool();
    const controller = new AbortController();
    const inner = memorySource(bytes);
    let reads = 0;
    const source: ByteSource = {
      size: inner.size,
      read(start, end) {
        if (++reads > 1) controller.abort();
        return inner.read(start, end);
      },
    };
    const outcome = expand(source, { spool, signal: controller.signal });
    if (bytes.length > 1 << 20) await expect(outcome).rejects.toMatchObject({ name: 'AbortError' });
    else await outcome;
    expect(spool.open).toBe(bytes.length > 1 << 20 ? 0 : 1);
    await expect(expand(inner, { spool: memorySpool() })).resolves.toMatchObject({ gaps: [] });
    await expect(expand(inner, { spool, signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['gzip', gzipSync(lines)],
    ['zstd', zstdCompressSync(lines)],
    ['xz', linesXz],
    ['bzip2', linesBzip2],
  ])('%s over a broken source or a full spool throws their error', async (_, bytes) => {
    const inner = memorySource(bytes);
    let reads = 0;
    const source: ByteSource = {
      size: inner.size,
      read: (start, end) => (++reads === 1 ? inner.read(start, end) : Promise.reject(new Error('connection reset'))),
    };
    const spool = countingSpool();
    await expect(expand(source, { spool })).rejects.toThrow('connection reset');
    expect(spool.open).toBe(0);
    await expect(run(bytes, { spool: memorySpool(10) })).rejects.toMatchObject({ code: 'limit', reason: expect.stringContaining('10 B') });
  });
});
