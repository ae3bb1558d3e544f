import { addressKey, networkKeys } from './index.ts';

describe('an address as a key', () => {
  it.each([
    ['10.88.0.1', '00000000000000000000ffff0a580001'],
    ['255.255.255.255', '00000000000000000000ffffffffffff'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
    ['2001:DB8::8:800:200c:417a', '20010db80000000000080800200c417a'],
    ['::ffff:10.88.0.1', '00000000000000000000ffff0a580001'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each(['', '10.0.0', '10.0.0.256', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', 'g::1', '::ffff:10.0.0.300', 'example.com'])('is none for %p', (address) => {
    expect(addressKey(address)).toBeNull();
  });
});

describe('a network as a range of keys', () => {
  it.each([
    ['10.88.0.0/16', '10.88.255.255', true],
    ['10.88.0.0/16', '10.89.0.0', false],
    ['10.88.3.7/16', '10.88.0.0', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.1/32', '192.0.2.1', true],
    ['192.0.2.1/32', '192.0.2.2', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::', false],
    ['::/0', '10.0.0.1', true],
  ])('%s has %s: %s', (network, address, inside) => {
    const range = networkKeys(network);
    const key = addressKey(address) ?? '';
    expect(range !== undefined && range.first <= key && key <= range.last).toBe(inside);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.0/', 'x/8', '10.0.0.0/-1'])('is none for %p', (network) => {
    expect(networkKeys(network)).toBeUndefined();
  });
});
