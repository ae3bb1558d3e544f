import { at, DamageError, formatPlace, isDamageError } from './errors.ts';
import { formatGap, gapOf } from './gap.ts';
import { bytesToHex, formatBytes, hex } from './hex.ts';

describe('damage', () => {
  it('names its place in its message and keeps it apart from its reason', () => {
    const error = new DamageError('truncated', 'ends too early', { entry: 'a.tar', image: 'core-1.img', offset: 8 });
    expect(error).toMatchObject({ code: 'truncated', reason: 'ends too early', message: 'a.tar, core-1.img, offset 8: ends too early' });
    expect(isDamageError(error)).toBe(true);
  });

  it.each([
    [{}, ''],
    [{ offset: 0 }, 'offset 0: '],
    [{ entry: 'checkpoint/core-1.img', image: 'core-1.img' }, 'checkpoint/core-1.img: '],
  ])('in %j reads as %j', (place, text) => {
    expect(formatPlace(place)).toBe(text);
  });

  it('gets the place of whoever read it, and keeps its own', async () => {
    const step = (): never => {
      throw new DamageError('malformed', 'bad', { offset: 3 });
    };
    await expect(at({ image: 'mm-1.img', offset: 9 }, step)).rejects.toMatchObject({ code: 'malformed', reason: 'bad', place: { image: 'mm-1.img', offset: 3 } });
  });

  it('is not what other errors become', async () => {
    const other = new TypeError('a bug');
    await expect(at({ image: 'x' }, () => Promise.reject(other))).rejects.toBe(other);
    expect(() => gapOf('x', other)).toThrow(other);
    expect(isDamageError(new Error('x'))).toBe(false);
  });

  it('leaves a gap that says what is missing, where and why', () => {
    const gap = gapOf('process 7', new DamageError('limit', 'too many', { image: 'pstree.img', offset: 1 }));
    expect(gap).toEqual({ code: 'limit', subject: 'process 7', reason: 'too many', place: { image: 'pstree.img', offset: 1 } });
    expect(formatGap(gap)).toBe('process 7: pstree.img, offset 1: too many (limit)');
  });
});

describe('a number for a reader', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [2 ** 33, '8.0 GiB'],
    [2 ** 60, '1024.0 PiB'],
    [1n << 40n, '1.0 TiB'],
  ])('of %s bytes is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('in hex has its prefix, bytes have none', () => {
    expect(hex((1n << 64n) - 1n)).toBe('0xffffffffffffffff');
    expect(bytesToHex(Buffer.from('xAZx').subarray(1, 3))).toBe('415a');
  });
});
