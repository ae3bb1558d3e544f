import fc from 'fast-check';
import type { JsonValue } from './column.ts';
import { jsonText, maxJsonDepth } from './json-text.ts';

describe('JSON in a column', () => {
  it.each<[JsonValue, string]>([
    [{ b: 1, a: [true, null, 'x"y'] }, '{"a":[true,null,"x\\"y"],"b":1}'],
    [2n ** 64n - 1n, '18446744073709551615'],
    [[Number.NaN, -Infinity, -0, 1.5], '["NaN","-Infinity",0,1.5]'],
    [[], '[]'],
    [{}, '{}'],
  ])('%j is written as %s', (value, text) => {
    expect(jsonText(value)).toBe(text);
  });

  it('keeps a key that names the prototype', () => {
    const value: JsonValue = JSON.parse('{"__proto__":{"a":1}}');
    expect(jsonText(value)).toBe('{"__proto__":{"a":1}}');
  });

  it('can be parsed again, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const parsed: JsonValue = JSON.parse(JSON.stringify(value));
        const written = jsonText(parsed);
        expect(JSON.parse(written)).toEqual(parsed);
        expect(jsonText(reversed(parsed))).toBe(written);
      }),
    );
  });

  it('is refused where it is nested too deep', () => {
    const nested = (depth: number): JsonValue => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(jsonText(nested(maxJsonDepth))).toHaveLength(2 * maxJsonDepth);
    expect(() => jsonText(nested(maxJsonDepth + 1))).toThrow(expect.objectContaining({ code: 'limit' }));
    expect(() => jsonText(nested(100_000))).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});

function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
