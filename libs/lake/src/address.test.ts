import { addressHex, addressValues, firstMoment, lastMoment, momentOrNull, nullableAddressValues, signedOrNull } from './index.ts';

describe('an address in two columns', () => {
  it.each([
    [0n, '0000000000000000', 0n],
    [0x7ffe_dead_beefn, '00007ffedeadbeef', 0x7ffe_dead_beefn],
    [2n ** 63n - 1n, '7fffffffffffffff', 2n ** 63n - 1n],
    [2n ** 63n, '8000000000000000', null],
    [0xffff_ffff_ff60_0000n, 'ffffffffff600000', null],
    [2n ** 64n - 1n, 'ffffffffffffffff', null],
  ])('%d is %s, and a number where a signed one can hold it', (value, start_hex, start) => {
    expect(addressValues('start', value)).toEqual({ start_hex, start });
    expect(nullableAddressValues('start', value)).toEqual({ start_hex, start });
  });

  it('is NULL in both columns where it is not known', () => {
    expect(nullableAddressValues('start', null)).toEqual({ start_hex: null, start: null });
  });

  it.each([-1n, 2n ** 64n])('refuses %d, which is no unsigned 64-bit number', (value) => {
    expect(() => addressHex(value)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  });

  it('keeps signed numbers of 64 bits and gives up others', () => {
    expect([-(2n ** 63n), 2n ** 63n - 1n].map(signedOrNull)).toEqual([-(2n ** 63n), 2n ** 63n - 1n]);
    expect([-(2n ** 63n) - 1n, 2n ** 63n].map(signedOrNull)).toEqual([null, null]);
  });
});

describe('a moment from evidence', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000Z'],
    [1_740_000_000_123.9, '2025-02-19T21:20:00.123Z'],
    [-0.5, '1969-12-31T23:59:59.999Z'],
    [firstMoment, '0001-01-01T00:00:00.000Z'],
    [BigInt(lastMoment), '9999-12-31T23:59:59.999Z'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(momentOrNull(milliseconds)?.toISOString()).toBe(text);
  });

  it.each([firstMoment - 1, lastMoment + 1, Number.NaN, Infinity, 2n ** 63n - 1n, -(2n ** 63n)])('%d ms is outside what can be stored', (milliseconds) => {
    expect(momentOrNull(milliseconds)).toBeNull();
  });
});
