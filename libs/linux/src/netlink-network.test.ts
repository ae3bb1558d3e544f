import { readFileSync } from 'node:fs';
import { type NetlinkRecords, decodeNetlinkDump, encodeNetlinkDump, netlinkMagic, type NetlinkMessage } from './netlink.ts';
import { decodeAddresses } from './netlink-addresses.ts';
import { decodeLinks } from './netlink-links.ts';
import { decodeRoutes } from './netlink-routes.ts';
import { decodeRules } from './netlink-rules.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** What the records say, without the bytes they were read from and without what is undefined. */
function told<T extends { readonly message: NetlinkMessage; readonly others: unknown }>(found: NetlinkRecords<T>): object[] {
  expect(found.gaps).toEqual([]);
  return found.records.map((record) =>
    Object.fromEntries(Object.entries(record).filter(([key, value]) => value !== undefined && key !== 'message' && key !== 'others')),
  );
}

const forever = { preferredSeconds: 'forever', validSeconds: 'forever' };

describe('addresses of a network namespace', () => {
  it('are those that ip addr showed in a container without a network', () => {
    expect(told(decodeAddresses(fixture('loopback-ifaddr.img')))).toEqual([
      {
        family: 'inet', interfaceIndex: 1, address: '127.0.0.1', prefixLength: 8, label: 'lo', scope: 'host',
        flags: ['IFA_F_PERMANENT'], ...forever,
      },
      {
        family: 'inet6', interfaceIndex: 1, address: '::1', prefixLength: 128, scope: 'host', protocol: 1,
        flags: ['IFA_F_PERMANENT'], ...forever,
      },
    ]);
  });

  it('have their peers, broadcasts, labels and flags', () => {
    const found = told(decodeAddresses(fixture('ifaddr.img')));
    expect(found).toHaveLength(7);
    expect(found).toEqual(
      expect.arrayContaining([
        {
          family: 'inet', interfaceIndex: 3, address: '10.88.0.5', prefixLength: 16, broadcast: '10.88.255.255',
          label: 'veth0:app', scope: 'global', flags: ['IFA_F_PERMANENT'], ...forever,
        },
        {
          family: 'inet', interfaceIndex: 2, address: '10.88.7.1', prefixLength: 32, peer: '10.99.0.2', label: 'veth1',
          scope: 'global', flags: ['IFA_F_PERMANENT'], ...forever,
        },
        {
          family: 'inet6', interfaceIndex: 3, address: 'fd00:1::5', prefixLength: 64, scope: 'global',
          flags: ['IFA_F_NODAD', 'IFA_F_PERMANENT'], ...forever,
        },
      ]),
    );
  });

  it('leave a gap for one message with a broken attribute, and the others are there', () => {
    const bytes = fixture('loopback-ifaddr.img');
    bytes[4 + 16 + 8] = 6;
    const { records, gaps } = decodeAddresses(bytes);
    expect(records).toHaveLength(1);
    expect(gaps).toEqual([expect.objectContaining({ code: 'malformed', subject: 'network address' })]);
  });
});

