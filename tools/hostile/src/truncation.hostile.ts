import { indexTar, memorySpool } from '@icecore/archive';
import { memorySource, readAll } from '@icecore/bytes';
import { openArchive } from '@icecore/archive';
import { originalPaths, readOriginal } from './originals.ts';
import { forgeTar } from './forge-tar.ts';
import { readBytes } from './reading.ts';

const originals = await Promise.all(originalPaths().map(readOriginal));

describe('an archive that ends too early', () => {
  it.each(originals.map((each) => [each.name.split('/').at(-1) ?? '', each] as const))('%s, at every border of its tar and a byte to either side, is read as far as it goes', async (_, { members }) => {
    const tar = forgeTar(members);
    const { entries } = await indexTar(memorySource(tar));
    let refused = 0;
    for (const { headerOffset } of entries) {
      for (const end of [headerOffset - 1, headerOffset, headerOffset + 1, headerOffset + 511, headerOffset + 512, headerOffset + 513]) {
        if (end >= 0 && (await readBytes(tar.subarray(0, end))) === 'refused') refused += 1;
      }
    }
    // Only what ends before the first file that makes it a checkpoint is refused.
    expect(refused).toBeLessThan(60);
  });

  it('has the entries before the cut as they are in the whole, and says that it is cut', async () => {
    for (const { members } of originals) {
      const tar = forgeTar(members);
      const whole = await openArchive(memorySource(tar), { spool: memorySpool() });
      const cut = [...whole.entries.values()].at(-1)?.headerOffset ?? 0;
      const short = await openArchive(memorySource(tar.subarray(0, cut)), { spool: memorySpool() });
      expect(short.gaps.map(({ code }) => code)).toContain('truncated');
      for (const [path, entry] of short.entries) {
        const same = whole.entries.get(path);
        expect(same && Buffer.compare(await readAll(same.source), await readAll(entry.source))).toBe(0);
      }
    }
  });
});
