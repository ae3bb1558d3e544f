import fc from 'fast-check';
import { compareStored } from './row-order.ts';
import type { Stored } from './stored-value.ts';

describe('the order of stored values', () => {
  it.each<[string, Stored[]]>([
    ['text by its UTF-8 bytes, NULL last', ['', 'A', 'a', 'a\u0000', 'aa', 'b', 'é', '\uffff', '\u{1f600}', null]],
    ['integers by size', [-5, 0, 3, 20, null]],
    ['64-bit integers by size', [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n, null]],
    ['numbers by size, NaN after infinity', [-Infinity, -1.5, 0, Infinity, Number.NaN, null]],
    ['false before true', [false, true, null]],
    ['lists part by part, the shorter first', [[], ['a'], ['a', 'b'], ['b'], null]],
    ['structs field by field', [[{ a: 1, b: 'x' }], [{ a: 1, b: 'y' }], [{ a: 2, b: 'a' }]]],
  ])('is %s', (_, sorted) => {
    expect([...sorted].reverse().sort(compareStored)).toEqual(sorted);
    sorted.forEach((value) => expect(compareStored(value, value)).toBe(0));
  });

  it('of text is that of its UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(Math.sign(compareStored(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
      { numRuns: 500 },
    );
  });
});
