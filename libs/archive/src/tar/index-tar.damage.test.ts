import { formatGap, memorySource } from '@icecore/bytes';
import fc from 'fast-check';
import { type ArchiveLimits } from '../limits.ts';
import { endMarker, header, longName, member, pax, setChecksum, tar } from '../tar-builder.test-support.ts';
import { isTarHeader } from './checksum.ts';
import { indexTar, type TarIndex } from './index-tar.ts';

const list = (bytes: Uint8Array, limits: Partial<ArchiveLimits> = {}): Promise<TarIndex> => indexTar(memorySource(bytes), { limits });
const paths = ({ entries }: TarIndex): string[] => entries.map(({ path }) => path);

const small = tar(
  member({ name: 'a' }, 'alpha'),
  pax([['path', 'b/long']]),
  member({ name: 'b' }, 'x'.repeat(1500)),
  longName('c'.repeat(120)),
  member({ name: 'c' }, 'gamma'),
);

describe('a damaged tar', () => {
  it('is taken up again at the next header', async () => {
    const bytes = tar(member({ name: 'a' }, 'alpha'), member({ name: 'b' }, 'beta'), member({ name: 'c' }, 'gamma'));
    bytes[1024 + 20]! ^= 0xff;
    const index = await list(bytes);
    expect(paths(index)).toEqual(['a', 'c']);
    expect(index.gaps).toMatchObject([{ code: 'malformed', place: { offset: 1024 } }]);
    expect(index.gaps[0]?.reason).toContain('the next header is 1.0 KiB further');
  });

  it('says so where no header follows', async () => {
    const index = await list(Buffer.concat([member({ name: 'a' }), Buffer.alloc(2048, 0x41)]));
    expect(paths(index)).toEqual(['a']);
    expect(index.gaps.map(({ code, place }) => [code, place.offset])).toEqual([['malformed', 512]]);
  });

  it('is not searched further than the limit', async () => {
    const bytes = tar(member({ name: 'a' }), Buffer.alloc(8192, 0x41), member({ name: 'b' }));
    const index = await list(bytes, { maxResyncBytes: 4096 });
    expect(paths(index)).toEqual(['a']);
    expect(index.gaps.map(({ code }) => code)).toEqual(['malformed', 'limit']);
    expect(paths(await list(bytes))).toEqual(['a', 'b']);
  });

  it('keeps the bytes that are there of a body that is cut', async () => {
    const whole = tar(member({ name: 'a' }, 'x'.repeat(2000)));
    const { entries, gaps } = await indexTar(memorySource(whole.subarray(0, 1000)), { name: 'rootfs-diff.tar' });
    expect(entries).toMatchObject([{ path: 'a', size: 2000, source: { size: 488 } }]);
    expect(gaps).toMatchObject([{ code: 'truncated', subject: 'entry a', place: { entry: 'rootfs-diff.tar!a', offset: 488 } }]);
  });

  it('of a sparse file that is cut ends with the last byte that is there', async () => {
    const records = [
      ['GNU.sparse.size', '5000'],
      ['GNU.sparse.map', '0,512,4000,1000'],
    ] as const;
    const whole = tar(pax(records), member({ name: 's' }, 'y'.repeat(1512)));
    const { entries, gaps } = await list(whole.subarray(0, 1024 + 512 + 612));
    expect(entries).toMatchObject([{ size: 5000, source: { size: 4100 } }]);
    expect(gaps.map(({ code }) => code)).toEqual(['truncated']);
  });

  it.each([
    ['without any end', Buffer.alloc(0), ['truncated']],
    ['with one block of zeros', Buffer.alloc(512), []],
    ['with some zeros', Buffer.alloc(100), []],
    ['with two blocks of zeros', endMarker, []],
    ['with zeros for long', Buffer.alloc(200_000), []],
    ['inside a header', header({ name: 'b' }).subarray(0, 300), ['truncated']],
    ['with other bytes after the end', Buffer.concat([endMarker, Buffer.from('left over')]), ['malformed']],
    ['with other bytes after one block of zeros', Buffer.concat([Buffer.alloc(512), Buffer.from('left over')]), ['malformed']],
  ])('that ends %s has its entries and gaps of %s', async (_, end, codes) => {
    const index = await list(Buffer.concat([member({ name: 'a' }, 'alpha'), end]));
    expect(paths(index)).toEqual(['a']);
    expect(index.gaps.map(({ code }) => code)).toEqual(codes);
  });

  it('says what an overwritten longer archive left behind', async () => {
    const older = tar(member({ name: 'a' }, 'x'.repeat(3000)), member({ name: 'older.img' }, 'old'));
    const newer = tar(member({ name: 'b' }, 'new'));
    newer.copy(older);
    const index = await list(older);
    expect(paths(index)).toEqual(['b']);
    expect(index.gaps).toMatchObject([{ code: 'malformed', place: { offset: 2048 } }]);
    expect(index.gaps[0]?.reason).toContain('a header of "older.img" at 3584');
  });

  it('goes on after a single block of zeros', async () => {
    const index = await list(tar(member({ name: 'a' }), Buffer.alloc(512), member({ name: 'b' })));
    expect(paths(index)).toEqual(['a', 'b']);
    expect(index.gaps).toMatchObject([{ code: 'malformed', place: { offset: 512 } }]);
  });

  it('names the paths that it holds twice', async () => {
    const index = await list(tar(member({ name: 'a' }, '1'), member({ name: './a' }, '2')));
    expect(paths(index)).toEqual(['a', 'a']);
    expect(index.gaps.map(formatGap)).toEqual(['entry a: ./a: the archive holds this path at 0 and again at 1024 (malformed)']);
  });

  it('reads as 0 a field that is no number, and says so', async () => {
    const index = await list(tar(member({ name: 'a', patch: (block) => block.write('rootuid\0', 108) })));
    expect(index.entries).toMatchObject([{ uid: 0 }]);
    expect(index.gaps.map(({ reason }) => reason)).toEqual(['its uid is no number']);
  });

  it.each([
    ['negative', (block: Buffer): void => void block.fill(0xff, 124, 136)],
    ['past 53 bits', (block: Buffer): void => void block.fill(0x8f, 124, 136)],
    ['no number', (block: Buffer): void => void block.write('many bytes \0', 124)],
  ])('does not follow a size that is %s', async (_, patch) => {
    const index = await list(tar(header({ name: 'a', patch }), member({ name: 'b' })));
    expect(paths(index)).toEqual(['b']);
    expect(index.gaps).toMatchObject([{ code: 'malformed', place: { offset: 0 } }]);
  });
});

