import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hashBlockBytes, resumeSha256 } from './resumable-sha256.ts';

const reference = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a hash that is put down and taken up', () => {
  it('is SHA-256, wherever it was put down', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), fc.array(fc.nat({ max: 15 }), { maxLength: 5 }), (bytes, cuts) => {
        let state: string | undefined;
        let done = 0;
        for (const blocks of cuts) {
          const end = Math.min(Math.floor(bytes.length / hashBlockBytes) * hashBlockBytes, done + blocks * hashBlockBytes);
          const hash = resumeSha256(state);
          hash.update(bytes.subarray(done, end));
          state = hash.state();
          done = end;
        }
        expect(resumeSha256(state).digest(bytes.subarray(done), bytes.length)).toBe(reference(bytes));
      }),
    );
  });

  it('counts more bytes than fit in 32 bits', () => {
    // The digest of the empty rest after a state differs by the count alone: a count that wraps would give the same.
    const [small, large] = [0, 2 ** 32].map((total) => resumeSha256().digest(new Uint8Array(0), total));
    expect(small).toBe(reference(new Uint8Array(0)));
    expect(large).not.toBe(small);
  });

  it('refuses half a block', () => {
    expect(() => resumeSha256().update(new Uint8Array(63))).toThrow(RangeError);
  });
});