describe('routes of a network namespace', () => {
  const main = { family: 'inet', type: 'unicast', table: 'main', nextHops: [], flags: [] };

  it('are none in a container without a network', () => {
    expect(decodeRoutes(fixture('empty-route.img'))).toEqual({ records: [], gaps: [] });
  });

  it('are those that ip route showed', () => {
    expect(told(decodeRoutes(fixture('route.img')))).toEqual([
      { ...main, destination: 'default', gateway: '10.88.0.1', interfaceIndex: 3, protocol: 'static', scope: 'global' },
      { ...main, destination: '10.88.0.0/16', interfaceIndex: 3, protocol: 'kernel', scope: 'link', preferredSource: '10.88.0.5' },
      { ...main, destination: '10.99.0.2/32', interfaceIndex: 2, protocol: 'kernel', scope: 'link', preferredSource: '10.88.7.1' },
      {
        ...main, destination: '172.16.0.0/12', gateway: '10.88.0.9', interfaceIndex: 3, protocol: 'boot', scope: 'global',
        metric: 100, preferredSource: '10.88.0.5',
      },
      { ...main, type: 'blackhole', destination: '192.0.2.0/24', protocol: 'boot', scope: 'global' },
      {
        ...main, destination: '198.51.100.0/24', protocol: 'boot', scope: 'global',
        nextHops: [
          { gateway: '10.88.0.1', interfaceIndex: 3, weight: 2, flags: [] },
          { gateway: '10.88.0.2', interfaceIndex: 3, weight: 1, flags: [] },
        ],
      },
    ]);
  });

  it('are those of IPv6 too', () => {
    expect(told(decodeRoutes(fixture('route6.img')))).toContainEqual({
      ...main, family: 'inet6', destination: 'default', gateway: 'fd00:1::1', interfaceIndex: 3, protocol: 'boot',
      scope: 'global', metric: 1024,
    });
  });

  it('have the table they are in, and the size of packets', () => {
    const all = told(decodeRoutes(fixture('route-all.img')));
    expect(all).toContainEqual(expect.objectContaining({ destination: '203.0.113.0/24', table: '100', mtu: 1400 }));
    expect(all).toContainEqual(expect.objectContaining({ destination: '127.0.0.1/32', table: 'local', type: 'local' }));
  });

  it('are a gap where a prefix has bits and no address', () => {
    const dump = decodeNetlinkDump(fixture('route.img'), netlinkMagic.route);
    const bytes = encodeNetlinkDump(dump);
    bytes[4 + 16 + 1] = 9;
    const { records, gaps } = decodeRoutes(bytes);
    expect(records).toHaveLength(5);
    expect(gaps).toEqual([expect.objectContaining({ reason: 'prefix of 9 bits without an address', place: { offset: 4 } })]);
  });
});

describe('routing rules of a network namespace', () => {
  const lookup = { family: 'inet', action: 'table', flags: [] };

  it('are the kernel’s own where nobody made any', () => {
    expect(told(decodeRules(fixture('default-rule.img')))).toEqual([
      { ...lookup, priority: 0, table: 'local', protocol: 'kernel' },
      { ...lookup, priority: 32766, table: 'main', protocol: 'kernel' },
      { ...lookup, priority: 32767, table: 'default', protocol: 'kernel' },
    ]);
  });

  it('have their selectors and actions', () => {
    expect(told(decodeRules(fixture('rule.img'))).slice(1, 3)).toEqual([
      { ...lookup, priority: 1000, table: '100', source: '10.88.0.5/32', mark: '0x10/0xff', protocol: 'unspec' },
      {
        family: 'inet', action: 'unreachable', flags: [], priority: 1001, destination: '192.0.2.0/24', inputInterface: 'veth0',
        protocol: 'unspec',
      },
    ]);
  });
});

describe('interfaces of a network namespace', () => {
  it('have their kind, hardware address, peer and bridge', () => {
    const links = told(decodeLinks(decodeNetlinkDump(fixture('links.img'))));
    const byName = (name: string) => links.find((link) => 'name' in link && link.name === name);
    expect(byName('lo')).toMatchObject({ index: 1, hardware: 'loopback', mtu: 65536, flags: expect.arrayContaining(['IFF_UP', 'IFF_LOOPBACK']) });
    const bridge = byName('br0');
    expect(bridge).toMatchObject({ kind: 'bridge', hardware: 'ether', hardwareAddress: '02:42:0a:58:00:07' });
    expect(byName('eth0')).toMatchObject({ kind: 'veth', hardwareAddress: '02:42:0a:58:00:05', mtu: 1450, operationalState: 'up' });
    expect(byName('veth1')).toMatchObject({ kind: 'veth', master: bridge !== undefined && 'index' in bridge ? bridge.index : -1 });
  });
});
