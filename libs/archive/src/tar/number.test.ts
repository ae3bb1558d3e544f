import { parseDecimal, parseNumber, parseOctal } from './number.ts';

const field = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('numbers of a header', () => {
  it.each([
    ['0000644\0', 0o644],
    ['   644 \0', 0o644],
    ['77777777777\0', 2 ** 33 - 1],
    ['777777777777', 2 ** 36 - 1],
    ['\0\0\0\0', 0],
    ['        ', 0],
    ['644\0junk', 0o644],
    ['68\0', undefined],
    ['-1\0', undefined],
  ])('%j is octal for %s', (text, value) => {
    expect(parseOctal(field(text))).toBe(value);
  });

  it.each([
    ['\x80\0\0\0\0\0\0\0\0\0\x01\0', 256],
    ['\x80\0\0\0\0\0\0\x20\0\0\0\0', 2 ** 37],
    ['\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', -1],
    ['\xff\xff\xff\xff\xff\xff\xff\xfe', -2],
    ['\x80\0\0\0\0\x20\0\0\0\0\0\0', undefined],
    ['\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff', undefined],
  ])('%j is base 256 for %s', (text, value) => {
    expect(parseNumber(field(text))).toBe(value);
  });

  it.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['99999999999999999', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
    ['0x10', undefined],
  ])('%j is decimal for %s', (text, value) => {
    expect(parseDecimal(text)).toBe(value);
  });
});
