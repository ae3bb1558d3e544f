import fc from 'fast-check';
import { crc64Nvme } from '@icecore/evidence';
import { combineCrc64 } from './index.ts';

const crcOf = (bytes: Uint8Array): string => {
  const crc = crc64Nvme();
  crc.update(bytes);
  return crc.digest();
};

describe('the checksum of two runs', () => {
  it('is that of both, one after the other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        expect(combineCrc64(crcOf(first), crcOf(second), second.length)).toBe(crcOf(Buffer.concat([first, second])));
      }),
    );
  });

  it('begins with the checksum of nothing', () => {
    expect(combineCrc64('0000000000000000', 'ae8b14860a799888', 9)).toBe('ae8b14860a799888');
  });
});
