import { createHash } from 'node:crypto';
import { type ByteSource, memorySource, sliceSource } from '@icecore/bytes';
import fc from 'fast-check';
import { fingerprint, hashArchive, hashingSource } from './index.ts';

/** Counts the bytes that were read. */
function counting(bytes: Uint8Array): ByteSource & { read: ByteSource['read']; bytesRead: number } {
  const inner = memorySource(bytes);
  const source = {
    size: inner.size,
    bytesRead: 0,
    read(start: number, end: number) {
      source.bytesRead += end - start;
      return inner.read(start, end);
    },
  };
  return source;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('an archive’s hashes', () => {
  it('are those of the whole and of each entry, wherever the entries lie', async () => {
    const runs = fc.array(fc.tuple(fc.nat(5000), fc.nat(5000)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), runs, async (bytes, cuts) => {
        const source = hashingSource(memorySource(bytes));
        const places = cuts.map(([a, b]) => [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)] as const);
        const entries = places.map(([start, end], i) => ({ rawPath: `${i}`, type: 'file', source: sliceSource(source, start, end) }));
        const hashed = await source.hash(entries);
        expect(hashed.whole).toEqual(await fingerprint(memorySource(bytes)));
        expect(hashed.entries.map((entry) => entry.sha256)).toEqual(places.map(([start, end]) => sha256(bytes.subarray(start, end))));
      }),
    );
  });

  it('cost one pass over a plain archive, and none when they are asked for again', async () => {
    const inner = counting(new Uint8Array(3_000_000).fill(7));
    const source = hashingSource(inner);
    const entries = [0, 1, 2].map((i) => ({ rawPath: `${i}`, type: 'file', source: sliceSource(source, i * 1_000_000 + 512, (i + 1) * 1_000_000) }));
    const first = await hashArchive(source, entries);
    expect(inner.bytesRead).toBe(3_000_000);
    expect(await hashArchive(source, entries)).toBe(first);
    expect(inner.bytesRead).toBe(3_000_000);
  });

  it('are of the whole also where an entry cannot be read, and tell what it threw', async () => {
    const bytes = new Uint8Array(10_000).fill(1);
    const source = hashingSource(memorySource(bytes));
    const broken = { size: 10, read: () => Promise.reject(new Error('cut short')) };
    const hashed = await source.hash([{ rawPath: 'a', type: 'file', source: sliceSource(source, 0, 10) }, { rawPath: 'b', type: 'file', source: broken }]);
    expect(hashed).toMatchObject({ entries: [{ path: 'a' }], damage: expect.objectContaining({ message: 'cut short' }) });
    expect(hashed.whole.sha256).toBe(sha256(bytes));
  });
});
