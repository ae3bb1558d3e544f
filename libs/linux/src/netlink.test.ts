import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeConntrack, decodeExpectations } from './conntrack.ts';
import { decodeNetlinkDump, encodeNetlinkDump, maxNetlinkMessageCount, netlinkMagic } from './netlink.ts';
import { decodeAddresses } from './netlink-addresses.ts';
import { decodeAttributes } from './netlink-attributes.ts';
import { decodeLinks } from './netlink-links.ts';
import { decodeRoutes } from './netlink-routes.ts';
import { decodeRules } from './netlink-rules.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

const { address, route, rule } = netlinkMagic;
const dumps: [string, number | undefined][] = [
  ['loopback-ifaddr.img', address],
  ['ifaddr.img', address],
  ['empty-route.img', route],
  ['route.img', route],
  ['route-all.img', route],
  ['route6.img', route],
  ['default-rule.img', rule],
  ['rule.img', rule],
  ['links.img', undefined],
  ['netns-ct.img', undefined],
];

const decoders = [
  decodeAddresses,
  decodeRoutes,
  decodeRules,
  decodeConntrack,
  decodeExpectations,
  (bytes: Uint8Array) => decodeLinks(decodeNetlinkDump(bytes)),
];

describe('a netlink dump', () => {
  it.each(dumps)('comes back byte for byte: %s', (name, magic) => {
    const bytes = fixture(name);
    const dump = decodeNetlinkDump(bytes, magic);
    expect(dump.gaps).toEqual([]);
    expect(encodeNetlinkDump(dump)).toEqual(bytes);
  });

  it('keeps the header and the place of every message', () => {
    const [first, second] = decodeNetlinkDump(fixture('loopback-ifaddr.img'), address).messages;
    expect(first).toMatchObject({ offset: 4, type: 20, flags: 2 });
    expect(first?.payload).toHaveLength(0x4c - 16);
    expect(second).toMatchObject({ offset: 4 + 0x4c, type: 20, seq: first?.seq, pid: first?.pid });
  });

  it('gives the messages before the place where it is cut off, and a gap that names the place', () => {
    const bytes = fixture('ifaddr.img');
    const whole = decodeNetlinkDump(bytes, address).messages;
    for (let length = 5; length < bytes.length; length++) {
      const { messages, gaps } = decodeNetlinkDump(bytes.subarray(0, length), address);
      const complete = whole.filter((message) => message.offset + 16 + message.payload.length <= length);
      expect(messages).toHaveLength(complete.length);
      const end = complete.reduce((_, message) => message.offset + 16 + message.payload.length, 4);
      expect(gaps.map(({ code, place }) => ({ code, ...place }))).toEqual(end === length ? [] : [{ code: 'truncated', offset: end }]);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0), 'truncated'],
    ['another magic number', fixture('route.img'), 'malformed'],
    ['a message shorter than its header', Uint8Array.of(0x22, 0x12, 0x36, 0x47, ...new Uint8Array(16)), 'malformed'],
  ])('has a gap for %s', (_, bytes, code) => {
    const { messages, gaps } = decodeNetlinkDump(bytes, address);
    expect(messages).toEqual([]);
    expect(gaps).toEqual([expect.objectContaining({ code })]);
  });

  it('is empty where a bare stream has no bytes', () => {
    expect(decodeNetlinkDump(new Uint8Array(0))).toEqual({ messages: [], gaps: [] });
  });

  it('stops at the greatest count of messages', () => {
    const bytes = new Uint8Array((maxNetlinkMessageCount + 1) * 16);
    for (let at = 0; at < bytes.length; at += 16) bytes[at] = 16;
    const { messages, gaps } = decodeNetlinkDump(bytes);
    expect(messages).toHaveLength(maxNetlinkMessageCount);
    expect(gaps).toEqual([expect.objectContaining({ code: 'limit', place: { offset: maxNetlinkMessageCount * 16 } })]);
  });

  it('passes over control messages and leaves a gap for messages of another kind', () => {
    const { messages } = decodeNetlinkDump(fixture('route.img'), route);
    const first = messages[0];
    const done = { offset: 0, type: 3, flags: 2, seq: 0, pid: 0, payload: new Uint8Array(4), padding: new Uint8Array(0) };
    const bytes = encodeNetlinkDump({ magic: address, messages: [done, ...(first === undefined ? [] : [first])] });
    expect(decodeAddresses(bytes)).toEqual({
      records: [],
      gaps: [{ code: 'unsupported', subject: 'network address', reason: 'message type 24', place: { offset: 24 } }],
    });
  });
});

describe('attributes', () => {
  it('keep their flag, their bytes and their place', () => {
    expect(decodeAttributes(Uint8Array.of(5, 0, 2, 0x80, 7, 0, 0, 0, 4, 0, 1, 0), 100)).toEqual([
      { type: 2, nested: true, offset: 100, bytes: Uint8Array.of(7) },
      { type: 1, nested: false, offset: 108, bytes: new Uint8Array(0) },
    ]);
  });

  it.each([
    ['shorter than their header', [3, 0, 1, 0], 50],
    ['longer than what holds them', [4, 0, 1, 0, 9, 0, 1, 0], 54],
  ])('are damage where they are %s', (_, bytes, offset) => {
    expect(() => decodeAttributes(Uint8Array.from(bytes), 50)).toThrow(
      expect.objectContaining({ code: 'malformed', place: { offset } }),
    );
  });
});

describe('bytes that are no netlink dump', () => {
  const wrong = fc.uint8Array({ maxLength: 512 });

  it('leave gaps and never another error', () => {
    fc.assert(
      fc.property(wrong, fc.constantFrom(undefined, address, route, rule), (random, magic) => {
        const input = new Uint8Array([...encodeNetlinkDump({ magic, messages: [] }), ...random]);
        for (const decode of decoders) expect(decode(input)).toHaveProperty('gaps');
      }),
    );
  });

  it('leave gaps and never another error where real dumps have wrong bytes', () => {
    const edits = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...dumps), edits, ([name], changes) => {
        const bytes = fixture(name);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        for (const decode of decoders) expect(decode(bytes)).toHaveProperty('gaps');
      }),
      { numRuns: 400 },
    );
  });

  it('give back every whole message that they hold', () => {
    const message = fc.record({
      type: fc.nat(0xffff),
      flags: fc.nat(0xffff),
      seq: fc.nat(0xffff_ffff),
      pid: fc.nat(0xffff_ffff),
      payload: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 10 }), (made) => {
        const messages = made.map((one) => ({ ...one, offset: 0, padding: new Uint8Array(-one.payload.length & 3) }));
        const bytes = encodeNetlinkDump({ messages });
        const dump = decodeNetlinkDump(bytes);
        expect(dump.messages.map((one) => ({ ...one, offset: 0 }))).toEqual(messages);
        expect(encodeNetlinkDump(dump)).toEqual(bytes);
      }),
    );
  });
});
