import { readFileSync } from 'node:fs';
import { decodeConntrack, decodeExpectations } from './conntrack.ts';
import { encodeNetlinkDump } from './netlink.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** One attribute with its padding. */
function attribute(type: number, ...content: (number | number[])[]): number[] {
  const bytes = content.flat();
  const length = bytes.length + 4;
  return [length & 0xff, length >> 8, type & 0xff, type >> 8, ...bytes, ...new Uint8Array(-length & 3)];
}

const nested = 0x8000;
const addresses = (source: number[], destination: number[]): number[] =>
  attribute(1 | nested, attribute(1, source), attribute(2, destination));
const ports = (source: number, destination: number): number[] =>
  attribute(2 | nested, attribute(1, 6), attribute(2, source >> 8, source & 0xff), attribute(3, destination >> 8, destination & 0xff));

describe('tracked connections', () => {
  const { records, gaps } = decodeConntrack(fixture('netns-ct.img'));
  const to = (destination: string) => records.find(({ original }) => original.destination === destination);

  it('are all read', () => {
    expect(gaps).toEqual([]);
    expect(records).toHaveLength(4);
  });

  it('have both directions, state, timeout and mark', () => {
    expect(to('203.0.113.9')).toMatchObject({
      family: 'inet',
      original: { source: '10.88.0.5', destination: '203.0.113.9', protocol: 6, sourcePort: 40112, destinationPort: 443 },
      reply: { source: '203.0.113.9', destination: '10.88.0.5', protocol: 6, sourcePort: 443, destinationPort: 40112 },
      status: ['IPS_SEEN_REPLY', 'IPS_ASSURED', 'IPS_CONFIRMED'],
      tcpState: 'ESTABLISHED',
      timeoutSeconds: 432000,
      mark: 0xc0de,
    });
  });

  it('show who answers in truth where the address is translated', () => {
    const entry = to('198.51.100.7');
    expect(entry?.reply).toMatchObject({ source: '10.96.0.10', sourcePort: 5353, destination: '10.88.0.5', destinationPort: 53001 });
    expect(entry?.tcpState).toBeUndefined();
  });

  it('are those of IPv6 and of ICMP too', () => {
    expect(to('fd00:1::9')).toMatchObject({ family: 'inet6', tcpState: 'TIME_WAIT', original: { source: 'fd00:1::5', sourcePort: 5000 } });
    expect(to('10.88.0.1')?.original.icmp).toEqual({ id: 77, type: 8, code: 0 });
    expect(to('10.88.0.1')?.original.sourcePort).toBeUndefined();
  });

  it('leave a gap for a connection that says nothing of who talks to whom', () => {
    const payload = Uint8Array.of(2, 0, 0, 0, ...attribute(7, 0, 0, 0, 60));
    const message = { offset: 0, type: 0x100, flags: 2, seq: 0, pid: 0, payload, padding: new Uint8Array(0) };
    expect(decodeConntrack(encodeNetlinkDump({ messages: [message] })).gaps).toEqual([
      { code: 'malformed', subject: 'tracked connection', reason: 'no tuple in attribute 1', place: { offset: 0 } },
    ]);
  });
});

describe('expected connections', () => {
  it('have the connection that announced them, and their helper', () => {
    const payload = Uint8Array.of(
      2, 0, 0, 0,
      ...attribute(1 | nested, addresses([10, 88, 0, 5], [203, 0, 113, 9]), ports(40112, 21)),
      ...attribute(2 | nested, addresses([203, 0, 113, 9], [10, 88, 0, 5]), ports(0, 2021)),
      ...attribute(3 | nested, addresses([255, 255, 255, 255], [255, 255, 255, 255]), ports(0, 65535)),
      ...attribute(4, 0, 0, 1, 44),
      ...attribute(6, [...Buffer.from('ftp\0')]),
      ...attribute(99, 1),
    );
    const message = { offset: 0, type: 0x200, flags: 2, seq: 0, pid: 0, payload, padding: new Uint8Array(0) };
    const { records, gaps } = decodeExpectations(encodeNetlinkDump({ messages: [message] }));
    expect(gaps).toEqual([]);
    expect(records[0]).toMatchObject({
      family: 'inet',
      master: { source: '10.88.0.5', destination: '203.0.113.9', protocol: 6, destinationPort: 21 },
      tuple: { source: '203.0.113.9', destinationPort: 2021 },
      mask: { source: '255.255.255.255', destinationPort: 65535 },
      timeoutSeconds: 300,
      helper: 'ftp',
      others: [{ type: 99, bytes: Uint8Array.of(1) }],
    });
  });
});
