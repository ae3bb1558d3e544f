import { memorySource } from '@icecore/bytes';
import { bunzip2 } from './bzip2.ts';

const blockMagic = 0x314159265359;

/** Bits of given widths, one after the other, and zeros to the end. */
function bitsOf(fields: readonly (readonly [value: number, width: number])[]): Buffer {
  const bits = fields.map(([value, width]) => value.toString(2).padStart(width, '0')).join('');
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.concat([Buffer.from('BZh9'), Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))), Buffer.alloc(64)]);
}

type Field = readonly [number, number];
const head: Field[] = [[blockMagic, 48], [0, 32], [0, 1], [0, 24]];
const oneByteUsed: Field[] = [[0x8000, 16], [0x8000, 16]];
const oneSelector: Field[] = [[2, 3], [1, 15], [0, 1]];
const table: Field[] = [[1, 5], [0, 1], [0b10, 2], [0, 1], [0, 1]];
const oneCode: Field[] = [...oneByteUsed, ...oneSelector, ...table, ...table];
const runs = (count: number): Field[] => Array.from({ length: count }, (): Field => [0, 1]);

async function expanded(bytes: Buffer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bunzip2(memorySource(bytes))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a bzip2 block', () => {
  it.each<[string, Field[], string, RegExp]>([
    ['with a run longer than a block', [...head, ...oneCode, ...runs(32), [0b11, 2]], 'malformed', /more bytes than its size/],
    ['without an end', [...head, ...oneCode, ...runs(70)], 'malformed', /more bytes|does not end/],
    ['that is randomised', [[blockMagic, 48], [0, 32], [1, 1], [0, 24]], 'unsupported', /randomised/],
    ['that uses no byte', [...head, [0, 16]], 'malformed', /no byte/],
    ['of one code table', [...head, ...oneByteUsed, [1, 3]], 'malformed', /1 code tables/],
    ['that selects a table it lacks', [...head, ...oneByteUsed, [2, 3], [1, 15], [0b110, 3]], 'malformed', /table 2 of 2/],
    ['with codes of no length', [...head, ...oneByteUsed, ...oneSelector, [0, 5]], 'malformed', /0 bits long/],
    ['with more codes than fit', [...head, ...oneByteUsed, ...oneSelector, [1, 5], [0, 1], [0, 1], [0, 1]], 'malformed', /more bzip2 codes/],
    ['that begins behind its end', [[blockMagic, 48], [0, 32], [0, 1], [9, 24], ...oneCode, [0, 1], [0b11, 2]], 'malformed', /begins at 9/],
    ['with a wrong checksum', [...head, ...oneCode, [0, 1], [0b11, 2]], 'malformed', /CRC/],
  ])('%s is refused', async (_, fields, code, reason) => {
    await expect(expanded(bitsOf(fields))).rejects.toMatchObject({
      name: 'DamageError',
      code,
      reason: expect.stringMatching(reason),
      place: { offset: 4 },
    });
  });
});
