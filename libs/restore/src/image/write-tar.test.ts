import { indexTar } from '@icecore/archive';
import { memorySource, readAll } from '@icecore/bytes';
import { tarHeader, writeTar } from './write-tar.ts';

describe('a tar that is written', () => {
  it('is read back, whatever the lengths of its files', async () => {
    const files = [0, 1, 511, 512, 513, 3 << 20].map((size, i) => ({ path: `f${i}`, source: memorySource(new Uint8Array(size).fill(i + 1)) }));
    const pieces: Uint8Array[] = [];
    for await (const piece of writeTar(files)) pieces.push(piece);
    const { entries, gaps } = await indexTar(memorySource(Buffer.concat(pieces)));
    expect(gaps).toEqual([]);
    for (const [i, { path, source }] of entries.entries()) {
      expect(path).toBe(`f${i}`);
      expect(Buffer.compare(await readAll(source), await readAll(files[i]!.source))).toBe(0);
    }
    expect(entries).toHaveLength(files.length);
  });

  it.each([8 * 2 ** 30 - 1, 8 * 2 ** 30, 2 ** 40 + 7])('states a size of %d bytes', async (size) => {
    const { entries } = await indexTar(memorySource(tarHeader('large', size)));
    expect(entries[0]).toMatchObject({ path: 'large', size });
  });

  it('refuses names that its header cannot hold', () => {
    expect(() => tarHeader('x'.repeat(101), 1)).toThrow(RangeError);
    expect(() => tarHeader('ä', 1)).toThrow(RangeError);
  });
});
