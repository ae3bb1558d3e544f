import fc from 'fast-check';
import { isIPv4, isIPv6 } from 'node:net';
import { formatIpAddress, formatIpBytes, unmapIpv4 } from './addresses.ts';

const words = (text: string): number[] => {
  const bytes = Buffer.from(text.replaceAll(' ', ''), 'hex');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
};

describe('addresses', () => {
  it.each([
    ['7f000001', '127.0.0.1'],
    ['c0a80a01', '192.168.10.1'],
    ['00000000', '0.0.0.0'],
    ['ffffffff', '255.255.255.255'],
  ])('reads the word of IPv4 %s', (hex, text) => expect(formatIpAddress(words(hex), 2)).toBe(text));

  it.each([
    ['00000000 00000000 00000000 00000000', '::'],
    ['00000000 00000000 00000000 00000001', '::1'],
    ['20010db8 00000000 00000001 00000001', '2001:db8::1:0:1'],
    ['20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
    ['20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8 00010001 00010001 00010000', '2001:db8:1:1:1:1:1:0'],
    ['20010db8 00010000 00000000 00000000', '2001:db8:1::'],
    ['fe800000 00000000 6c5b0dff fe8e8e1e', 'fe80::6c5b:dff:fe8e:8e1e'],
    ['00000000 00000000 0000ffff 0a580005', '::ffff:10.88.0.5'],
  ])('reads the words of IPv6 %s by RFC 5952', (hex, text) => expect(formatIpAddress(words(hex), 10)).toBe(text));

  it('says nothing of words that are no address', () => {
    expect(formatIpAddress([], 2)).toBeUndefined();
    expect(formatIpAddress([1, 2, 3], 10)).toBeUndefined();
    expect(formatIpAddress([1], 1)).toBeUndefined();
    expect(formatIpBytes(new Uint8Array(6))).toBeUndefined();
  });

  it('takes an IPv4 address out of IPv6, and leaves others', () => {
    expect(unmapIpv4('::ffff:10.88.0.5')).toBe('10.88.0.5');
    expect(unmapIpv4('::1')).toBe('::1');
  });

  it('gives text that is the same address again, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(0xffff), (random, keep) => {
        const bytes = random.map((byte, i) => ((keep >> i) & 1) === 0 ? 0 : byte);
        const text = formatIpBytes(bytes) ?? '';
        expect(isIPv6(text)).toBe(true);
        expect(unmapIpv4(text) === text || isIPv4(unmapIpv4(text))).toBe(true);
        if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});
