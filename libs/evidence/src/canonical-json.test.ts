import fc from 'fast-check';
import { canonicalJson, crc64Nvme, type JsonValue } from './index.ts';

describe('canonical JSON', () => {
  it.each([
    // RFC 8785, section 3.2.2 and 3.2.3.
    [{ numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', literals: [null, true, false] },
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'],
    [{ '\u20ac': 'Euro Sign', '\r': 'Carriage Return', '\ufb33': 'Hebrew Letter Dalet With Dagesh', 1: 'One', '\ud83d\ude00': 'Emoji: Grinning Face', '\u0080': 'Control', '\u00f6': 'Latin Small Letter O With Diaeresis' },
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'],
    [[56, { d: true, 10: null, 1: [] }], '[56,{"1":[],"10":null,"d":true}]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
  ])('writes %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  // RFC 8785, appendix B: bit patterns and how they are written.
  it.each([
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'], ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'], ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'], ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
  ])('writes the double %s as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [{ '\udc00': 1 }]])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('means the same, and is the same whatever order members came in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const given: JsonValue = JSON.parse(JSON.stringify(value));
        const text = canonicalJson(given);
        expect(JSON.parse(text)).toEqual(given);
        expect(canonicalJson(reversed(given))).toBe(text);
      }),
    );
  });
});

function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, each]) => [name, each === undefined ? each : reversed(each)]));
}

describe('CRC-64/NVME', () => {
  it('is what the specification gives, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        const [whole, cuts] = [crc64Nvme(), crc64Nvme()];
        whole.update(bytes);
        cuts.update(bytes.subarray(0, cut));
        cuts.update(bytes.subarray(cut));
        expect(cuts.digest()).toBe(whole.digest());
      }),
    );
    const zeros = crc64Nvme();
    // NVM Command Set specification, figure of test cases: 4 KiB of zeros.
    zeros.update(new Uint8Array(4096));
    expect(zeros.digest()).toBe('6482d367eb22b64e');
  });
});
