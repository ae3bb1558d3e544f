import { memorySource } from '@icecore/bytes';
import fc from 'fast-check';
import { imageTypes } from './catalog.ts';
import { encodeMessage } from './codec.ts';
import { decodeImage } from './image-reader.ts';
import type { AnyMessage } from './message.ts';
import { pageFlags, type Pagemap, readPagemap } from './pagemap.ts';
import { pagemapEntry, pagemapHead } from './schema/memory.ts';

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const framed = (bytes: Uint8Array): Uint8Array[] => [word(bytes.length), bytes];
const imageOf = (entries: readonly Uint8Array[]): Buffer =>
  Buffer.concat([word(0x54564319), word(imageTypes.PAGEMAP.magic), ...framed(encodeMessage(pagemapHead, { pages_id: 3 })), ...entries.flatMap(framed)]);
const read = (...entries: AnyMessage[]): Promise<Pagemap> => readRaw(entries.map((entry) => encodeMessage(pagemapEntry, { compressed_size: [], ...entry })));
const readRaw = (entries: readonly Uint8Array[]): Promise<Pagemap> => readPagemap(memorySource(imageOf(entries)), 'pagemap-1.img');

describe('a pagemap', () => {
  it.each<[string, AnyMessage, [number, number, number]]>([
    ['as it is written today', { vaddr: 0x1000n, compat_nr_pages: 2, flags: 4, nr_pages: 2n }, [0x1000, 2, pageFlags.present]],
    ['of more pages than 32 bits count', { vaddr: 0n, flags: 4, nr_pages: 1n << 33n }, [0, 2 ** 33, pageFlags.present]],
    ['of old, with its pages in the parent', { vaddr: 0x1000n, compat_nr_pages: 2, in_parent: true }, [0x1000, 2, pageFlags.parent]],
    ['of old, with its pages here', { vaddr: 0x1000n, compat_nr_pages: 2 }, [0x1000, 2, pageFlags.present]],
    ['of old, that denies a parent', { vaddr: 0x1000n, compat_nr_pages: 2, in_parent: false }, [0x1000, 2, pageFlags.present]],
    ['of a lazy dump', { vaddr: 0x1000n, nr_pages: 1n, flags: 2 }, [0x1000, 1, pageFlags.lazy]],
    ['at the top of the address space', { vaddr: (1n << 64n) - 4096n, nr_pages: 1n, flags: 4 }, [2 ** 64 - 4096, 1, pageFlags.present]],
  ])('%s is read', async (_, entry, [vaddr, pages, flags]) => {
    const map = await read(entry);
    expect(map).toMatchObject({ pagesId: 3, count: 1, gaps: [] });
    expect([map.vaddr[0], map.pages[0], map.flags[0]]).toEqual([vaddr, pages, flags]);
  });

  it('tells of both forms of compressed pages', async () => {
    const { compressed, gaps } = await read(
      { vaddr: 0n, nr_pages: 4n, flags: 4, compressed_size: [10, 0], region_pages: 2 },
      { vaddr: 0x10000n, nr_pages: 4n, flags: 12, regions: { region_sizes: [7, 8192], pages_per_region: 2 } },
    );
    expect(gaps).toEqual([]);
    expect([...compressed]).toEqual([
      [0, { sizes: [10, 0], regionPages: 2 }],
      [1, { sizes: [7, 8192], regionPages: 2 }],
    ]);
  });

  it.each<[string, AnyMessage, RegExp]>([
    ['lies between pages', { vaddr: 0x1001n, nr_pages: 1n }, /not that of a page/],
    ['runs past the address space', { vaddr: 0x1000n, nr_pages: 1n << 52n }, /address space/],
    ['is compressed and does not say how', { vaddr: 0n, nr_pages: 1n, compressed_size: [5] }, /how long a region/],
  ])('whose entry %s keeps those before it', async (_, entry, reason) => {
    const map = await read({ vaddr: 0n, nr_pages: 1n, flags: 4 }, entry, { vaddr: 0x9000n, nr_pages: 1n, flags: 4 });
    expect(map.count).toBe(1);
    expect(map.gaps).toMatchObject([{ code: 'malformed', reason: expect.stringMatching(reason), place: { image: 'pagemap-1.img' } }]);
  });

  it('that is cut at any byte has the entries before the cut', async () => {
    const whole = imageOf([0n, 0x5000n].map((vaddr) => encodeMessage(pagemapEntry, { vaddr, nr_pages: 1n, flags: 4, compressed_size: [] })));
    for (let end = 0; end < whole.length; end++) {
      const map = await readPagemap(memorySource(whole.subarray(0, end)), 'pagemap-1.img').catch((error: Error) => error);
      if (map instanceof Error) expect(map).toMatchObject({ name: 'DamageError', code: 'truncated' });
      else expect(map.count).toBeLessThan(2);
    }
  });

  it('read as columns says what the codec says', async () => {
    const page = fc.bigInt({ min: 0n, max: (1n << 48n) / 4096n }).map((number) => number * 4096n);
    const entry = fc.record(
      {
        vaddr: page,
        compat_nr_pages: fc.nat(0xffff),
        in_parent: fc.boolean(),
        flags: fc.nat(15),
        nr_pages: fc.bigInt({ min: 0n, max: 1n << 20n }),
        $unknown: fc.constant([{ number: 20, raw: Uint8Array.of(0xa0, 1, 1) }]),
      },
      { requiredKeys: ['vaddr'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        const bytes = imageOf(entries.map((each) => encodeMessage(pagemapEntry, { compressed_size: [], ...each })));
        const columns = await readPagemap(memorySource(bytes), 'pagemap-1.img');
        const { entries: decoded } = await decodeImage(memorySource(bytes), 'pagemap-1.img');
        const rows = decoded.slice(1).map(({ message }) => {
          const { vaddr, compat_nr_pages: compat = 0, in_parent: inParent, flags, nr_pages: pages = BigInt(Number(compat)) }: AnyMessage = message;
          const kept = typeof flags === 'number' ? flags : inParent === true ? 0 : pageFlags.present;
          return [Number(vaddr), Number(pages), inParent === true ? kept | pageFlags.parent : kept];
        });
        expect(Array.from({ length: columns.count }, (_, i) => [columns.vaddr[i], columns.pages[i], columns.flags[i]])).toEqual(rows);
      }),
    );
  });
});