describe('a limit', () => {
  it.each<[string, Partial<ArchiveLimits>, Uint8Array, string[]]>([
    ['of entries', { maxEntryCount: 2 }, tar(member({ name: 'a' }), member({ name: 'b' }), member({ name: 'c' })), ['a', 'b']],
    ['of one record', { maxMetadataBytes: 100 }, tar(longName('n'.repeat(200)), member({ name: 'cut' }), member({ name: 'b' })), ['cut', 'b']],
    ['of all records', { maxTotalMetadataBytes: 2000 }, tar(member({ name: 'a' }), ...Array.from({ length: 9 }, () => longName('n'.repeat(200)))), ['a']],
    ['of a path', { maxPathBytes: 150 }, tar(longName('n'.repeat(200)), member({ name: 'cut' }), member({ name: 'b' })), ['b']],
  ])('%s leaves what lies before it, and a gap', async (_, limits, bytes, expected) => {
    const index = await list(bytes, limits);
    expect(paths(index)).toEqual(expected);
    expect(index.gaps.map(({ code }) => code)).toContain('limit');
  });

  it('of gaps counts the rest', async () => {
    const index = await list(tar(...Array.from({ length: 30 }, () => member({ name: 'a' }))), { maxGapCount: 5 });
    expect(index.gaps).toHaveLength(6);
    expect(index.gaps.at(-1)).toMatchObject({ code: 'limit', reason: '24 more gaps are not listed' });
  });

  it('of memory holds for sparse maps that are short to write', async () => {
    const map = Array.from({ length: 20_000 }, (_, i) => `${i * 2},1`).join(',');
    const records = [
      ['GNU.sparse.size', '50000'],
      ['GNU.sparse.map', map],
    ] as const;
    const bytes = tar(pax(records), member({ name: 's' }, 'y'.repeat(20_000)));
    expect((await list(bytes)).gaps).toEqual([]);
    const index = await list(bytes, { maxTotalMetadataBytes: 2 ** 20 });
    expect(index.gaps.map(({ code }) => code)).toContain('limit');
  });
});

describe('a tar cut at any byte', () => {
  it('gives entries and a gap, and never another error', async () => {
    const whole = await list(small);
    expect(whole.gaps).toEqual([]);
    for (let end = 0; end < small.length - 1024; end++) {
      const index = await list(small.subarray(0, end));
      expect(paths(whole)).toEqual(expect.arrayContaining(paths(index)));
      const cutInPadding = index.gaps.length === 0;
      if (cutInPadding) throw new Error(`no gap for ${end} bytes`);
    }
  });
});

describe('any tar', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019 äß語_-'), minLength: 1, maxLength: 120 });
  const anEntry = fc.record({
    name: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
    body: fc.uint8Array({ maxLength: 1600 }),
    mode: fc.nat(0o7777),
    uid: fc.oneof(fc.nat(0o7777777), fc.nat(2 ** 40)),
    modifiedAt: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    form: fc.constantFrom('gnu' as const, 'pax' as const),
    attribute: fc.uint8Array({ maxLength: 40 }),
  });

  it('is listed as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anEntry, { selector: (entry) => entry.name, maxLength: 12 }), async (wanted) => {
        const members = wanted.map(({ name: path, body, form, attribute, ...fields }) =>
          Buffer.concat([
            form === 'gnu'
              ? longName(path)
              : pax([
                  ['path', path],
                  ['SCHILY.xattr.user.x', attribute],
                ]),
            member({ name: 'short', ...fields }, body),
          ]),
        );
        const { entries, gaps } = await list(tar(...members));
        expect(gaps).toEqual([]);
        for (const [i, { name: path, body, mode, uid, modifiedAt, form, attribute }] of wanted.entries()) {
          const entry = entries[i]!;
          expect(entry).toMatchObject({ path, mode, uid, modifiedAt, size: body.length, type: 'file' });
          expect(Buffer.from(await entry.source.read(0, body.length))).toEqual(Buffer.from(body));
          expect([...entry.extendedAttributes.values()].map((value) => Buffer.from(value))).toEqual(form === 'pax' ? [Buffer.from(attribute)] : []);
        }
        expect(entries).toHaveLength(wanted.length);
      }),
      { numRuns: 150 },
    );
  });

  it('with any bytes changed still gives a listing', async () => {
    const change = fc.record({ at: fc.nat(small.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), fc.boolean(), async (changes, repaired) => {
        const bytes = Buffer.from(small);
        for (const { at, byte } of changes) bytes[at] = byte;
        for (let at = 0; repaired && at < bytes.length; at += 512) {
          if (isTarHeader(small.subarray(at, at + 512))) setChecksum(bytes.subarray(at, at + 512));
        }
        const { entries } = await list(bytes);
        for (const entry of entries) {
          await entry.source.read(0, Math.min(entry.source.size, 4096)).catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'DamageError' });
          });
        }
      }),
      { numRuns: 800 },
    );
  });
});
