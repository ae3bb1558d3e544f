import { readFileSync } from 'node:fs';
import { memorySource } from '@icecore/bytes';
import { addressSpace, type MappedArea, type PageRun } from '@icecore/memory';
import type { Process } from '@icecore/snapshot';
import { processOf, snapshotOf } from './sample-core.test-support.ts';
import { segmentsOf } from './segments.ts';

const page = 4096;
const mebi = 1 << 20;
let sample: Process;

beforeAll(async () => {
  sample = processOf(await snapshotOf(readFileSync(new URL('../../../samples/crio-loop.tar', import.meta.url))), 1);
});

/** Segments of one writable mapping of `length` bytes at 0, as text. */
async function segmentsIn(length: number, over: 'zeros' | 'file', runs: readonly PageRun[], pages: Uint8Array): Promise<string[]> {
  const [first] = sample.mappings;
  if (first === undefined) throw new Error('the sample has no mapping');
  const areas: MappedArea[] = [{ start: 0n, end: BigInt(length), backing: { kind: 'private', over } }];
  const set = { image: 'pagemap-1.img', pageSize: page, pagesImage: 'pages-1.img', pages: memorySource(pages), runs, parent: undefined, gaps: [] };
  const mappings = [{ ...first, start: 0n, end: BigInt(length), permissions: 'rw-p' }];
  const { segments } = await segmentsOf({ ...sample, mappings }, addressSpace(1, page, areas, set));
  return segments.map(({ start, end, flags, inFile }) => `${start}-${end} ${flags} ${inFile ? 'bytes' : 'zeros'}`);
}

const stored = (start: number, end: number, offset: number): PageRun => ({ start, end, state: 'stored', offset, compressed: undefined });

describe('the segments of a mapping', () => {
  it('take short runs of zeros for bytes, and none for long ones', async () => {
    const runs = [stored(0, page, 0), stored(3 * page, 4 * page, page), stored(4 * page + mebi, 5 * page + mebi, 2 * page)];
    expect(await segmentsIn(6 * page + mebi, 'zeros', runs, new Uint8Array(3 * page))).toEqual([
      `0-${4 * page} 6 bytes`,
      `${4 * page}-${4 * page + mebi} 6 zeros`,
      `${4 * page + mebi}-${6 * page + mebi} 6 bytes`,
    ]);
  });

  it('leave out what is in the mapped file', async () => {
    expect(await segmentsIn(4 * page, 'file', [stored(page, 2 * page, 0)], new Uint8Array(page))).toEqual([`${page}-${2 * page} 6 bytes`]);
  });

  it('leave out what a pages image that ends too early does not have', async () => {
    expect(await segmentsIn(2 * page, 'zeros', [stored(0, 2 * page, 0)], new Uint8Array(page + 100))).toEqual([`0-${page + 100} 6 bytes`]);
  });

  it('leave out compressed pages that cannot be decompressed', async () => {
    const compressed = (start: number, offset: number, size: number): PageRun => ({
      ...stored(start, start + page, offset),
      compressed: { sizes: [size], regionPages: 1 },
    });
    // An empty region is a page of zeros, a whole one is stored as it is; the third is no LZ4 block.
    const runs = [compressed(0, 0, 0), compressed(page, 0, page), compressed(2 * page, page, 16)];
    expect(await segmentsIn(3 * page, 'zeros', runs, new Uint8Array(page + 16).fill(0xff))).toEqual([`0-${2 * page} 6 bytes`]);
  });

  it('are refused where the file would pass its limit', async () => {
    const huge = 2 ** 41;
    const endless = { size: huge, read: () => Promise.reject(new Error('is not read')) };
    const [first] = sample.mappings;
    if (first === undefined) throw new Error('the sample has no mapping');
    const set = { image: 'pagemap-1.img', pageSize: page, pagesImage: 'pages-1.img', pages: endless, runs: [stored(0, huge, 0)], parent: undefined, gaps: [] };
    const space = addressSpace(1, page, [{ start: 0n, end: BigInt(huge), backing: { kind: 'private', over: 'zeros' } }], set);
    const process = { ...sample, mappings: [{ ...first, start: 0n, end: BigInt(huge) }] };
    await expect(segmentsOf(process, space)).rejects.toMatchObject({ name: 'DamageError', code: 'limit' });
  });
});
