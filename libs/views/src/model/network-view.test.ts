import { scopeOf } from './network-view.ts';

describe('an address', () => {
  it.each([
    ['127.0.0.1', 'loopback'], ['::1', 'loopback'], ['10.88.0.1', 'private'], ['172.31.0.1', 'private'], ['172.32.0.1', 'internet'], ['192.168.1.1', 'private'], ['100.64.0.1', 'private'],
    ['169.254.169.254', 'link_local'], ['fe80::1', 'link_local'], ['fd00::1', 'private'], ['224.0.0.1', 'multicast'], ['ff02::1', 'multicast'], ['198.51.100.7', 'documentation'], ['2001:db8::1', 'documentation'],
    ['8.8.8.8', 'internet'], ['2606:4700::1111', 'internet'],
  ])('%s is %s', (address, scope) => expect(scopeOf(address)).toBe(scope));
});
