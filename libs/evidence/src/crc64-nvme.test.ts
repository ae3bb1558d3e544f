import fc from 'fast-check';
import { crc64Nvme } from './index.ts';

/** Bit by bit, as NVM Express NVM Command Set 1.0, section 5.2.1.3.4 defines it. */
function crcByBits(bytes: Uint8Array): string {
  const ones = 0xffff_ffff_ffff_ffffn;
  let crc = ones;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x9a6c_9329_ac4b_c9b5n : crc >> 1n;
  }
  return (crc ^ ones).toString(16).padStart(16, '0');
}

const crcOf = (...pieces: readonly Uint8Array[]): string => {
  const crc = crc64Nvme();
  for (const piece of pieces) crc.update(piece);
  return crc.digest();
};

describe('CRC-64/NVME', () => {
  it.each([
    ['nothing', new Uint8Array(0), '0000000000000000'],
    ['the digits', Buffer.from('123456789'), 'ae8b14860a799888'],
    // Test cases of NVM Express NVM Command Set 1.0, section 5.2.1.3.4.
    ['4096 zeros', new Uint8Array(4096), '6482d367eb22b64e'],
    ['4096 ones', new Uint8Array(4096).fill(0xff), 'c0ddba7302eca3ac'],
  ])('of %s is what it must be', (_, bytes, expected) => {
    expect(crcOf(bytes)).toBe(expected);
  });

  it('is the same however the bytes are cut, also over the strands of a large block', () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2_654_435_761) >>> 13);
    const expected = crcByBits(bytes);
    expect(crcOf(bytes)).toBe(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        expect(crcOf(...places.slice(1).map((end, i) => bytes.subarray(places[i], end)))).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('agrees with the definition on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expect(crcOf(bytes)).toBe(crcByBits(bytes))));
  });

  it('of several that grow at once is that of each', () => {
    const [one, other] = [crc64Nvme(), crc64Nvme()];
    for (const text of ['1234', '56789']) {
      one.update(Buffer.from(text));
      other.update(Buffer.from(text.repeat(2)));
    }
    expect([one.digest(), other.digest()]).toEqual(['ae8b14860a799888', crcByBits(Buffer.from('123412345678956789'))]);
  });
});
